"""AdMirror as `scripts/run --detach` starts it, in a state folder of its own, on a free port, with the programs that were
just built."""

import hashlib
import json
import os
import re
import secrets
import socket
import subprocess
import urllib.request

ROOT = os.path.abspath(f"{os.path.dirname(__file__)}/../../..")

# Ad accounts of the simulator, by what tests use them for.
LARGE = "act_11"  # 50 campaigns, 500 ad sets, 5,000 ads: read only, but for names
SMALL = "act_12"  # synced again and again
NAMED = "act_13"  # gets hostile names
BROKEN = "act_14"  # its token is refused
HELD = "act_15"  # runs into a rate limit
DEEP = "act_16"  # gets more history
BEHIND = "act_18"  # was last synced ten days ago
ACCOUNTS = f"{LARGE}:50:500:5000 {SMALL}:4:8:20 {NAMED}:3:4:6 {BROKEN}:1:1:2 {HELD}:1:1:2 {DEEP}:2:3:5 {BEHIND}:4:8:20".replace("act_", "").split()

OWNER = "admin@localhost.localdomain"


class Stack:
    def __init__(self, folder, simulator_options="", **settings):
        self.state = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        # A clean environment, so that the developer's settings do not affect tests.
        kept = ("PATH", "HOME", "LANG", "TMPDIR", "ADMIRROR_BIN_DIR")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ} | {
            "ADMIRROR_STATE_DIR": folder, "ADMIRROR_ENV_FILE": "/dev/null", "ADMIRROR_POSTGRES_OPTIONS": "-F",
            # These tests need few older days, and those are most of the work of a first sync.
            "INSIGHTS_HISTORY_DAYS": "30", "PICTURES_MB": "1", "PORT": str(self.port),
            "ADMIRROR_SIMULATOR_OPTIONS": simulator_options or " ".join("--account " + each for each in ACCOUNTS),
        } | settings
        done = self.script("run", "--detach")
        if done.returncode != 0:
            self.stop()
            raise RuntimeError(f"scripts/run: {done.stdout}\n{done.stderr}")
        self.token = self.secret("access_token")
        self.password = self.secret("password")
        with open(folder + "/settings") as file:
            self.database = re.search("^export DATABASE_URL='(.*)'$", file.read(), re.MULTILINE)[1]
        # The person owns all accounts, so that the settings show everything.
        self.sql("UPDATE account_access SET role = 'owner'")

    def script(self, name, *arguments):
        # A file instead of a pipe: processes that scripts/run leaves running would keep a pipe open.
        with open(f"{self.state}.{name}.log", "w+") as log:
            done = subprocess.run([f"{ROOT}/scripts/{name}", *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                                  stdout=log, stderr=log, timeout=120)
            log.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, log.read(), "")

    def stop(self):
        self.script("stop")

    def secret(self, name):
        with open(f"{self.state}/secrets/{name}") as file:
            return file.read().strip()

    # --- People ---

    def add_person(self, email, password, *roles):
        """Adds a person with a password. `roles` are pairs of an account and a role."""
        self.admirror("user", "add", email)
        self.admirror("user", "set-password", email, stdin=password)
        for account, role in roles:
            self.admirror("access", "grant", email, account, "--role", role)

    def admirror(self, *arguments, stdin=""):
        done = subprocess.run([f"{ROOT}/scripts/admirror", *arguments], env=self.environment, input=stdin,
                              capture_output=True, text=True, timeout=30)
        if done.returncode != 0:
            raise RuntimeError(f"admirror {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def begin_session(self, email=OWNER):
        """Creates a session as signing in does, without its throttle. Returns the cookie's value."""
        session = secrets.token_hex(32)
        hashed = hashlib.sha256(session.encode()).hexdigest()
        self.sql(
            f"INSERT INTO sessions (id_hash, user_id, address, agent) SELECT '\\x{hashed}', id, '127.0.0.1', 'tests'"
            f" FROM users WHERE email = '{email}'"
        )
        return session

    def end_sessions(self):
        self.sql("DELETE FROM sessions")

    # --- Data ---

    def change(self, account, *statements):
        """Changes what is stored behind the back of the syncs. `$1` in a statement is the account. Every UPDATE has to find rows."""
        number = f"(SELECT id FROM ad_accounts WHERE facebook_account_id = '{account[4:]}')"
        for statement in statements:
            if self.sql(statement.replace("$1", number), "-c", "\\echo :ROW_COUNT") == "0" and statement.startswith("UPDATE"):
                raise RuntimeError(f"no row to change: {statement}")
        for path in ("/api/campaigns", "/api/ad-sets", "/api/ads", "/api/insights"):
            self.admirror("revalidate", path)

    def sql(self, statement, *more):
        done = subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", self.database, "-c", statement, *more],
                              capture_output=True, text=True, timeout=30)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def get(self, target, **headers):
        """The body of a response of the API."""
        return self.send("GET", target, None, {"Authorization": "Bearer " + self.token} | headers).decode()

    def rows(self, path, account, **parameters):
        """The only list in a response."""
        query = "".join(f"&{name}={value}" for name, value in parameters.items())
        return next(iter(json.loads(self.get(f"{path}?adAccountId={account}{query}")).values()))

    def sync(self, account):
        """Syncs the account, and returns when the sync has ended, in whatever way."""
        subprocess.run([f"{ROOT}/scripts/admirror", "sync", "--account", account, "--force", "--wait"], env=self.environment,
                       stdin=subprocess.DEVNULL, capture_output=True, timeout=60)

    def order(self, **members):
        """Orders a fault of the simulator. Without members, ends all faults."""
        method, body = ("POST", json.dumps(members).encode()) if members else ("DELETE", None)
        return json.loads(self.send(method, "/simulator/_control", body, {}))

    def send(self, method, target, body, headers):
        request = urllib.request.Request(self.address + target, data=body, headers=headers, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return answer.read()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
