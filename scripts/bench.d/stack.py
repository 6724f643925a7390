"""The stack that scripts/bench has started: its programs, its database, its simulator, its statement log."""

import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import urllib.parse
from dataclasses import dataclass


class Stack:
    def __init__(self):
        self.state = os.environ["ADMIRROR_STATE_DIR"]
        self.bin = os.environ["ADMIRROR_BIN_DIR"]
        self.port = int(os.environ["PORT"])
        # The settings as scripts/run has left them for scripts/admirror.
        printed = subprocess.run(
            ["sh", "-c", '. "$0" && exec env -0', self.state + "/settings"], check=True, capture_output=True, text=True
        ).stdout
        self.environment = dict(pair.split("=", 1) for pair in printed.split("\0") if pair)
        with open(self.state + "/secrets/access_token") as file:
            self.access_token = file.read().strip()
        self.graph_token = subprocess.run(
            [self.bin + "/admirror-simulator", "--print-token"], check=True, capture_output=True, text=True
        ).stdout.strip()
        self.simulator = Simulator(self.port, self.graph_token)

    # --- Programs ---

    def admirror(self, *arguments, stdin=None, **settings):
        """Runs the command line; settings are added to the environment."""
        done = subprocess.run(
            [self.bin + "/admirror", *arguments],
            env=self.environment | settings, input=stdin, capture_output=True, text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(f"admirror {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def sync_child(self, account, **settings):
        """Runs `admirror-sync --account`, which reads everything, in the foreground, and watches its memory.

        The high-water mark is read again and again while the process lives: what wait4 reports at its end may be the
        mark of the process that it was forked from.
        """
        with open(self.state + "/log/bench-sync.log", "a") as log:
            child = subprocess.Popen(
                [self.bin + "/admirror-sync", "--account", account],
                env=self.environment | settings, stdout=log, stderr=log,
            )
            marks = []
            while child.poll() is None:
                mark = high_water_mark(child.pid)
                if mark:
                    marks.append((time.time(), mark))
                time.sleep(0.005)
        if child.returncode != 0:
            raise RuntimeError(f"admirror-sync ended with {child.returncode}: see {log.name}")
        return Memory(marks)

    def add_running_sums(self):
        """Does what a sync child does when it has nothing more urgent to do."""
        subprocess.run(
            [self.bin + "/admirror-sync", "--waiting"], env=self.environment, check=True, capture_output=True
        )
        assert self.value("SELECT count(*) FROM unsummed_months") == "0"

    def end_children(self):
        """Ends the children that go on with history, so that they slow nothing that is measured next."""
        while children := self.sync_children():
            for child in children:
                try:
                    os.kill(child, signal.SIGTERM)
                except ProcessLookupError:
                    pass
            time.sleep(0.05)

    def sync_children(self):
        """The process ids of this stack's sync children."""
        return processes_of(self.state, "admirror-sync")

    def empty(self, account):
        """Makes the account one that was never synced."""
        self.end_children()
        self.admirror("account", "remove", account, "--yes")
        self.admirror(
            "account", "discover", "--add", "--manager", "admin@localhost.localdomain", stdin=self.graph_token
        )
        self.tidy()

    def skip_older_days(self, account):
        """Lets the ads' results of older days count as read."""
        self.sql(
            f"""
            UPDATE insights_days d SET state = 'complete', attempts = 0, read_at = now() FROM ad_accounts a
            WHERE a.id = d.ad_account_id AND a.facebook_account_id = '{account}'
            """
        )

    def tidy(self):
        """Does what autovacuum would do some time or other, so that it does not do it while something is measured."""
        for table in ("campaigns", "ad_groups", "creatives", "insights_daily", "running_sums", "object_changes", "sync_runs"):
            self.sql(f"VACUUM ANALYZE {table}")
            self.sql(f"REINDEX TABLE {table}")  # what was removed before leaves its indexes large
        self.sql("CHECKPOINT")

    # --- Database ---

    def sql(self, text):
        """Runs a statement in psql; rows are lists of texts, NULL is the empty text."""
        return [line.split("\x1f") for line in self.psql("-c", text).splitlines()]

    def value(self, text):
        return self.sql(text)[0][0]

    def psql(self, *arguments):
        done = subprocess.run(
            ["psql", "-qXAt", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", *arguments, self.environment["DATABASE_URL"]],
            env=self.environment | {"PGTZ": "UTC"}, capture_output=True, text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr.strip()}")
        return done.stdout

    def copy_time(self, text):
        r"""Seconds that psql takes for a \copy, as its own \timing prints."""
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write("\\timing on\n" + text + "\n")
            script.flush()
            printed = self.psql("-f", script.name)
        return float(re.search(r"Time: ([\d.]+) ms", printed).group(1)) / 1000

    def last_run(self, account):
        """The account's last sync: its row, with moments as seconds since 1970."""
        row = self.value(
            f"""
            SELECT to_json(r) FROM (
                SELECT r.id, r.outcome, r.error, r.api_calls, r.phases, r.rows_changed,
                       extract(epoch FROM started_at) AS started, extract(epoch FROM finished_at) AS finished
                FROM sync_runs r JOIN ad_accounts a ON a.id = r.ad_account_id
                WHERE a.facebook_account_id = '{account}' ORDER BY requested_at DESC LIMIT 1
            ) r
            """
        )
        run = json.loads(row)
        if run["outcome"] != "done":
            raise RuntimeError(f"the sync of {account} ended with {run['outcome']}: {run['error']}")
        run["rows"] = {phase["phase"]: phase["rows"] for phase in run["phases"]}
        return run

    def statements(self):
        return StatementLog(self)


@dataclass
class Memory:
    """High-water marks of a process's resident memory, in bytes, with their moments."""

    marks: list

    def until(self, moment):
        return max(mark for at, mark in self.marks if at <= moment + 0.01)

    @property
    def peak(self):
        return self.marks[-1][1]


def processes_of(state, program):
    """The ids of the processes of a program that belong to a state folder, as their environment shows."""
    mine = ("ADMIRROR_STATE_DIR=" + state).encode()
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            if os.path.basename(os.readlink(f"/proc/{name}/exe")).split(" ")[0] != program:
                continue
            with open(f"/proc/{name}/environ", "rb") as file:
                if mine in file.read().split(b"\0"):
                    found.append(int(name))
        except OSError:
            continue
    return found


def high_water_mark(process):
    try:
        with open(f"/proc/{process}/status") as file:
            match = re.search(r"Name:\t(\S+)[\s\S]*VmHWM:\s+(\d+) kB", file.read())
    except OSError:
        return None
    # Before its exec the child is a copy of us.
    return int(match.group(2)) * 1024 if match and match.group(1) == "admirror-sync" else None


@dataclass
class Statement:
    began: float
    ended: float
    process: int
    sql: str

    @property
    def seconds(self):
        return self.ended - self.began


class StatementLog:
    """What PostgreSQL logs of the statements of sync children inside a `with`."""

    SETTINGS = {"log_line_prefix": "'@@ %n %p %a '", "log_min_duration_statement": "0", "log_parameter_max_length": "0"}
    ENTRY = re.compile(
        r"^@@ ([\d.]+) (\d+) admirror-sync LOG:  duration: ([\d.]+) ms  (parse|bind|execute|statement)[^:]*: (.*)", re.S
    )

    def __init__(self, stack):
        self.stack = stack
        self.path = stack.state + "/log/postgres.log"
        self.statements = []

    def __enter__(self):
        for name, value in self.SETTINGS.items():
            self.stack.sql(f"ALTER SYSTEM SET {name} = {value}")
        self.reload()
        self.start = os.path.getsize(self.path)
        return self

    def __exit__(self, *_):
        for name in self.SETTINGS:
            self.stack.sql(f"ALTER SYSTEM RESET {name}")
        self.reload()
        with open(self.path, errors="replace") as file:
            file.seek(self.start)
            entries = ("\n" + file.read()).split("\n@@ ")[1:]
        for entry in entries:
            match = self.ENTRY.match("@@ " + entry)
            if not match:
                continue
            ended, seconds = float(match.group(1)), float(match.group(3)) / 1000
            statement = Statement(ended - seconds, ended, int(match.group(2)), match.group(5))
            previous = self.statements[-1] if self.statements else None
            if match.group(4) in ("bind", "execute") and previous and previous.sql == statement.sql:
                previous.ended = statement.ended  # parsed, bound and executed, it is one statement
            else:
                self.statements.append(statement)

    def reload(self):
        self.stack.sql("SELECT pg_reload_conf()")
        time.sleep(0.2)

    def containing(self, *words):
        return [statement for statement in self.statements if all(word in statement.sql for word in words)]

    def commit(self):
        """The statements of the transaction that made a run's objects the account's data, from BEGIN to COMMIT."""
        merge = self.containing("INSERT INTO creatives (", "WITH object")[0]
        mine = [statement for statement in self.statements if statement.process == merge.process]
        place = mine.index(merge)
        first = max(number for number in range(place) if mine[number].sql == "BEGIN")
        last = min(number for number in range(place, len(mine)) if mine[number].sql == "COMMIT")
        return mine[first:last + 1]


class Simulator:
    """Facebook as the stack has it, and the orders that it takes."""

    def __init__(self, port, token):
        self.port = port
        self.token = token
        self.connection = None
        self.calls = 0

    def freeze(self, latency=0):
        """From now on each answer takes so many milliseconds, and nothing changes but by our orders."""
        self.control("DELETE")
        self.order(fault="freeze")
        if latency:
            self.order(fault="latency", value=latency)
        self.control("DELETE", "/calls")

    def order(self, **order):
        return self.control("POST", body=json.dumps(order))

    def counts(self):
        return self.control("GET")["calls"]

    def control(self, method, path="", body=None):
        self.close()  # nginx has ended a connection that was not used for a minute
        status, answer = self.send(method, "/simulator/_control" + path, body)
        if status != 200:
            raise RuntimeError(f"the simulator does not take the order {body}: {answer}")
        return answer

    def rows(self, path, limit, **parameters):
        """All rows of a list, page by page, one call after the other."""
        after = None
        while True:
            query = parameters | {"limit": limit} | ({"after": after} if after else {})
            status, page = self.send("GET", f"/simulator/v23.0/{path}?{urllib.parse.urlencode(query)}")
            self.calls += 1
            if status != 200:
                raise RuntimeError(f"{path}: {page}")
            yield from page["data"]
            if "next" not in page.get("paging", {}):
                return
            after = page["paging"]["cursors"]["after"]

    def send(self, method, target, body=None):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            self.connection.request(method, target, body, {"Authorization": "Bearer " + self.token})
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (http.client.HTTPException, OSError):
            self.close()
            raise

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None
