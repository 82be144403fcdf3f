"""A real nginx on loopback for tests and benchmarks, in a temporary folder, stopped by its own process id."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

_HEAD = """daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_processes {workers};
worker_rlimit_nofile 19000;
events {{ worker_connections 8192; multi_accept on; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  types {{ text/html html; text/plain txt; application/javascript js; }}
  default_type text/html;
  server_names_hash_max_size 8192; server_names_hash_bucket_size 128;
  ssl_session_tickets off; ssl_session_cache off; ssl_protocols TLSv1.2 TLSv1.3;
  keepalive_timeout 5s; sendfile on; etag on;
"""


@dataclass
class Nginx:
    """One nginx with the given `server` blocks; `port()` hands out free loopback ports beforehand."""

    folder: Path
    blocks: str
    workers: int = 1
    process: subprocess.Popen[bytes] | None = None

    def start(self, ready: tuple[str, int]) -> None:
        """Start nginx and wait until `ready` (address, port) accepts a connection."""
        configuration = self.folder / "nginx.conf"
        # Workers of a server started by root would run as another user and could not read the temporary
        # folder.
        user = "user root;\n" if os.geteuid() == 0 else ""
        text = user + _HEAD.format(folder=self.folder, workers=self.workers) + self.blocks + "\n}\n"
        configuration.write_text(text, encoding="utf-8")
        self.process = subprocess.Popen(
            ["nginx", "-p", str(self.folder), "-e", str(self.folder / "error.log"), "-c", str(configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(ready, timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        log = self.folder / "error.log"
        raise RuntimeError("nginx did not start: " + (log.read_text() if log.exists() else ""))

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
            self.process = None


def free_port(address: str = "127.0.0.1") -> int:
    """A port of `address` that was free a moment ago."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port
