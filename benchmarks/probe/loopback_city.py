"""A loopback city for the prober's benchmark: 1,000 virtual hosts on 1,000 addresses, one real nginx, one
CA.
"""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tenshu.engines.probe.tests import name_server
from tenshu.engines.probe.tests.authority import Authority
from tenshu.engines.probe.tests.web_server import Nginx, free_port

_SENTENCE = "市民の皆さまへ 令和の防災訓練を実施します。お問い合わせは危機管理課まで。"


@dataclass
class City:
    """Addresses and files of the running city; `stop` ends what `build` started."""

    sites: int
    http_port: int
    https_port: int
    dns_port: int
    trust: Path
    root: Path
    nginx: Nginx
    name_processes: list[subprocess.Popen[str]]
    enter: list[str]

    def url(self, number: int, *, tls: bool = True) -> str:
        scheme, port = ("https", self.https_port) if tls else ("http", self.http_port)
        return f"{scheme}://s{number:04d}.site.test:{port}/"

    def address(self, number: int) -> str:
        return f"127.1.{(number + 1) >> 8}.{(number + 1) & 255}"

    def stop(self) -> None:
        self.nginx.stop()
        for process in self.name_processes:
            process.terminate()
            process.wait(10)


def build(folder: Path, sites: int = 1000) -> City:
    """Write pages, certificates and configuration under `folder`; start nginx and the name server."""
    authority = Authority(folder)
    leaf = authority.leaf("site", ["*.site.test", "site.test"])
    _write_pages(folder / "pages", sites)
    http_port, https_port = free_port(), free_port()
    nginx = Nginx(folder, _blocks(folder, sites, http_port, https_port, leaf.chain, leaf.key))
    nginx.start(("127.0.0.1", https_port))
    dns, dns_port = _name_server()
    trust = folder / "trust.pem"
    trust.write_bytes(_public_roots() + authority.file.read_bytes())
    helper, enter = _private_names(folder)
    return City(sites, http_port, https_port, dns_port, trust, authority.file, nginx, [dns, *helper], enter)


def _name_server(*place: str) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, name_server.__file__, *place]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    return process, int(line) if line else 0


def _private_names(folder: Path) -> tuple[list[subprocess.Popen[str]], list[str]]:
    """A command prefix under which the system resolver asks our name server, for peers without that choice.

    It needs the right to bind port 53 and to make a mount namespace (root); else it is empty and such
    peers get addresses instead of names, which spares them the DNS stage.
    """
    settings = folder / "resolv.conf"
    settings.write_text("nameserver 127.0.0.53\n")
    script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
    enter = ["unshare", "-m", "sh", "-c", script, str(settings)]
    try:
        usable = subprocess.run([*enter, "true"], capture_output=True).returncode == 0
    except OSError:
        usable = False
    if not usable:
        return [], []
    process, port = _name_server("127.0.0.53", "53")
    if not port:
        process.wait(5)
        return [], []
    return [process], enter


def _public_roots() -> bytes:
    """The public root certificates, so that the trust store has its everyday size."""
    for path in ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"):
        if Path(path).exists():
            return Path(path).read_bytes() + b"\n"
    return b""


def _write_pages(folder: Path, sites: int) -> None:
    """One page a site, 30 to 100 kB, in the style of a municipal top page."""
    folder.mkdir()
    draw = random.Random(20261123)
    block = "".join(
        f'<li><a href="/news/{number:05d}.html">{_SENTENCE}</a><span class="date">{number}</span></li>\n'
        for number in range(600)
    ).encode()
    for number in range(sites):
        size = draw.randint(30_000, 100_000)
        start = draw.randrange(len(block))
        body = (block[start:] + block * 2)[: size - 200]
        head = f"<!doctype html><html lang=ja><meta charset=utf-8><title>s{number:04d}</title><ul>".encode()
        site = folder / f"s{number:04d}"
        site.mkdir()
        (site / "index.html").write_bytes(head + body + b"</ul></html>")


def _blocks(folder: Path, sites: int, http: int, https: int, chain: Path, key: Path) -> str:
    common = f"  ssl_certificate {chain};\n  ssl_certificate_key {key};\n"
    head = (
        f"{common}\n  server {{ listen {http} default_server backlog=8192;"
        f" listen {https} ssl default_server backlog=8192; server_name _;"
        " location / { return 404; } location = /stub { stub_status; } }\n"
    )
    rows = [
        f"  server {{ listen {http}; listen {https} ssl; server_name s{number:04d}.site.test;"
        f" root {folder}/pages/s{number:04d}; }}"
        for number in range(sites)
    ]
    return head + "\n".join(rows)
