"""scripts/bench faults: what readers notice of full disks, of processes that are stopped or killed, and of scarce descriptors.

    faults.py --simulator-options [FIGURE…]   what the stack's simulator has to be started with
    faults.py RESULT.json [FIGURE…]           measures, prints the table, writes it
"""

import http.client
import itertools
import os
import signal
import socket
import sys
import threading
import time

import command
from stack import Stack, processes_of

ACCOUNT = "act_11"
SIMULATOR_OPTIONS = "--account 11:50:500:5000"
# Read again and again, so that nginx has them.
CACHED = [
    f"/api/campaigns?adAccountId={ACCOUNT}", f"/api/ads?adAccountId={ACCOUNT}&limit=500", f"/api/insights?adAccountId={ACCOUNT}",
]
READERS = 4
PAUSE = 0.02


class Load:
    """Four readers of what is cached, and four of what is not, each with a pause between two reads."""

    def __init__(self, stack):
        self.stack = stack
        self.stops = False
        self.reads = {"cached": [], "uncached": []}
        self.threads = [
            threading.Thread(target=self.run, args=(kind, self.targets(kind, number)), daemon=True)
            for kind in self.reads for number in range(READERS)
        ]

    @staticmethod
    def targets(kind, number):
        if kind == "cached":
            return itertools.cycle(CACHED)
        return (
            target for count in itertools.count()
            for target in (f"/api/ads?adAccountId={ACCOUNT}&limit=200&q={number}.{time.time_ns()}.{count}", "/api/ad-accounts")
        )

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        self.stops = True
        for thread in self.threads:
            thread.join()

    def run(self, kind, targets):
        connection = None
        for target in targets:
            if self.stops:
                return
            began = time.monotonic()
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=30)
                connection.request("GET", target, headers={"Authorization": "Bearer " + self.stack.access_token})
                answer = connection.getresponse()
                answer.read()
                is_good = answer.status == 200
            except (OSError, http.client.HTTPException):
                is_good = False
                connection = None
            self.reads[kind].append((began, time.monotonic() - began, is_good))
            time.sleep(PAUSE)

    def since(self, kind, moment, until):
        return [read for read in self.reads[kind] if moment <= read[0] < until]


class SmallDisk:
    """The file system that scripts/bench has mounted over a folder of the stack."""

    def __init__(self, stack, name):
        self.folder = f"{stack.state}/{name}"
        self.filler = self.folder + "/filler"

    def fill(self):
        with open(self.filler, "ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass

    def empty(self):
        os.unlink(self.filler)


def full(*names):
    def fault(stack):
        disks = [SmallDisk(stack, name) for name in names]
        for disk in disks:
            disk.fill()
        return lambda: [disk.empty() for disk in disks]
    return fault


def stopped(find):
    def fault(stack):
        processes = find(stack)
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        return lambda: [os.kill(process, signal.SIGCONT) for process in processes]
    return fault


def responders(stack):
    return processes_of(stack.state, "admirror-responder")


def postgres(stack):
    with open(stack.state + "/postgres/data/postmaster.pid") as file:
        first = int(file.readline())
    return [first, *children(first)]


def children(parent):
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                if int(file.read().rsplit(") ", 1)[1].split()[1]) == parent:
                    found.append(int(name))
        except OSError:
            continue
    return found


def killed(stack):
    for program in ("multiwatch", "admirror-responder"):
        for process in processes_of(stack.state, program):
            os.kill(process, signal.SIGKILL)
    return lambda: None


def connections(stack):
    """More connections that nobody uses than nginx's workers may have."""
    idle = [socket.create_connection(("127.0.0.1", stack.port)) for _ in range(3000)]
    return lambda: [each.close() for each in idle]


# Each figure: the fault, its duration in seconds, and how to cause it.
FAULTS = {
    "answers": ("the file system of nginx's answers is full", 10, full("cache")),
    "authorizations": ("the file system of nginx's authorizations is full", 10, full("authorizations")),
    "logs": ("the file systems of logs and temporary files are full", 10, full("log", "tmp")),
    "connections": ("3,000 connections that nobody uses", 10, connections),
    "responders": ("all responders are stopped for ten seconds", 10, stopped(responders)),
    "database": ("PostgreSQL is stopped for a minute", 60, stopped(postgres)),
    "multiwatch": ("multiwatch and all responders are killed", 10, killed),
}
FIGURES = list(FAULTS)


def measure(report, figures):
    stack = Stack()
    stack.admirror("sync", "--account", ACCOUNT, "--wait", SYNC_INTERVAL_SECONDS="1")
    for figure in figures:
        what, seconds, fault = FAULTS[figure]
        print(f"==> {figure}", flush=True)
        with report.or_failure(figure), Load(stack) as load:
            time.sleep(3)
            began = time.monotonic()
            undo = fault(stack)
            try:
                time.sleep(seconds)
            finally:
                undo()
            ended = time.monotonic()
            time.sleep(5)
            load.end()
            cached = load.since("cached", began, ended)
            uncached = load.since("uncached", began, ended)
            after = load.since("cached", ended, float("inf")) + load.since("uncached", ended + 2, float("inf"))
            waits = sorted(1000 * read[1] for read in cached)
            report.add(
                figure, f"{what}: cached reads that failed", failed(cached), most=0,
                note=f"Of {len(cached):,}; of {len(uncached):,} others {failed(uncached):,}; of {len(after):,} afterwards {failed(after)}.",
            )
            report.add(figure, "the same: 99th percentile of cached reads", waits[int(0.99 * len(waits))], "ms",
                       most=1000 if figure == "responders" else 100, note=f"The slowest took {waits[-1]:,.0f} ms.")
            if figure in ("answers", "authorizations", "logs", "connections", "multiwatch"):
                report.add(figure, "the same: other reads that failed", failed(uncached), most=0)
            report.add(figure, "the same: reads that failed afterwards", failed(after), most=0)


def failed(reads):
    return sum(not is_good for _, _, is_good in reads)


if __name__ == "__main__":
    sys.exit(command.main(sys.argv[1:], FIGURES, SIMULATOR_OPTIONS, measure))
