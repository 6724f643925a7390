"""What the bench adds to the configuration of the stack's nginx: the same server without the cache of answers, the same with
CLIENT_CACHE_CONTROL=no-cache, and a server for the peers."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time

PEERS = """
upstream bench_uvicorn {{
  server "unix:{uvicorn}";
  keepalive 8;
}}

server {{
  listen 127.0.0.1:{port};
  server_tokens off;
  {access_log}
  tcp_nopush off;
  root "{root}";

  # GET /static/campaigns.json sends campaigns.json.gz unchanged. Its file stays open if those of cached responses do.
  location /static/ {{
    gzip_static on;
    {open_files}
  }}

  location = /php/campaigns {{
    include /etc/nginx/fastcgi_params;
    fastcgi_param SCRIPT_FILENAME "{script}";
    fastcgi_pass "unix:{php}";
    fastcgi_buffer_size 16k;
    fastcgi_buffers 16 64k;
    fastcgi_busy_buffers_size 128k;
  }}

  location = /fastapi/campaigns {{
    proxy_pass http://bench_uvicorn/campaigns$is_args$args;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffer_size 16k;
    proxy_buffers 16 64k;
    proxy_busy_buffers_size 128k;
  }}
}}
"""


# As `admirror nginx` prints it for that setting, under another name.
ASKED_AGAIN = """
map $upstream_http_cache_control $bench_cache_control {
  default $upstream_http_cache_control;
  "~^public, s-maxage=300, stale-while-revalidate=600\\z" "private, no-cache";
}
"""


class Front:
    """Addresses to ask at: with the cache, without it, with it for clients that ask again, and the peers."""

    def __init__(self, stack, peers):
        self.stack = stack
        self.folder = stack.state + "/nginx"
        self.log = stack.state + "/log/nginx-access.log"
        self.root = stack.state + "/bench-files"
        os.makedirs(self.root + "/static", exist_ok=True)
        self.cached = stack.port
        self.uncached, self.asked_again, self.peers = free_port(), free_port(), free_port()

        server = self.server()
        access_log = re.search(r"^  access_log [^;]+;", server, re.M)
        self.write("conf.d/bench-uncached.conf", self.without_cache(server))
        self.write("conf.d/bench-asked-again.conf", ASKED_AGAIN + self.for_clients_that_ask_again(server))
        self.write(
            "conf.d/bench-peers.conf",
            PEERS.format(
                port=self.peers, root=self.root, php=peers.php_socket, script=peers.php_script,
                uvicorn=peers.uvicorn_socket,
                access_log=access_log.group(0).strip() if access_log else "", open_files=self.open_files(),
            ),
        )
        self.reload()

    def server(self):
        """AdMirror's server block as scripts/run has rendered it."""
        with open(self.folder + "/conf.d/admirror.conf") as file:
            blocks = re.findall(r"^server \{\n.*?^\}", file.read(), re.M | re.S)
        return next(block for block in blocks if f"listen 127.0.0.1:{self.cached};" in block)

    def without_cache(self, server):
        """The same server on another port. The right to read is asked for, and kept for a second, as ever."""
        return self.changed(server, "uncached", self.uncached, r"^(\s*)fastcgi_cache answers;", r"\1fastcgi_cache off;")

    def for_clients_that_ask_again(self, server):
        """The same server on another port, with CLIENT_CACHE_CONTROL=no-cache."""
        return self.changed(server, "asked-again", self.asked_again, r"\$client_cache_control\b", "$bench_cache_control")

    def changed(self, server, name, port, pattern, replacement):
        """The same server on another port, with snippets of its own in which something is replaced."""
        copy = f"{self.folder}/snippets-{name}"
        shutil.copytree(self.folder + "/snippets", copy)
        changes = 0
        for file_name in os.listdir(copy):
            # What follows from the settings belongs to all servers, and stays as it is.
            if file_name == "site.conf":
                continue
            with open(f"{copy}/{file_name}") as file:
                text = file.read().replace("include snippets/", f"include snippets-{name}/")
            text, times = re.subn(pattern, replacement, text, flags=re.M)
            changes += times
            self.write(f"snippets-{name}/{file_name}", text)
        if changes == 0:
            raise RuntimeError(f"nginx/snippets has nothing that looks like {pattern}")
        server = server.replace(f"listen 127.0.0.1:{self.cached};", f"listen 127.0.0.1:{port};")
        return server.replace("include snippets/", f"include snippets-{name}/")

    def open_files(self):
        """What the location of cached answers says of open files."""
        with open(self.folder + "/snippets/cached-read.conf") as file:
            return " ".join(re.findall(r"^\s*(open_file_cache\w* [^;]+;)", file.read(), re.M))

    def write(self, name, text):
        with open(f"{self.folder}/{name}", "w") as file:
            file.write(text)

    def reload(self):
        check = subprocess.run(
            ["nginx", "-p", self.stack.state, "-e", "stderr", "-c", self.folder + "/nginx.conf", "-t", "-q"],
            capture_output=True, text=True,
        )
        if check.returncode != 0:
            raise RuntimeError(f"the configuration of nginx is not valid: {check.stderr.strip()}")
        with open(self.stack.state + "/nginx.pid") as file:
            os.kill(int(file.read()), signal.SIGHUP)
        for port in (self.uncached, self.asked_again, self.peers):
            wait_for_port(port)
        time.sleep(0.5)  # workers of before end

    def logged_seconds(self, path):
        """What the access log says that each request for a path took."""
        line = re.compile(rf'target="{re.escape(path)}[?"].* seconds=([\d.]+) ')
        with open(self.log) as file:
            return [float(match.group(1)) for match in map(line.search, file) if match]

    def forget_log(self):
        """Empties the access log: a benchmark writes hundreds of megabytes, and nginx appends wherever the end is."""
        os.truncate(self.log, 0)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for_port(port):
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise RuntimeError(f"nothing listens on port {port}") from None
            time.sleep(0.05)
