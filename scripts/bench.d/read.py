"""scripts/bench read: one function for each figure.

    read.py --simulator-options [FIGURE…]   what the stack's simulator has to be started with
    read.py RESULT.json [FIGURE…]           measures, prints the table, writes it
"""

import datetime
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import command
from dataset import LARGE, RAISE, SIMULATOR_OPTIONS, SIZES, USUAL, Dataset
from front import Front
from load import Client, Pgbench, Wrk, interleaved, median, paired
from pages import pages
from peers import STATEMENT, Peers
from stack import Stack, processes_of

ROUNDS = 7
CAMPAIGNS = f"/api/campaigns?adAccountId=act_{USUAL}"
AD_SETS = f"/api/ad-sets?adAccountId=act_{USUAL}"
ADS = f"/api/ads?adAccountId=act_{USUAL}"
# Figures that need days of an account which the others do without: ninety and the ninety before, and a month.
DAYS = {"ranges": (USUAL, 181), "large": (LARGE, 31)}


class Bench:
    """What the figures share: two accounts, a front with several addresses, ways to ask."""

    def __init__(self, stack, peers, figures):
        self.stack = stack
        self.peers = peers
        print("  Making two accounts", flush=True)
        days = {account: DAYS[figure][1] for figure, (account, _) in DAYS.items() if figure in figures}
        self.data = Dataset(stack, days=days)
        self.front = Front(stack, peers)

    def client(self, port, token=True):
        return Client(port, self.data.token if token else None)

    def cached(self):
        return self.client(self.front.cached)

    def uncached(self):
        return self.client(self.front.uncached)

    def wrk(self, port, target, **options):
        return Wrk(f"http://127.0.0.1:{port}{target}", **options)

    def wrk_read(self, port, target, **options):
        return self.wrk(port, target, token_file=self.data.token_file, **options)


# --- As much as goes ---


def hit(bench, report):
    """An authorized cached hit beside nginx with the same bytes in a file."""
    answer = fill_cache(bench)
    with open(bench.front.root + "/static/campaigns.json.gz", "wb") as file:
        file.write(answer.body)
    static = "/static/campaigns.json"
    response = bench.client(bench.front.peers, token=False).get(static)
    assert response.body == answer.body and response.headers["Content-Encoding"] == "gzip", response.headers

    size = len(answer.body)
    loads = interleaved({
        "hit": bench.wrk_read(bench.front.cached, CAMPAIGNS, size=size),
        "static": bench.wrk(bench.front.peers, static, size=size),
    }, ROUNDS, 2)
    bench.front.forget_log()
    hits, statics = loads["hit"], loads["static"]
    report.add(
        "hit", "cached hit beside a static gzip_static file", rate(hits), "/s", beside=rate(statics),
        ratio=paired([each.rate for each in hits], [each.rate for each in statics]), least=0.65,
        note=f"The same {size:,} gzipped bytes of 500 campaigns from the same nginx, with the same access log, files kept"
        f" open alike; wrk with one thread and 8 connections, {ROUNDS} rounds.",
    )
    report.add(
        "hit", "the same, 99th percentile", milliseconds(hits), "ms", beside=milliseconds(statics),
        ratio=paired([each.p99 for each in hits], [each.p99 for each in statics]), most=3,
    )


def client(bench, report):
    """What CLIENT_CACHE_CONTROL=no-cache costs: each hit, and the 304 that most fetches then are."""
    answer = fill_cache(bench)
    tag, size = answer.headers["ETag"], len(answer.body)
    sides = {}
    for name, port in (("default", bench.front.cached), ("no-cache", bench.front.asked_again)):
        response = bench.client(port).get(CAMPAIGNS)
        assert response.headers["X-Cache"] == "HIT", response.headers
        assert (response.headers["Cache-Control"] == "private, no-cache") == (name == "no-cache"), response.headers
        bench.client(port).get(CAMPAIGNS, expected=304, **{"If-None-Match": tag})
        sides[f"{name} 200"] = bench.wrk_read(port, CAMPAIGNS, size=size)
        sides[f"{name} 304"] = bench.wrk_read(port, CAMPAIGNS, tag=tag)
    loads = interleaved(sides, ROUNDS, 2)
    bench.front.forget_log()
    for status, what in (("200", "hit"), ("304", "304 from nginx's cache")):
        ours, others = loads[f"no-cache {status}"], loads[f"default {status}"]
        report.add(
            "client", f"{what} with CLIENT_CACHE_CONTROL=no-cache beside the default", rate(ours), "/s", beside=rate(others),
            ratio=paired([each.rate for each in ours], [each.rate for each in others]), least=0.95,
        )
    ours, others = loads["no-cache 304"], loads["no-cache 200"]
    report.add(
        "client", "304 beside the whole answer", rate(ours), "/s", beside=rate(others),
        ratio=paired([each.rate for each in ours], [each.rate for each in others]),
    )


def fill_cache(bench):
    client = bench.cached()
    client.get(CAMPAIGNS)
    answer = client.get(CAMPAIGNS)
    assert answer.headers["X-Cache"] == "HIT" and answer.headers["Content-Encoding"] == "gzip", answer.headers
    return answer


def rate(loads):
    return round(median(load.rate for load in loads))


def milliseconds(loads):
    return 1000 * median(load.p99 for load in loads)


class Misses:
    """Reads without the cache and what they are compared with, in the same rounds for all figures that want them."""

    # What each figure needs in addition to the miss.
    WANTED = {"miss": ["pgbench"], "peers": ["php", "fastapi"], "expired": ["304"], "ads": ["ads"]}

    def __init__(self, bench, figures):
        self.bench = bench
        self.data = bench.data
        self.account = bench.data.id(USUAL)
        self.sizes = {}
        self.errors = {}
        sides = {}
        for name in ["campaigns"] + [side for figure in figures for side in self.WANTED.get(figure, [])]:
            try:
                sides[name] = self.side(name)
            except Exception as error:  # costs the figures that want it, and no other
                self.errors[name] = error
        self.loads = interleaved(sides, ROUNDS, 2, self.errors)
        bench.front.forget_log()

    def side(self, name):
        bench = self.bench
        if name == "pgbench":
            return Pgbench(bench.stack, STATEMENT, self.account)
        if name in ("php", "fastapi"):
            bench.peers.start(name)
            target = f"/{name}/campaigns?account={self.account}"
            self.compare(name, target)
            return bench.wrk(bench.front.peers, target, size=self.sizes[name])
        target = ADS if name == "ads" else CAMPAIGNS
        answer = bench.uncached().get(target)
        assert not answer.headers["X-Cache"] and answer.headers["Content-Encoding"] == "gzip", answer.headers
        if name == "304":
            tag = answer.headers["ETag"]
            bench.uncached().get(target, expected=304, **{"If-None-Match": tag})
            return bench.wrk_read(bench.front.uncached, target, tag=tag)
        self.sizes[name] = len(answer.body)
        return bench.wrk_read(bench.front.uncached, target, size=self.sizes[name])

    def compare(self, peer, target):
        """A peer has to return what we return, member by member."""
        ours = self.bench.uncached().get(CAMPAIGNS).json()["campaigns"]
        answer = self.bench.peers.first_answer(self.bench.client(self.bench.front.peers, token=False), target)
        theirs = answer.json()["campaigns"]
        for our, their in zip(ours, theirs):
            if list(our.items()) != list(their.items()):
                raise RuntimeError(f"{peer} returns something else:\n{their}\n{our}")
        assert len(ours) == len(theirs) == SIZES[USUAL]["campaigns"]
        assert answer.headers["Content-Encoding"] == "gzip", answer.headers
        self.sizes[peer] = len(answer.body)

    def rates(self, side):
        if side in self.errors:
            raise self.errors[side]
        return [load.rate for load in self.loads[side]]

    def add(self, report, figure, what, side, note="", **bar):
        """How many times as many misses there are as `side` has answers."""
        ours, theirs = self.rates("campaigns"), self.rates(side)
        report.add(
            figure, what, round(median(ours)), "/s", beside=round(median(theirs)), ratio=paired(ours, theirs), note=note,
            **bar,
        )


def miss(misses, report):
    misses.add(
        report, "miss", "miss beside pgbench, bare SELECT", "pgbench", least=0.5,
        note=f"500 campaigns, gzip, 8 connections, {ROUNDS} rounds. pgbench: the same columns of the same rows, prepared, 8"
        " connections. The aim is 0.6.",
    )


def peers(misses, report):
    ours, php, fastapi = (f"{misses.sizes.get(side, 0):,} bytes" for side in ("campaigns", "php", "fastapi"))
    with report.or_failure("peers"):
        misses.add(
            report, "peers", "miss beside nginx + PHP-FPM + PDO", "php", least=1.6,
            note=f"The same rows of the same SELECT as the same JSON, gzipped at level 1 ({php}; ours: {ours}), behind the"
            " same nginx. As many PHP processes as responders, persistent connections, one round trip for each read, opcache"
            " with JIT. It authorizes nobody, which AdMirror does.",
        )
    with report.or_failure("peers"):
        misses.add(
            report, "peers", "miss beside Uvicorn + FastAPI + asyncpg", "fastapi", least=3.5,
            note=f"Likewise ({fastapi}). Two processes with uvloop and httptools, connections kept to nginx and to"
            " PostgreSQL, prepared statement, numbers as floats, orjson, gzip without a middleware.",
        )


def expired(misses, report):
    ours, theirs = misses.rates("304"), misses.rates("campaigns")
    report.add(
        "expired", "304 on an expired entry beside the miss", round(median(ours)), "/s", beside=round(median(theirs)),
        ratio=paired(ours, theirs), least=8,
        note="What nginx asks to renew an expired entry: no cache, If-None-Match with the current tag.",
    )


def ads(misses, report):
    ours, theirs = misses.rates("ads"), misses.rates("campaigns")
    report.add(
        "ads", "miss of 5,000 ads beside 500 campaigns", 8000 / median(ours), "ms", beside=8000 / median(theirs),
        ratio=paired(theirs, ours), most=12, note="What one takes while 8 ask at once.",
    )


def invalidation(bench, report):
    """64 readers while a sync commits every second, as far as they can tell."""
    fill_cache(bench)
    load = bench.wrk_read(bench.front.cached, CAMPAIGNS, connections=64, size=1000)
    version = f"SELECT campaigns_version FROM ad_accounts WHERE facebook_account_id = '{USUAL}'"
    rounds, seconds = 3, 5
    loads, logged = [], []
    before = int(bench.stack.value(version))
    for _ in range(rounds):
        bench.front.forget_log()
        raising = subprocess.Popen(
            ["psql", "-qX", bench.stack.environment["DATABASE_URL"]], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=bench.stack.environment,
        )
        try:
            raising.stdin.write(RAISE + "\\watch 1\n")
            raising.stdin.flush()
            loads.append(load(seconds))
        finally:
            raising.kill()
            raising.communicate()
        times = sorted(bench.front.logged_seconds("/api/campaigns"))
        logged.append((times[len(times) * 99 // 100], times[-1]))
    raised = int(bench.stack.value(version)) - before
    assert raised >= rounds * seconds, raised
    bench.front.forget_log()
    report.add(
        "invalidation", "99th percentile, data version raised every second", milliseconds(loads), "ms", most=25,
        note=f"64 connections, {rounds} times {seconds} s, {raised} versions: "
        + " ".join(f"{each.p99 * 1000:.1f}" for each in loads) + f" ms, at {rate(loads):,} requests/s. As wrk reports it, which"
        " counts a slow request for all those, too, that its connection would have sent meanwhile.",
    )
    report.add(
        "invalidation", "the same of the requests that were sent", 1000 * median(percentile for percentile, _ in logged), "ms", most=25,
        note="As nginx's access log has it, in whole milliseconds: 0 is less than one. The slowest took"
        f" {1000 * max(slowest for _, slowest in logged):.0f} ms.",
    )


# --- One at a time ---


def single(bench, report):
    client = bench.uncached()
    times = {CAMPAIGNS: [], ADS: []}
    for number in range(65):
        for target in times:
            seconds = client.get(target).seconds
            if number >= 5:  # else plans and caches are new
                times[target].append(1000 * seconds)
    for target, what, bar in ((CAMPAIGNS, "500 campaigns", 5), (ADS, "5,000 ads", 35)):
        report.add("single", f"one uncached read at a time, {what}", median(times[target]), "ms", most=bar,
                   note=f"Median of 60; the fastest {min(times[target]):.1f} ms, the slowest {max(times[target]):.1f} ms.")


def promised(bench, report):
    """The first read after a sync has committed: nothing is in a cache, the connection is new."""
    routes = {CAMPAIGNS: ("campaigns", 100), AD_SETS: ("ad sets", 150), ADS: ("ads", 200)}
    times = {target: [] for target in routes}
    for _ in range(7):
        bench.data.raise_versions()
        for target in routes:
            client = bench.cached()
            answer = client.get(target)
            client.close()
            assert answer.headers["X-Cache"] == "MISS", answer.headers
            times[target].append(1000 * answer.seconds)
    for target, (what, bar) in routes.items():
        amount = SIZES[USUAL][what.replace(" ", "_")]
        report.add("promised", f"first read of {amount:,} {what} after a commit", max(times[target]), "ms", most=bar,
                   note=f"The slowest of 7; their median {median(times[target]):.1f} ms.")


def ranges(bench, report):
    """Metrics over days of the reader's choice."""
    for target, what in ((CAMPAIGNS, "500 campaigns"), (ADS, "5,000 ads")):
        for days, most in ((7, 30), (30, 40), (90, 60)):
            title = f"{what} over the last {days} days, uncached"
            report.add("ranges", title, uncached_time(bench, target, days), "ms", most=most)
    fields = bench.uncached().get("/api/fields").json()["fields"]
    metrics = [
        field["name"] for field in fields
        if field["kind"] in ("count", "money") and field["additive"] and "ad" in field["levels"]
    ]
    question = f"{ADS}&fields=name,{','.join(metrics[:19])}&compare=previous&totals=true&where=impressions>=1"
    report.add(
        "ranges", "5,000 ads over 30 days with 20 fields, a condition, totals and a comparison",
        uncached_time(bench, question, 30), "ms", most=120,
    )


def large(bench, report):
    """The same of 100,000 ads."""
    target = f"/api/ads?adAccountId=act_{LARGE}&sort=-spend&limit=500&totals=true"
    report.add("large", "500 of 100,000 ads by spend over 30 days, with totals", uncached_time(bench, target, 30), "ms", most=400)


def uncached_time(bench, target, days):
    """The median of 15 reads, one at a time."""
    client = bench.uncached()
    until = datetime.date.fromisoformat(client.get(CAMPAIGNS).json()["campaigns"][0]["date_end"])
    since = until - datetime.timedelta(days - 1)
    target = f"{target}&from={since}&to={until}"
    coverage = client.get(target).json()["coverage"]
    assert (coverage["from"], coverage["to"]) == (str(since), str(until)), coverage
    return median([1000 * client.get(target).seconds for _ in range(15)])


# --- 100,000 ads ---


def memory(bench, report):
    """100,000 ads in one answer, from every responder."""
    target = f"/api/ads?adAccountId=act_{LARGE}"
    answer = bench.uncached().get(target)
    assert len(answer.json()["ads"]) == SIZES[LARGE]["ads"]
    responders = processes_of(bench.stack.state, "admirror-responder")
    before = {process: written_bytes(process) for process in responders}
    times = 3
    with ThreadPoolExecutor(len(responders)) as readers:
        for _ in range(times):
            # At once, so that each responder gets one.
            list(readers.map(lambda _: bench.uncached().get(target), responders))
    served = sum(written_bytes(process) - before[process] >= len(answer.body) for process in responders)
    marks = [process_memory(process) for process in responders]
    report.add(
        "memory", "responder's memory after 100,000 ads in one answer", max(mark["VmRSS"] for mark in marks), "MB",
        most=48e6,
        note=f"Resident (VmRSS), the most of {len(marks)} responders, {served} of which gave such answers:"
        f" {1 + times * len(marks)} in all, {len(answer.body) / 1e6:.1f} MB gzipped.",
    )
    report.add("memory", "the same, high-water mark", max(mark["VmHWM"] for mark in marks), "MB", note="VmHWM.")
    report.add("memory", "one such read", 1000 * answer.seconds, "ms")


def process_memory(process):
    with open(f"/proc/{process}/status") as file:
        lines = dict(line.split(":", 1) for line in file if ":" in line)
    return {name: int(lines[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM")}


def written_bytes(process):
    with open(f"/proc/{process}/io") as file:
        return int(dict(line.split(": ") for line in file)["wchar"])


# --- All of it ---

LOADS = {"miss": miss, "peers": peers, "expired": expired, "ads": ads}
OTHERS = {
    "hit": hit, "client": client, "single": single, "promised": promised, "ranges": ranges, "large": large, "invalidation": invalidation, "pages": pages,
    "memory": memory,
}
FIGURES = ["hit", "client", "miss", "peers", "expired", "ads", "single", "promised", "ranges", "large", "invalidation", "pages", "memory"]


def measure(report, figures):
    stack = Stack()
    responders = len(processes_of(stack.state, "admirror-responder"))
    with Peers(stack, os.environ["BENCH_PYTHON"], responders) as peers:
        bench = Bench(stack, peers, figures)
        misses = None
        for figure in figures:
            print(f"==> {figure}", flush=True)
            with report.or_failure(figure):
                if figure in LOADS:
                    misses = misses or Misses(bench, figures)
                    LOADS[figure](misses, report)
                else:
                    OTHERS[figure](bench, report)
    runs = stack.value("SELECT count(*) FROM sync_runs")
    assert runs == "0", f"{runs} syncs were started while reads were measured"


if __name__ == "__main__":
    sys.exit(command.main(sys.argv[1:], FIGURES, SIMULATOR_OPTIONS, measure))
