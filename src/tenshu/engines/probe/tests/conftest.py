"""The loopback town of the prober's tests: an authority, a name server, a real nginx and an odd server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tenshu.engines.probe import Sample, check_once, plan_from
from tenshu.engines.probe.plan import Plan
from tenshu.engines.probe.tests.authority import Authority
from tenshu.engines.probe.tests.name_server import TYPE_A, Answer, NameServer
from tenshu.engines.probe.tests.odd_server import Manner, OddServer
from tenshu.engines.probe.tests.web_server import Nginx, free_port


@dataclass
class Town:
    """Servers of the town. `zone` maps names to answers (by question type) and may be changed by a test."""

    http: int
    https: int
    authority: Authority
    names: NameServer
    odd: OddServer
    odd_tls: OddServer
    zone: dict[str, list[Answer]] = field(default_factory=dict)

    def network(self, **more: object) -> dict[str, object]:
        """The network part of a plan for this town."""
        return {
            "allowed": ["127.0.0.1/32", "::1/128"],
            "dns_servers": [f"127.0.0.1:{self.names.port}"],
            "ca_file": str(self.authority.file),
        } | more

    def plan(self, targets: list[dict[str, object]], **parts: object) -> Plan:
        """A plan with short limits; `parts` replace or add parts of it."""
        base: dict[str, object] = {
            "network": self.network(),
            "pace": {"core_share": 1.0, "canary_s": 0.2},
            "politeness": {"host_gap_s": 0},
            "targets": targets,
        }
        return plan_from(base | parts)

    def check(
        self, url: str, *, family: str = "4", network: dict[str, object] | None = None, **parts: object
    ) -> Sample:
        """One check of `url`."""
        return self.fetch(url, family=family, network=network, **parts)[0]

    def fetch(
        self, url: str, *, family: str = "4", network: dict[str, object] | None = None, **parts: object
    ) -> tuple[Sample, bytes]:
        """One check of `url` with its body."""
        plan = plan_from(
            {"network": network or self.network(), "targets": [{"id": "x", "url": url}], **parts}
        )
        return check_once(url, plan, family=family)


def _zone(town: Town, name: str, kind: int) -> Answer:
    answers = town.zone.get(name)
    if answers is None:
        known = name == "site.test" or name.endswith(".site.test")
        return Answer(["127.0.0.1"] if kind == TYPE_A else ["::1"]) if known else Answer(rcode=3)
    chosen = answers.pop(0) if len(answers) > 1 else answers[0]
    family = [text for text in chosen.addresses if (":" in text) != (kind == TYPE_A)]
    return Answer(family, chosen.cname, chosen.rcode, chosen.ttl, chosen.silent, chosen.truncate)


@pytest.fixture(scope="session")
def running_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    authority = Authority(folder)
    town = Town(
        free_port(), free_port(), authority, NameServer(lambda name, kind: _zone(town, name, kind)),
        OddServer(), OddServer(authority.leaf("odd", ["*.site.test", "site.test"])),
    )  # fmt: skip
    nginx = Nginx(folder, _blocks(town, folder))
    nginx.start(("127.0.0.1", town.https))
    yield town
    nginx.stop()
    town.names.close()
    town.odd.close()
    town.odd_tls.close()


@pytest.fixture
def town(running_town: Town) -> Town:
    """The town, with well-behaved servers and an empty zone."""
    running_town.zone.clear()
    running_town.names.queries.clear()
    for server in (running_town.odd, running_town.odd_tls):
        server.manner = Manner()
        server.seen.clear()
    return running_town


def _blocks(town: Town, folder: Path) -> str:
    (folder / "index.html").write_bytes(
        b"<!doctype html><title>town</title>" + "市民の皆さまへ".encode() * 1000
    )
    (folder / "foreign").mkdir()
    good = town.authority.leaf("good", ["*.site.test", "site.test"], days=30)
    expired = town.authority.leaf("expired", ["expired.site.test"], days=-3)
    other = town.authority.leaf("other", ["elsewhere.test"])
    foreign = Authority(folder / "foreign", "Unknown Root").leaf("foreign", ["foreign.site.test"])
    redirects = "".join(
        f"location = {path} {{ return {status} {where}; }}\n"
        for path, status, where in (
            ("/hop1", 301, "/hop2"),
            ("/hop2", 302, f"https://site.test:{town.https}/"),
            ("/loop", 302, "/loop2"),
            ("/loop2", 302, "/loop"),
            ("/inside", 302, f"http://127.0.0.2:{town.http}/"),
            ("/inside-by-name", 302, f"http://inner.site.test:{town.http}/"),
            ("/file", 302, "file:///etc/passwd"),
            ("/missing", 404, ""),
        )
    )
    listen = f"listen {town.https} ssl http2; listen [::1]:{town.https} ssl http2;"
    blocks = [
        f"server {{ {listen} listen {town.http}; listen [::1]:{town.http};"
        f" server_name site.test *.site.test; gzip on; gzip_min_length 100; root {folder};"
        f" ssl_certificate {good.chain}; ssl_certificate_key {good.key};\n{redirects}"
        " location ~ ^/long/(?<step>.*)$ { return 302 /long/x$step; } }"
    ]
    for name, leaf in (("expired", expired), ("other", other), ("foreign", foreign)):
        blocks.append(
            f"server {{ {listen} server_name {name}.site.test; root {folder};"
            f" ssl_certificate {leaf.chain}; ssl_certificate_key {leaf.key}; }}"
        )
    return "\n".join(blocks)
