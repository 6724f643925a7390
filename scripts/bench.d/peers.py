"""The peers that AdMirror's reads are compared with: PHP-FPM with PDO, and Uvicorn with FastAPI and asyncpg.

Both send the same statement to the same PostgreSQL and make the same JSON of the same rows, gzipped at level 1, behind
the same nginx. Neither asks whether the caller may see the account, which AdMirror does.
"""

import glob
import os
import shutil
import subprocess
import tempfile
import time
import urllib.parse

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
STATEMENT = FOLDER + "/campaigns.sql"

# As many processes as there are responders, each with a connection to the database that it keeps.
POOL = """
[global]
error_log = {log}
daemonize = no

[campaigns]
listen = {socket}
listen.mode = 0600
{owner}
pm = static
pm.max_children = {processes}
pm.max_requests = 0
clear_env = no
catch_workers_output = yes
"""

# As production guides have it: compiled code is kept, files are not looked at again.
PHP_SETTINGS = {
    "opcache.enable": 1, "opcache.validate_timestamps": 0, "opcache.jit": "tracing", "opcache.jit_buffer_size": "32M",
    "display_errors": 0, "expose_php": 0, "zlib.output_compression": 0, "memory_limit": "256M",
}

UVICORN_PROCESSES = 2
# Eight callers at once.
UVICORN_CONNECTIONS = 4


class Peers:
    def __init__(self, stack, python, responders):
        self.stack = stack
        self.python = python
        self.responders = responders
        self.processes = []
        # In PostgreSQL's socket folder, because its path is short and scripts/stop cleans it up.
        self.sockets = tempfile.mkdtemp(prefix="bench-", dir=os.path.dirname(database_options(stack)["host"]))
        self.php_socket = self.sockets + "/php.sock"
        self.uvicorn_socket = self.sockets + "/uvicorn.sock"
        self.php_script = FOLDER + "/campaigns.php"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def start(self, name):
        {"php": self.start_php, "fastapi": self.start_uvicorn}[name]()

    def first_answer(self, client, target):
        """Asks until there is an answer."""
        deadline = time.monotonic() + 20
        while True:
            try:
                return client.get(target)
            except RuntimeError:
                if any(process.poll() is not None for process in self.processes) or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def start_php(self):
        program = sorted(glob.glob("/usr/sbin/php-fpm*"))[-1]
        is_root = os.geteuid() == 0
        pool = self.sockets + "/php.conf"
        with open(pool, "w") as file:
            file.write(POOL.format(
                socket=self.php_socket, log=self.stack.state + "/log/php.log", processes=self.responders,
                owner="user = root\ngroup = root" if is_root else "",
            ))
        settings = [word for name, value in PHP_SETTINGS.items() for word in ("-d", f"{name}={value}")]
        self.spawn("php", [program, "--nodaemonize", "--fpm-config", pool, *settings, *(["-R"] if is_root else [])])

    def start_uvicorn(self):
        self.spawn("uvicorn", [
            self.python, "-B", "-m", "uvicorn", "campaigns:app", "--app-dir", FOLDER, "--uds", self.uvicorn_socket,
            "--workers", str(UVICORN_PROCESSES), "--loop", "uvloop", "--http", "httptools", "--no-access-log",
        ])

    def spawn(self, name, command):
        options = database_options(self.stack)
        with open(STATEMENT) as file:
            statement = file.read()
        environment = os.environ | {
            "PGTZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1", "BENCH_SQL": statement,
            "BENCH_DSN": self.stack.environment["DATABASE_URL"],
            "BENCH_PDO_DSN": "pgsql:" + ";".join(f"{name}={value}" for name, value in options.items()),
            "BENCH_CONNECTIONS": str(UVICORN_CONNECTIONS),
        }
        with open(f"{self.stack.state}/log/{name}.log", "a") as log:
            # They end with us, even if we are killed.
            self.processes.append(subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *command], env=environment, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL,
            ))


def database_options(stack):
    """What the URI that scripts/run has made says of the database."""
    parts = urllib.parse.urlsplit(stack.environment["DATABASE_URL"])
    return dict(urllib.parse.parse_qsl(parts.query)) | {"dbname": parts.path[1:], "user": parts.username}
