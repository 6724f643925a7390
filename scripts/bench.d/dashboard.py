"""scripts/bench dashboard: one function for each figure.

    dashboard.py --simulator-options [FIGURE…]   what the stack's simulator has to be started with
    dashboard.py RESULT.json [FIGURE…]           measures, prints the table, writes it
"""

import gzip
import hashlib
import os
import secrets
import sys

import command
from dataset import PERSON, SIMULATOR_OPTIONS, SIZES, USUAL, Dataset
from load import Client, median
from stack import Stack

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(ROOT + "/Tests/BrowserTests/support")
from browser import Browser, eventually  # noqa: E402

ROUNDS = 11
ADS = f"act_{USUAL}/ads"

# Milliseconds from the navigation, or from `began`, until the frame that shows the rows of a table has been painted: a task
# that is queued within a frame's last step before painting runs right after it.
WATCH = """
function watch(began) {
    window.painted = null;
    const look = () => {
        const grid = document.querySelector("[role=grid]");
        const isThere = grid?.getAttribute("aria-label") === "Ads" && grid.getAttribute("aria-busy") === "false"
            && grid.querySelector("tbody tr[aria-rowindex]");
        if (!isThere) return requestAnimationFrame(look);
        const channel = new MessageChannel();
        channel.port1.onmessage = () => { window.painted = performance.now() - began; };
        channel.port2.postMessage(null);
    };
    requestAnimationFrame(look);
}
"""


class Bench:
    def __init__(self, stack, browser):
        self.stack = stack
        self.browser = browser
        print("  Making an account", flush=True)
        self.data = Dataset(stack, [USUAL])
        self.browser.cdp("Page.enable")
        self.browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=WATCH + "; watch(0);")

    def begin(self):
        """A browser that was never here, of somebody who has signed in."""
        self.browser.forget()
        session = secrets.token_hex(32)
        self.stack.sql(
            f"INSERT INTO sessions (id_hash, user_id, address, agent) SELECT '\\x{hashlib.sha256(session.encode()).hexdigest()}',"
            f" id, '127.0.0.1', 'bench' FROM users WHERE email = '{PERSON}'"
        )
        self.browser.set_cookie("admirror", session)
        self.leave()

    def visit(self):
        """Opens the table of ads, and returns the milliseconds until it was painted."""
        self.browser.driver.get(f"{self.browser.origin}/#/{ADS}")
        return self.painted()

    def painted(self):
        took = eventually("a painted table", lambda: self.browser.run("return window.painted"), 20)
        count = self.browser.run("return Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) - 2")
        assert count == SIZES[USUAL]["ads"], count
        return took

    def leave(self):
        """To a page of the same site that is none of ours: the next one needs no other process of the browser's."""
        self.browser.driver.get(self.browser.origin + "/favicon.svg")

    def is_kept(self):
        """Whether the answers of a first visit are there for the next page."""
        return self.browser.driver.execute_async_script(
            "const done = arguments[0], opening = indexedDB.open('admirror');"
            "opening.onsuccess = () => { const database = opening.result, keys = database.transaction('texts').objectStore('texts').getAllKeys();"
            "keys.onsuccess = () => { database.close(); done(keys.result.some((key) => key.includes('/api/ads'))); }; };"
        )

    def asked(self):
        """How often this page has asked for the table."""
        return self.browser.run(
            "return performance.getEntriesByType('resource').filter(({name}) => name.includes('/api/ads?')).length"
        )


def spread(times):
    return f"Median of {len(times)}; the fastest {min(times):.0f} ms, the slowest {max(times):.0f} ms."


def first(bench, report):
    times = []
    for number in range(ROUNDS + 1):
        bench.begin()
        took = bench.visit()
        if number > 0:  # the first fills nginx's cache
            times.append(took)
        assert bench.asked() == 1
        bench.leave()
    report.add("first", "5,000 ads painted, a browser that was never here", median(times), "ms", most=300,
               note=spread(times) + " From the navigation on: page, scripts, session, accounts and answer over the network.")


def reload(bench, report):
    times = []
    bench.begin()
    bench.visit()
    for _ in range(ROUNDS):
        bench.leave()
        bench.browser.cdp("Storage.clearDataForOrigin", origin=bench.browser.origin, storageTypes="indexeddb,local_storage")
        times.append(bench.visit())
        assert bench.asked() == 1
    report.add("reload", "the same, scripts and styles in the browser's cache", median(times), "ms", most=300, note=spread(times))


def kept(bench, report):
    times = []
    bench.begin()
    bench.visit()
    eventually("the answer is kept", bench.is_kept)
    visits = 0
    while len(times) < ROUNDS:
        visits += 1
        assert visits <= 2 * ROUNDS, "the page asks although it has the answer"
        bench.leave()
        took = bench.visit()
        # A page asks again when a sync has ended since the visit before.
        if bench.asked() == 0:
            times.append(took)
    report.add("kept", "the same from the client's cache", median(times), "ms", most=100, note=spread(times))


def plain(bench, report):
    """What the browser and the machine need for any page."""
    times = []
    bench.begin()
    for _ in range(ROUNDS):
        bench.leave()
        bench.browser.driver.get(bench.browser.origin + "/api/docs")
        times.append(eventually("a painted page", lambda: bench.browser.run(
            "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime")))
    report.add("plain", "beside it: a page without scripts, painted", median(times), "ms", note=spread(times) + " That of /api/docs.")


def switch(bench, report):
    times = []
    bench.begin()
    bench.visit()
    for _ in range(ROUNDS):
        bench.browser.run("location.hash = arguments[0]", f"#/act_{USUAL}/overview")
        eventually("another view", lambda: bench.browser.run("return document.querySelector('[role=grid]') === null"))
        bench.browser.run(WATCH + "watch(performance.now()); location.hash = arguments[0]", f"#/{ADS}")
        times.append(bench.painted())
    report.add("switch", "from another view to the same", median(times), "ms", most=100, note=spread(times))


def bytes_of_files(bench, report):
    client = Client(bench.stack.port, None)
    public = ROOT + "/nginx/public"
    plain = sent = count = 0
    for folder, _, files in os.walk(public):
        for name in files:
            # admirror.css is that of /api/docs.
            if not name.endswith((".js", ".css")) or name == "admirror.css":
                continue
            answer = client.get("/" + os.path.relpath(f"{folder}/{name}", public))
            is_small = answer.headers["Content-Encoding"] != "gzip"
            sent += len(answer.body)
            plain += len(answer.body if is_small else gzip.decompress(answer.body))
            count += 1
    report.add("bytes", "own scripts and styles as they are sent", sent / 1000, "KB", most=100,
               note=f"{count} files; {plain / 1000:.0f} KB before gzip.")


FIGURES = {"first": first, "reload": reload, "kept": kept, "plain": plain, "switch": switch, "bytes": bytes_of_files}


def measure(report, figures):
    stack = Stack()
    browser = Browser(stack.state + "/browser", f"http://127.0.0.1:{stack.port}", is_logged=False)
    try:
        bench = Bench(stack, browser)
        for figure in figures:
            print(f"==> {figure}", flush=True)
            with report.or_failure(figure):
                FIGURES[figure](bench, report)
    finally:
        browser.quit()


if __name__ == "__main__":
    sys.exit(command.main(sys.argv[1:], list(FIGURES), SIMULATOR_OPTIONS, measure))
