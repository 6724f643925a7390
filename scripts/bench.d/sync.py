"""scripts/bench sync: one function for each figure.

    sync.py --simulator-options [FIGURE…]   what the stack's simulator has to be started with
    sync.py RESULT.json [FIGURE…]           measures, prints the table, writes it
"""

import math
import statistics
import sys
import tempfile
import time

import command
import order as orders
from kills import any_status, kills
from stack import Stack

# Facebook's ids of the accounts, one for each figure that needs its own account, with their campaigns, ad sets and ads.
MEDIUM, SCALE, LARGE, KILLED = "1001", "1002", "1003", "1004"
SHAPES = {MEDIUM: (50, 500, 5_000), SCALE: (50, 500, 5_000), LARGE: (500, 5_000, 100_000), KILLED: (50, 500, 5_000)}

# Rows on a page that we ask for: of objects, and of insights.
OBJECTS_PAGE, INSIGHTS_PAGE = 500, 1000
LATENCY = 80
# Data is stale after a second.
RECENT_ONLY = {"SYNC_INTERVAL_SECONDS": "1"}
REPEATS = 5

# Lists of objects: the edge's name in the simulator's counts, in sync_runs.phases, and the table.
EDGES = [("campaigns", "campaigns", "campaigns"), ("adsets", "ad_sets", "ad_groups"), ("ads", "ads", "creatives")]
TOTALS = ["campaign_totals", "ad_set_totals", "ad_totals"]


def median(values):
    return statistics.median(list(values))


def pages(rows, size):
    return max(1, math.ceil(rows / size))


def first(stack, report):
    """A first sync of 5,000 ads, 80 ms a call, and one that finds nothing new."""
    times, listing_times = [], []
    for _ in range(REPEATS):
        stack.empty(MEDIUM)
        stack.simulator.freeze(LATENCY)
        with stack.statements() as log:
            stack.admirror("sync", "--account", MEDIUM, "--wait", **RECENT_ONLY)
        stack.end_children()
        run = stack.last_run(MEDIUM)
        counts = stack.simulator.counts()
        times.append(log.commit()[-1].ended - run["started"])
        listing_times.append(listing_seconds(log, run))
    for (edge, phase, _), rows in zip(EDGES, SHAPES[MEDIUM]):
        bar = pages(rows, OBJECTS_PAGE)
        assert run["rows"][phase] == rows, run
        report.add("first", f"calls that list {rows:,} {edge}", counts[f"GET act/{edge}"], "calls", most=bar)

    chain, longest = longest_chain(run)
    report.add(
        "first", f"objects and totals, {LATENCY} ms a call", median(times), "s", most=1.3 * chain * LATENCY / 1000,
        note=f"From sync_runs.started_at to the end of the commit in PostgreSQL's log, median of {REPEATS}: {spread(times)}."
        f" The bar is 1.3 x {chain} calls x {LATENCY} ms: the longest chain of calls of which each needs the answer of"
        f" the one before ({longest}).",
    )
    commit = log.commit()
    report.add("first", "of that, the last one's commit", commit[-1].ended - commit[0].began, "s",
               note=statement_times(commit))

    stack.skip_older_days(MEDIUM)
    stack.admirror("sync", "--account", MEDIUM, "--force", "--wait")  # the days of ads that a first sync leaves for later
    stack.end_children()
    stack.simulator.freeze(LATENCY)
    time.sleep(1.1)
    stack.admirror("sync", "--account", MEDIUM, "--wait", **RECENT_ONLY)
    run = stack.last_run(MEDIUM)
    assert run["rows_changed"] == 0, run
    report.add("first", "unchanged sync, not forced", sum(stack.simulator.counts().values()), "calls", most=8)
    report.add("first", "unchanged sync, not forced", run["finished"] - run["started"], "s")
    return {"calls": sum(counts[f"GET act/{edge}"] for edge, _, _ in EDGES), "seconds": median(listing_times)}


def longest_chain(run):
    """The most calls of a run's one list after the other, up to its commit, and how that was reckoned.

    All lists are read at the same time, page after page; those of results begin when it is known what the account had on
    each day, which is one call.
    """
    rows = run["rows"]
    chains = {phase: pages(rows[phase], OBJECTS_PAGE) for _, phase, _ in EDGES}
    chains |= {phase: 1 + pages(rows[phase], INSIGHTS_PAGE) for phase in TOTALS}
    return max(chains.values()), ", ".join(f"{phase} {calls}" for phase, calls in chains.items())


def listing_seconds(log, run):
    """Until all pages of campaigns, ad sets and ads were stored."""
    copies = log.containing("COPY staged_campaigns") + log.containing("COPY staged_ad")
    return max(copy.ended for copy in copies) - run["started"]


def naive(stack, report, ours=None):
    """The listings as a client reads them that asks each campaign for its ad sets, and each ad set for its ads."""
    simulator = stack.simulator
    simulator.freeze(LATENCY)
    simulator.calls = 0
    seen = {"campaigns": 0, "adsets": 0, "ads": 0}
    began = time.monotonic()

    def children(path, edge):
        filtering = any_status(edge.removesuffix("s"))
        for row in simulator.rows(f"{path}/{edge}", 100, fields="id,name,status,effective_status", filtering=filtering):
            seen[edge] += 1
            yield row["id"]

    for campaign in list(children("act_" + MEDIUM, "campaigns")):
        for ad_set in list(children(campaign, "adsets")):
            for _ in children(ad_set, "ads"):
                pass
    seconds = time.monotonic() - began
    report.add("naive", f"a call for each campaign and ad set, {seen['ads']:,} ads", simulator.calls, "calls")
    report.add("naive", f"the same, {LATENCY} ms a call", seconds, "s")
    if ours:
        report.add("naive", "AdMirror's calls for the same lists", ours["calls"], "calls")
        report.add("naive", "AdMirror's time for the same lists", ours["seconds"], "s",
                   note="Median of the first syncs above, up to the moment when the last page of objects is stored;"
                   " results are read at the same time.")
        report.add("naive", "naive calls / AdMirror's", simulator.calls / ours["calls"], "x")
        report.add("naive", "naive time / AdMirror's", seconds / ours["seconds"], "x")


def scale(stack, report):
    """The same account, 50 ms a call, next to what others quote."""
    stack.empty(SCALE)
    stack.simulator.freeze(50)
    with stack.statements() as log:
        memory = stack.sync_child(SCALE)
    run = stack.last_run(SCALE)
    counts = stack.simulator.counts()
    committed = log.commit()[-1].ended
    objects = sum(counts[f"GET act/{edge}"] for edge, _, _ in EDGES)
    # The account, its days, and the pages of totals.
    until_commit = 2 + objects + sum(pages(run["rows"][phase], INSIGHTS_PAGE) for phase in TOTALS)

    def days_read(days):
        """How many rows of ads the last days have, and when the last of them was read."""
        of_account = f"JOIN ad_accounts a ON a.id = d.ad_account_id WHERE a.facebook_account_id = '{SCALE}'"
        of_days = f"{of_account} AND d.day > a.metrics_until - {days}"
        rows = stack.value(f"SELECT count(*) FROM insights_daily d {of_days}")
        moment = stack.value(f"SELECT extract(epoch FROM max(d.read_at)) FROM insights_days d {of_days}")
        return int(rows), float(moment)

    rows, moment = days_read(3)
    with_days = until_commit + pages(rows, INSIGHTS_PAGE)

    def row(what, calls, seconds, memory=None):
        text = f"{calls} calls, {seconds:.1f} s" + (f", {memory / 1e6:.0f} MB" if memory else "")
        report.add("scale", what, text)

    row("quoted: connector 1, listings alone", 57, 7.4, 78e6)
    row("quoted: connector 2, listings alone", 5833, 314.0, 42e6)
    row("quoted: ads' results of a week, more", 118, 39.0)
    row("AdMirror, listings alone", objects, listing_seconds(log, run))
    row("AdMirror, with totals", until_commit, committed - run["started"], memory.until(committed))
    row("AdMirror, with totals and 3 days of ads' results", with_days, moment - run["started"], memory.until(moment))
    report.add("scale", "AdMirror, with a week of ads' results", f"{days_read(7)[1] - run['started']:.1f} s")
    moment = days_read(30)[1]
    row("AdMirror, with 30 days of ads' results", sum(counts.values()), moment - run["started"], memory.peak)


def large(stack, report):
    """100,000 ads: memory, and the commit beside psql's copies of the same rows."""
    repeats = 3
    peaks, whole_peaks, seconds = [], [], []
    merges, commits, copies = [], [], []
    for _ in range(repeats):
        stack.empty(LARGE)
        stack.simulator.freeze()
        with stack.statements() as log:
            # Half an interval is what a sync spends on older days.
            memory = stack.sync_child(LARGE, SYNC_INTERVAL_SECONDS="40")
        run = stack.last_run(LARGE)
        commit = log.commit()
        peaks.append(memory.until(commit[-1].ended))
        whole_peaks.append(memory.peak)
        seconds.append(commit[-1].ended - run["started"])
        merges.append(sum(each.seconds for each in log.containing("INSERT INTO creatives (", "WITH object")))
        commits.append(commit[-1].ended - commit[0].began)
        # At the same time, so that other work on the machine slows both.
        copies.append(copy_seconds(stack, LARGE))
    ads = SHAPES[LARGE][2]
    assert run["rows"]["ads"] == ads, run
    report.add("large", f"first sync of {ads:,} ads, 0 ms a call", median(seconds), "s")
    report.add("large", "sync child's memory until the commit", max(peaks), "MB", most=80e6,
               note=f"Resident, high-water mark (VmHWM), the worst of {repeats}.")
    report.add("large", "the same, with 20 s of older days", max(whole_peaks), "MB", most=80e6)

    three = [sum(each.values()) for each in copies]
    report.add("large", "merge of the ads", median(merges), "s", note=f"{repeats} times: {spread(merges)}.")
    report.add("large", r"\copy of the same ads", median(each["creatives"] for each in copies), "s")
    report.add("large", r"merge of the ads / \copy",
               median(merge / each["creatives"] for merge, each in zip(merges, copies)), "x", most=2.5,
               note="Each time by itself, and the median of that.")
    report.add("large", "whole commit", median(commits), "s", note=statement_times(commit))
    report.add("large", r"\copy of campaigns, ad sets and ads", median(three), "s")
    report.add("large", r"whole commit / \copy of the three",
               median(whole / each for whole, each in zip(commits, three)), "x", most=2.5)


def copy_seconds(stack, account):
    r"""Seconds that psql's \copy takes to load what the account has in each table into an empty one like it."""
    seconds = {}
    for _, _, table in EDGES:
        columns = stack.value(
            f"""
            SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
            WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
            """
        )
        listed = ", ".join("t." + column for column in columns.split(", "))
        rows = f"SELECT {listed} FROM {table} t JOIN ad_accounts a ON a.id = t.ad_account_id" \
               f" WHERE a.facebook_account_id = '{account}'"
        times = []
        with tempfile.TemporaryDirectory() as folder:
            stack.psql("-c", f"\\copy ({rows}) TO '{folder}/rows'")
            for _ in range(3):
                stack.sql("DROP TABLE IF EXISTS bench_copy")
                # INCLUDING ALL leaves out how full pages are made.
                stack.sql(f"CREATE TABLE bench_copy (LIKE {table} INCLUDING ALL) WITH (fillfactor = 50)")
                stack.sql("CHECKPOINT")
                times.append(stack.copy_time(f"\\copy bench_copy ({columns}) FROM '{folder}/rows'"))
        stack.sql("DROP TABLE bench_copy")
        seconds[table] = median(times)
    return seconds


def statement_times(commit):
    """The slowest statements of a commit."""
    slowest = sorted(commit, key=lambda statement: -statement.seconds)[:8]
    parts = [f"{statement.seconds:.3f} s {name(statement.sql)}" for statement in slowest]
    return "Its slowest statements: " + ", ".join(parts) + "."


def name(sql):
    """What a statement of a commit does, in a few words."""
    words = " ".join(sql.split())
    for table in ("creatives", "ad_groups", "campaigns", "insights_daily"):
        if words.startswith("WITH") and f"INSERT INTO {table} " in words:
            return f"merge into {table}"
    return words[:60]


def unchanged(stack, report):
    """What a sync that finds nothing new writes, for 5,550 objects and for 105,500."""
    stack.simulator.freeze()
    for account in (MEDIUM, LARGE):
        if stack.value(f"SELECT count(*) FROM ad_accounts WHERE facebook_account_id = '{account}' "
                       "AND last_synced_at IS NOT NULL") == "0":
            stack.sync_child(account, **RECENT_ONLY)
        stack.skip_older_days(account)
        objects = sum(SHAPES[account])
        stack.end_children()
        resync(stack, account)
        stack.tidy()
        after_checkpoint = resync(stack, account)
        resync(stack, account)
        steady = [resync(stack, account) for _ in range(3)]
        updates = sum(each["updates"] for each in steady)
        what = f"unchanged sync of {objects:,} objects"
        report.add("unchanged", f"{what}: WAL", median(each["bytes"] for each in steady), "MB")
        report.add("unchanged", f"{what}: WAL for each object",
                   median(each["bytes"] for each in steady) / objects, "bytes")
        report.add("unchanged", f"{what}: WAL right after a checkpoint", after_checkpoint["bytes"], "MB",
                   note="The first change of each page after a checkpoint writes the whole page.")
        report.add("unchanged", f"{what}: rows updated", updates / len(steady) / objects, "for each object")
        if updates:
            report.add("unchanged", f"{what}: HOT updates",
                       100 * sum(each["hot"] for each in steady) / updates, "%")
        report.add("unchanged", f"{what}: commit", median(each["commit"] for each in steady), "s",
                   note=statement_times(steady[-1]["statements"]))
        report.add("unchanged", f"{what}: all of it, 0 ms a call", median(each["seconds"] for each in steady), "s")


def resync(stack, account):
    """A sync that is due and finds nothing new, and what it wrote."""
    time.sleep(1.1)
    before = written(stack)
    with stack.statements() as log:
        start = stack.value("SELECT pg_current_wal_lsn()")
        stack.admirror("sync", "--account", account, "--wait", **RECENT_ONLY)
        size = int(stack.value(f"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '{start}')::bigint"))
    run = stack.last_run(account)
    assert run["rows_changed"] == 0, run
    time.sleep(1.1)  # a backend reports its counts when it ends, or a second later
    after = written(stack)
    commit = log.commit()
    return {
        "bytes": size, "updates": after[0] - before[0], "hot": after[1] - before[1],
        "commit": commit[-1].ended - commit[0].began, "statements": commit, "seconds": run["finished"] - run["started"],
    }


def written(stack):
    row = stack.sql(
        "SELECT sum(n_tup_upd), sum(n_tup_hot_upd) FROM pg_stat_user_tables"
        " WHERE relname IN ('campaigns', 'ad_groups', 'creatives')"
    )[0]
    return int(row[0]), int(row[1])


def spread(times):
    return " ".join(f"{seconds:.3f}" for seconds in sorted(times)) + " s"


FIGURES = ["first", "naive", "scale", "large", "unchanged", "kills", "order"]


def measure(report, figures):
    stack = Stack()
    ours = None
    for figure in figures:
        print(f"==> {figure}", flush=True)
        if figure == "first":
            ours = first(stack, report)
        elif figure == "naive":
            naive(stack, report, ours)
        elif figure == "kills":
            kills(stack, report, KILLED)
        elif figure == "order":
            orders.order(stack, report)
        else:
            globals()[figure](stack, report)


if __name__ == "__main__":
    wanted = [argument for argument in sys.argv[2:] if not argument.startswith("-")] or FIGURES
    shapes = (SHAPES if wanted != ["order"] else {}) | (orders.SHAPES if "order" in wanted else {})
    accounts = " ".join(f"--account {account}:{':'.join(map(str, shape))}" for account, shape in shapes.items())
    sys.exit(command.main(sys.argv[1:], FIGURES, f"--threads 16 {accounts}", measure))
