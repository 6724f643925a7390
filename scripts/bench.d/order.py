"""Which sync comes first: an account that somebody reads while others' history is read, and many first syncs at once."""

import http.client
import time

LATENCY = 80
REPEATS = 5
# Seconds that Facebook takes to make a report, and days of history: far more than is read while this is measured.
REPORT = 20
BACKFILL = {"INSIGHTS_HISTORY_DAYS": "400"}

READ = "2000"
BACKFILLS = ["2001", "2002", "2003", "2004"]
SMALL = [str(number) for number in range(3001, 3061)]
SHAPES = {READ: (5, 20, 100)} | dict.fromkeys(BACKFILLS, (20, 100, 1_000)) | dict.fromkeys(SMALL, (2, 5, 20))


def order(stack, report):
    first_syncs(stack, report)
    stale_read(stack, report)


def first_syncs(stack, report):
    """`admirror sync` of sixty accounts that were never synced."""
    stack.simulator.freeze(LATENCY)
    stack.simulator.order(fault="report_slow", value=REPORT)
    stack.admirror("account", "discover", "--add", "--manager", "admin@localhost.localdomain", stdin=stack.graph_token)
    for account in {line[0] for line in stack.sql("SELECT facebook_account_id FROM ad_accounts")} - set(SMALL):
        stack.admirror("account", "remove", account, "--yes")
    stack.admirror("sync", "--wait")
    rows = stack.sql(
        "SELECT count(*), extract(epoch FROM max(started_at) - min(requested_at)),"
        " extract(epoch FROM max(finished_at) - min(requested_at)) FROM sync_runs WHERE outcome = 'done'"
        " AND ad_account_id IN (SELECT id FROM ad_accounts WHERE metrics_until IS NOT NULL)"
    )
    count, begun, ended = int(rows[0][0]), float(rows[0][1]), float(rows[0][2])
    assert count == len(SMALL), rows
    before = stack.value("SELECT count(*) FROM insights_days WHERE read_at IS NOT NULL AND read_at < "
                         "(SELECT max(finished_at) FROM sync_runs)")
    report.add("order", f"{count} small accounts, {LATENCY} ms a call: the last first sync begins", begun, "s",
               note="119 s when each child read its account's older days before the next account.")
    report.add("order", "the same: all have objects and totals", ended, "s",
               note=f"{before} account days of ads were read before that, by children with no run left to claim.")
    stack.end_children()


def stale_read(stack, report):
    """A read of stale data while the history of four accounts is under way."""
    stack.admirror("account", "discover", "--add", "--manager", "admin@localhost.localdomain", stdin=stack.graph_token)
    stack.admirror("sync", "--account", READ, "--wait")
    for account in BACKFILLS:
        stack.admirror("sync", "--account", account, "--wait", **BACKFILL)
    deadline = time.monotonic() + 120
    while int(stack.value("SELECT count(DISTINCT ad_account_id) FROM report_runs WHERE list = 'history'")) < len(BACKFILLS):
        assert time.monotonic() < deadline, "the history of four accounts is not under way"
        time.sleep(0.1)
    waits = []
    for number in range(REPEATS):
        stack.sql(f"UPDATE ad_accounts SET last_synced_at = now() - interval '1 hour' WHERE facebook_account_id = '{READ}'")
        began = float(stack.value("SELECT extract(epoch FROM clock_timestamp())"))
        read(stack, f"/api/campaigns?adAccountId=act_{READ}&q=round{number}")
        waits.append(begins(stack, began) - began)
        finish(stack)
    report.add("order", "stale account read during four backfills: its sync begins after", max(waits), "s", most=1,
               note=f"The slowest of {REPEATS}: {' '.join(f'{seconds:.2f}' for seconds in sorted(waits))} s. 93.9 s when"
               " backfills held all places.")
    orders = stack.simulator.counts().get("POST act/insights", 0)
    reports = int(stack.value("SELECT coalesce(sum(orders), 0) FROM report_runs WHERE list = 'history'"))
    report.add("order", "reports ordered meanwhile; of those, not read yet", f"{orders}; {reports}")
    stack.end_children()


def read(stack, target):
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=60)
    connection.request("GET", target, headers={"Authorization": "Bearer " + stack.access_token})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200, answer.status


def run_of(stack, column, condition):
    rows = stack.sql(
        f"SELECT extract(epoch FROM r.{column}) FROM sync_runs r JOIN ad_accounts a ON a.id = r.ad_account_id"
        f" WHERE a.facebook_account_id = '{READ}' AND {condition} ORDER BY r.requested_at DESC LIMIT 1"
    )
    return float(rows[0][0]) if rows and rows[0][0] else None


def begins(stack, moment):
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        started = run_of(stack, "started_at", f"r.requested_at > to_timestamp({moment})")
        if started:
            return started
        time.sleep(0.02)
    raise RuntimeError("the sync does not begin")


def finish(stack):
    deadline = time.monotonic() + 60
    while run_of(stack, "requested_at", "r.finished_at IS NULL"):
        assert time.monotonic() < deadline, "the sync does not end"
        time.sleep(0.05)
