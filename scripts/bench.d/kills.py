"""Syncs that are killed at random moments while readers read, and what is stored at the end."""

import hashlib
import http.client
import json
import os
import random
import re
import signal
import threading
import time
from datetime import date, timedelta
from decimal import Decimal

KILLS = 20
READERS = 4
LATENCY = 20
ROUTES = {"campaigns": "campaigns", "ad-sets": "adSets", "ads": "ads"}
STATUSES = [
    "ACTIVE", "PAUSED", "DELETED", "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO",
    "CAMPAIGN_PAUSED", "ARCHIVED", "ADSET_PAUSED", "IN_PROCESS", "WITH_ISSUES",
]


def kills(stack, report, account):
    """Orders changes, starts a sync, kills it, starts the next one; and again, until 20 have been killed.

    What a reader may see is one committed state, whole. So before each round some objects of each level, spread over the
    pages of the listings, are renamed after the number of the round, and in every answer all of them, and all names of
    their parents, must bear the same number. One ETag always has one body, and a later one no lower number. Nothing
    is ordered while a sync reads, or the state that it commits would itself be a mixture.
    """
    stack.admirror("sync", "--account", account, "--wait", SYNC_INTERVAL_SECONDS="1")
    stack.skip_older_days(account)
    stack.simulator.freeze(LATENCY)
    marked = Marked(stack.simulator, account)
    syncs = Syncs(stack, account)
    marked.order(0)
    syncs.start()
    usual = syncs.finish()

    readers = [Reader(stack, account, marked, number) for number in range(READERS)]
    Reader.bodies = {}
    for reader in readers:
        reader.start()
    dice = random.Random(time.time_ns())
    killed = begun = at_once = late = rounds = 0
    waits = []
    try:
        while killed < KILLS and rounds < 10 * KILLS:
            rounds += 1
            marked.order(rounds)
            run = syncs.start()
            time.sleep(dice.uniform(0, usual))
            if not syncs.kill():
                syncs.finish()  # it was quicker than we
                continue
            killed += 1
            moment = time.monotonic()
            _, answer = syncs.post()
            is_at_once = answer.get("status") == "started"
            while answer.get("status") != "started":
                # A run that has not begun waits ten seconds for its process.
                time.sleep(0.002)
                _, answer = syncs.post()
                if time.monotonic() - moment > 60:
                    raise RuntimeError(f"the account is stuck: {answer}")
            wait = time.monotonic() - moment
            if answer["syncRunId"] != run:  # else it had not begun: it is the same run still
                begun += 1
                at_once += is_at_once
                waits.append(wait)
            syncs.finish()
    finally:
        for reader in readers:
            reader.stops = True
        for reader in readers:
            reader.join()
    faults = [fault for reader in readers for fault in reader.faults]

    report.add("kills", "syncs killed", killed, least=KILLS,
               note=f"SIGKILL at a moment drawn from the {usual:.2f} s that a sync takes; {KILLS - begun} of them had not"
               " begun their run yet.")
    report.add("kills", "longest time until a POST started a new run", max(waits), "s", most=1,
               note=f"Median {sorted(waits)[len(waits) // 2] * 1000:.0f} ms; {at_once} of {begun} at the very first POST."
               " The others came before the database had noticed that its client was gone.")
    report.add("kills", "reads meanwhile", sum(reader.reads for reader in readers))
    report.add("kills", "answers that differ from each other, read meanwhile", len(Reader.bodies))
    report.add("kills", "reads that got an older version than the one before", sum(reader.older for reader in readers))
    report.add("kills", "inconsistent reads", len(faults), most=0, note="; ".join(faults[:5]))

    syncs.start()
    syncs.finish()
    differences, compared = compare(stack, account)
    report.add("kills", "rows compared with the simulator's after a forced sync", compared)
    report.add("kills", "rows that differ", len(differences), most=0, note="; ".join(differences[:5]))


class Syncs:
    """Starts, kills and awaits the account's syncs."""

    def __init__(self, stack, account):
        self.stack = stack
        self.account = account
        self.web = Web(stack)

    def post(self):
        status, _, body = self.web.send(
            "POST", "/api/sync", json.dumps({"adAccountId": self.account, "force": True}),
            {"Content-Type": "application/json"},
        )
        return status, json.loads(body)

    def start(self):
        status, answer = self.post()
        if status != 202 or answer["status"] != "started":
            raise RuntimeError(f"POST /api/sync answers {status} {answer}")
        return answer["syncRunId"]

    def kill(self):
        """Whether there was one to kill."""
        children = self.stack.sync_children()
        for child in children:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                return False
        while set(children) & set(self.stack.sync_children()):
            time.sleep(0.001)  # the kernel takes it apart
        return bool(children)

    def finish(self):
        """Waits until the sync is over. Returns its seconds."""
        deadline = time.monotonic() + 120
        while True:
            _, _, body = self.web.send("GET", "/api/sync/status?adAccountId=" + self.account)
            status = json.loads(body)
            if status["syncStatus"] != "syncing" and status["progress"] is None and not self.stack.sync_children():
                break
            if time.monotonic() > deadline:
                raise RuntimeError(f"a sync does not end: {body}")
            time.sleep(0.02)
        run = self.stack.last_run(self.account)
        return run["finished"] - run["started"]


class Marked:
    """Objects that bear the number of a round in their names: three campaigns, an ad set and an ad of each."""

    def __init__(self, simulator, account):
        self.simulator = simulator
        self.ids = set()
        self.ordered = 0

        def shown(edge, **fields):
            rows = simulator.rows(f"act_{account}/{edge}", 500, fields="id,status,effective_status,campaign_id,adset_id"
                                  if edge == "ads" else "id,status,effective_status,campaign_id"
                                  if edge == "adsets" else "id,status,effective_status")
            return [row for row in rows if row["effective_status"] not in ("DELETED", "ARCHIVED")
                    and row["status"] not in ("DELETED", "ARCHIVED")]

        campaigns, ad_sets, ads = shown("campaigns"), shown("adsets"), shown("ads")
        parents = {row["id"]: row["campaign_id"] for row in ad_sets}
        shown_campaigns = {row["id"] for row in campaigns}
        families = [(row["campaign_id"], row["adset_id"], row["id"]) for row in ads
                    if row["campaign_id"] in shown_campaigns and row["adset_id"] in parents]
        # From the first, a middle and the last page of the ads.
        self.families = [families[0], families[len(families) // 2], families[-1]]
        self.ids = {id for family in self.families for id in family}
        self.others = [row["id"] for row in ads + ad_sets + campaigns if row["id"] not in self.ids]

    def order(self, number):
        """Renames the marked ones, and turns some of them and some others on or off."""
        self.ordered = number
        for id in sorted(self.ids):
            self.simulator.order(fault="rename", id=id, name=f"Round {number} of {id}")
        for _, _, ad in self.families:
            self.simulator.order(fault="status", id=ad, status="PAUSED" if number % 2 else "ACTIVE")
        for id in random.sample(self.others, 5):
            self.simulator.order(fault="status", id=id, status=random.choice(["PAUSED", "ACTIVE"]))
            self.simulator.order(fault="rename", id=id, name=f"Other {number} of {id}")

    def number(self, rows, member):
        """The number that an answer has in its names.

        Raises ValueError when it has several, or none.
        """
        numbers = set()
        found = 0
        for row in rows:
            if row["id"] in self.ids:
                found += 1
                if member == "ads":
                    numbers.add((self.parity(row), "status"))
            for name, id in (("name", "id"), ("ad_set_name", "ad_set_id"), ("campaign_name", "campaign_id")):
                if row.get(id) in self.ids:
                    match = re.match(r"Round (\d+) of (\d+)$", row.get(name) or "")
                    if not match or match.group(2) != row[id]:
                        raise ValueError(f"{row[id]} is called {row.get(name)}")
                    numbers.add((int(match.group(1)), "name"))
        named = {number for number, kind in numbers if kind == "name"}
        parities = {number for number, kind in numbers if kind == "status"}
        if found != len(self.families) or len(named) != 1 or parities - {next(iter(named)) % 2}:
            raise ValueError(f"an answer mixes {sorted(numbers)} in {found} rows")
        return next(iter(named))

    @staticmethod
    def parity(row):
        return 1 if row["status"] == "PAUSED" else 0


class Reader(threading.Thread):
    """Reads the three tables in turn, and looks for what does not fit together."""

    # Maps each ETag to the digest of its body and to its number, for all readers.
    bodies = {}

    def __init__(self, stack, account, marked, number):
        super().__init__(daemon=True)
        self.web = Web(stack)
        self.account = account
        self.marked = marked
        self.dice = random.Random(number)
        self.stops = False
        self.reads = 0
        # Reads that got an older version than the one before.
        self.older = 0
        self.faults = []
        self.last = {}
        self.known = {}

    def run(self):
        while not self.stops:
            route = self.dice.choice(list(ROUTES))
            try:
                self.read(route)
            except Exception as error:
                self.faults.append(f"{route}: {error}")
                self.web.close()
            time.sleep(0.01)

    def read(self, route):
        headers = {}
        known = self.known.get(route)
        if known and self.dice.random() < 0.3:
            headers["If-None-Match"] = known
        self.reads += 1
        status, received, body = self.web.send("GET", f"/api/{route}?adAccountId={self.account}", headers=headers)
        if status == 304 and headers:
            if received["ETag"] != known:
                raise ValueError(f"304 for {known} names {received['ETag']}")
            return
        if status != 200:
            raise ValueError(f"status {status}: {body[:200]}")
        tag = received["ETag"]
        digest = hashlib.sha256(body).digest()
        seen = Reader.bodies.get(tag)
        if seen is None:
            number = self.marked.number(json.loads(body)[ROUTES[route]], route)
            seen = Reader.bodies.setdefault(tag, (digest, number))
        if seen[0] != digest:
            raise ValueError(f"two bodies for {tag}")
        version = int(re.search(r"(\d+)\"$", tag).group(1))
        last = self.last.get(route, (0, 0))
        if version < last[0]:
            self.older += 1
        elif seen[1] < last[1]:
            raise ValueError(f"version {version} has round {seen[1]}, version {last[0]} had round {last[1]}")
        else:
            self.last[route] = (version, seen[1])
        self.known[route] = tag


class Web:
    """A kept connection to AdMirror."""

    def __init__(self, stack):
        self.port = stack.port
        self.token = stack.access_token
        self.connection = None

    def send(self, method, target, body=None, headers=None):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.connection.request(
            method, target, body, {"Authorization": "Bearer " + self.token} | (headers or {})
        )
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


# --- The stored rows ---


def compare(stack, account):
    """Reads the simulator page by page. Returns what differs, as texts, and how many rows were compared."""
    simulated = SimulatedRows(stack.simulator, account)
    differences = []
    compared = 0
    since, until = stack.sql(
        f"SELECT metrics_since, metrics_until FROM ad_accounts WHERE facebook_account_id = '{account}'"
    )[0]
    for edge, level, table, columns in LEVELS:
        theirs = simulated.objects(edge, level, columns, since, until)
        listed = ", ".join("t." + column for column in columns)
        ours = {
            row[0]: row
            for row in stack.sql(
                f"""
                SELECT {listed}, t.spent, t.impressions, t.clicks
                FROM {table} t JOIN ad_accounts a ON a.id = t.ad_account_id
                WHERE a.facebook_account_id = '{account}' AND t.gone_at IS NULL
                """
            )
        }
        compared += len(theirs)
        differences += difference(level, theirs, ours)
    theirs = simulated.recent_days(until)
    ours = {
        (row[0], row[1]): row
        for row in stack.sql(
            f"""
            SELECT d.facebook_ad_id, d.day, d.spent, d.impressions, d.clicks
            FROM insights_daily d JOIN ad_accounts a ON a.id = d.ad_account_id
            WHERE a.facebook_account_id = '{account}' AND d.day > a.metrics_until - 3
            """
        )
    }
    compared += len(theirs)
    return differences + difference("day", theirs, ours), compared


LEVELS = [
    ("campaigns", "campaign", "campaigns",
     {"facebook_campaign_id": "id", "name": "name", "status": "status", "effective_status": "effective_status",
      "daily_budget": "daily_budget", "lifetime_budget": "lifetime_budget"}),
    ("adsets", "adset", "ad_groups",
     {"facebook_ad_set_id": "id", "facebook_campaign_id": "campaign_id", "name": "name", "status": "status",
      "effective_status": "effective_status", "daily_budget": "daily_budget", "lifetime_budget": "lifetime_budget"}),
    ("ads", "ad", "creatives",
     {"facebook_ad_id": "id", "facebook_ad_set_id": "adset_id", "facebook_campaign_id": "campaign_id", "name": "name",
      "status": "status", "effective_status": "effective_status"}),
]


def difference(kind, theirs, ours):
    found = [f"{kind} {key} is not stored" for key in theirs.keys() - ours.keys()]
    found += [f"{kind} {key} is stored and not there" for key in ours.keys() - theirs.keys()]
    for key in theirs.keys() & ours.keys():
        if plain(theirs[key]) != plain(ours[key]):
            found.append(f"{kind} {key}: there {theirs[key]}, stored {ours[key]}")
    return found


def plain(row):
    """Numbers compared as numbers: 1.50 is 1.5."""
    return [Decimal(cell) if re.fullmatch(r"-?\d+(\.\d+)?", cell) else cell for cell in row]


class SimulatedRows:
    """What the simulator has, in rows like those of our tables."""

    def __init__(self, simulator, account):
        self.simulator = simulator
        self.account = "act_" + account

    def objects(self, edge, level, columns, since, until):
        results = {
            row[level + "_id"]: row
            for row in self.insights(level, since, until, f"{level}_id,spend,impressions,clicks")
        }
        rows = {}
        fields = ",".join(columns.values())
        for listed in self.simulator.rows(f"{self.account}/{edge}", 500, fields=fields, filtering=any_status(level)):
            result = results.get(listed["id"], {})
            rows[listed["id"]] = [self.cell(listed, field) for field in columns.values()] + [
                result.get("spend", "0"), result.get("impressions", "0"), result.get("clicks", "0")
            ]
        return rows

    def recent_days(self, until):
        since = str(date.fromisoformat(until) - timedelta(days=2))
        rows = self.insights("ad", since, until, "ad_id,spend,impressions,clicks", time_increment=1)
        return {
            (row["ad_id"], row["date_start"]): [
                row["ad_id"], row["date_start"], row["spend"], row["impressions"], row.get("clicks", "0")
            ]
            for row in rows
        }

    def insights(self, level, since, until, fields, **more):
        return self.simulator.rows(
            f"{self.account}/insights", 1000, level=level, fields=fields, filtering=any_status(level),
            time_range=json.dumps({"since": since, "until": until}), **more,
        )

    @staticmethod
    def cell(row, field):
        value = row.get(field)
        if field.endswith("budget"):
            # Facebook sends cents, and "0" for none.
            return "" if value in (None, "0") else str(Decimal(value) / 100)
        return value or ""


def any_status(level):
    return json.dumps([{"field": f"{level}.effective_status", "operator": "IN", "value": STATUSES}])
