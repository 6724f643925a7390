"""Ways to ask: wrk and pgbench for as much as goes, Client for one request after the other."""

import gzip
import http.client
import json
import os
import re
import statistics
import subprocess
import time
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass
class Load:
    """What came of asking for some seconds: requests a second, and the 99th percentile of their seconds."""

    rate: float
    p99: float = 0


class Wrk:
    """Asks for one URL again and again; `size` is what each answer has at least, in bytes."""

    def __init__(self, url, token_file=None, tag=None, connections=8, size=0):
        self.url = url
        self.connections = connections
        self.size = size
        variables = {"BENCH_TOKEN_FILE": token_file, "BENCH_IF_NONE_MATCH": tag}
        self.environment = os.environ | {name: value for name, value in variables.items() if value}

    def __call__(self, seconds):
        done = subprocess.run(
            ["wrk", "-t1", f"-c{self.connections}", f"-d{seconds}", "--timeout", "10s", "-s", HERE + "/inputs/wrk.lua", self.url],
            env=self.environment, check=True, capture_output=True, text=True,
        )
        result = json.loads(done.stdout.splitlines()[-1])
        if result["errors"] or result["bytes"] < self.size * result["requests"]:
            raise RuntimeError(f"{self.url} does not answer as it should: {result}, {self.size} bytes each expected")
        return Load(result["requests"] / result["duration"] * 1e6, result["p99"] / 1e6)


class Pgbench:
    """Runs one statement again and again, prepared, and throws the rows away."""

    def __init__(self, stack, file, account, connections=8):
        self.environment = stack.environment | {"PGTZ": "UTC"}
        self.arguments = [
            "pgbench", "-n", "-M", "prepared", f"-c{connections}", "-j1", "-f", file, "-D", "account=" + account,
            stack.environment["DATABASE_URL"],
        ]

    def __call__(self, seconds):
        done = subprocess.run(
            [*self.arguments[:-1], f"-T{seconds}", self.arguments[-1]],
            env=self.environment, capture_output=True, text=True,
        )
        match = re.search(r"^tps = ([\d.]+)", done.stdout, re.M)
        if done.returncode != 0 or not match:
            raise RuntimeError(f"pgbench: {done.stderr.strip()}")
        return Load(float(match.group(1)))


def interleaved(sides, rounds, seconds, errors=None):
    """Runs each side for so many seconds, one after the other, again and again. Returns a list of Loads for each name.

    With `errors`, a side that fails is noted there and left out from then on.
    """
    loads = {name: [] for name in sides}

    def run(name, seconds):
        try:
            return sides[name](seconds)
        except Exception as error:
            if errors is None:
                raise
            errors[name] = error
            del loads[name]

    for name in sides:
        run(name, 1)  # connections, plans and caches
    for _ in range(rounds):
        for name in list(loads):
            load = run(name, seconds)
            if load:
                loads[name].append(load)
    return loads


def median(values):
    return statistics.median(list(values))


def paired(ours, others):
    """The median of what each round says by itself, so that whatever else the machine did then slowed both."""
    return median(one / other for one, other in zip(ours, others))


class Client:
    """Asks one thing after the other over one connection, and takes the time until the whole answer is there."""

    def __init__(self, port, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Accept-Encoding": "gzip"} | ({"Authorization": "Bearer " + token} if token else {})

    def get(self, target, expected=200, **headers):
        began = time.perf_counter()
        self.connection.request("GET", target, headers=self.headers | headers)
        answer = self.connection.getresponse()
        body = answer.read()
        seconds = time.perf_counter() - began
        if answer.status != expected:
            raise RuntimeError(f"{target} answers {answer.status}: {body[:200]}")
        if expected == 200 and not body:
            raise RuntimeError(f"{target} answers 200 with an empty body")
        return Answer(answer.headers, body, seconds)

    def close(self):
        self.connection.close()


@dataclass
class Answer:
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float

    def json(self):
        is_gzipped = self.headers.get("Content-Encoding") == "gzip"
        return json.loads(gzip.decompress(self.body) if is_gzipped else self.body)
