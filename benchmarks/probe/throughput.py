"""Checks per core and memory: the prober beside wrk, blackbox_exporter, httpx and aiohttp in one run.

A check of ours = DNS question + new TCP + verified TLS 1.3 + chain + full body + SHA-256 + five phases +
journal on disk. wrk knows none of these but TCP, TLS and body; it is the ceiling. CPU seconds per 1,000
checks are compared, because wall time on a shared machine says little. Best of the rounds for everybody.
Peers: `apt-get install wrk prometheus-blackbox-exporter`, `pip install httpx aiohttp` (the extra `bench`).
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

from loopback_city import City, build

from tenshu.engines.probe.tests.web_server import free_port

PEERS = Path(__file__).with_name("peers.py")
PROBE = [sys.executable, "-m", "tenshu.engines.probe"]
Figures = dict[str, float]


def run_probe(city: City, folder: Path, count: int, round_: int) -> Figures:
    """The prober over `count` targets, 100 in flight, brakes off."""
    plan = folder / "plan.json"
    plan.write_text(json.dumps(probe_plan(city, count)))
    out = folder / f"results-{round_}.parquet"
    command = [*PROBE, "run", "--plan", str(plan), "--out", str(out), "--at-once", "--quiet"]
    summary = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if summary["outcomes"] != {"ok": count}:
        raise SystemExit(f"the prober did not complete every check: {summary}")
    out.unlink()
    return {"cpu": summary["cpu_s"] / count * 1000, "memory": summary["peak_memory_mb"]}


def probe_plan(city: City, count: int) -> dict[str, object]:
    return {
        "network": {
            "allow_private": True,
            "dns_servers": [f"127.0.0.1:{city.dns_port}"],
            "ca_file": str(city.trust),
        },
        "politeness": {"per_host": 1000, "per_address": 1000, "host_gap_s": 0},
        "pace": {"core_share": 1.0, "late_ms": 1e9},
        "targets": [
            {"id": f"t{number}", "url": city.url(number % city.sites), "family": "4"}
            for number in range(count)
        ],
    }


def run_wrk(city: City, folder: Path, seconds: float) -> Figures:
    """wrk over all virtual hosts, one connection a request."""
    script = folder / "rotate.lua"
    script.write_text(
        f"local n = 0\nrequest = function() n = n + 1\n"
        f'return wrk.format("GET", "/", {{ ["Host"] = string.format("s%04d.site.test", n % {city.sites}),'
        f' ["Connection"] = "close" }}) end\n'
    )
    url = f"https://127.0.0.1:{city.https_port}/"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["wrk", "-t1", "-c100", f"-d{seconds:.0f}s", "-s", str(script), url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    requests = int(next(line for line in text.splitlines() if "requests in" in line).split()[0])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": cpu / requests * 1000}


def run_client(kind: str, city: City, folder: Path, count: int) -> Figures:
    told = folder / "city.json"
    facts = {
        "trust": str(city.trust),
        "port": city.https_port,
        "sites": city.sites,
        "names": bool(city.enter),
    }
    told.write_text(json.dumps(facts))
    command = [*city.enter, sys.executable, str(PEERS), kind, str(told), str(count)]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {"cpu": figures["cpu_s"] / figures["checks"] * 1000, "memory": figures["memory_mb"]}


def run_blackbox(city: City, folder: Path, count: int) -> Figures:
    """blackbox_exporter with GOMAXPROCS=1; only the exporter's own CPU counts."""
    config, port = folder / "blackbox.yml", free_port()
    config.write_text(
        "modules:\n  page:\n    prober: http\n    timeout: 30s\n"
        "    http: {preferred_ip_protocol: ip4, follow_redirects: false}\n"
    )
    exporter = subprocess.Popen(
        [
            *city.enter,
            shutil.which("prometheus-blackbox-exporter") or "prometheus-blackbox-exporter",
            f"--config.file={config}",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
        env={**os.environ, "GOMAXPROCS": "1", "SSL_CERT_FILE": str(city.trust)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        asyncio.run(scrape(city, port, 20))  # its trust store is read once, before the clock starts
        before = cpu_of(exporter.pid)
        asyncio.run(scrape(city, port, count))
        memory = float("nan")
        for line in Path(f"/proc/{exporter.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                memory = int(line.split()[1]) / 1024
        return {"cpu": (cpu_of(exporter.pid) - before) / count * 1000, "memory": memory}
    finally:
        exporter.terminate()
        exporter.wait(10)


async def scrape(city: City, port: int, count: int) -> None:
    """Ask the exporter for `count` probes over 100 kept connections."""
    numbers = iter(range(count))

    async def worker() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            site = number % city.sites
            named = "" if city.enter else f"&hostname=s{site:04d}.site.test"
            target = quote(
                city.url(site) if city.enter else f"https://{city.address(site)}:{city.https_port}/"
            )
            writer.write(
                f"GET /probe?module=page{named}&target={target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
            if "content-length" in fields:
                body = await reader.readexactly(int(fields["content-length"]))
            else:
                body = b""
                while (size := int(await reader.readline(), 16)) > 0:
                    body += await reader.readexactly(size)
                    await reader.readline()
                await reader.readline()
            if b"probe_success 1" not in body:
                raise SystemExit("blackbox_exporter: a probe failed:\n" + body.decode()[-2000:])
        writer.close()

    await asyncio.gather(*(worker() for _ in range(min(100, count))))


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/healthy", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("blackbox_exporter did not start")


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def best(old: Figures | None, new: Figures) -> Figures:
    return new if old is None or new["cpu"] < old["cpu"] else old


def measure(city: City, folder: Path, *, rounds: int, count: int, seconds: float) -> dict[str, Figures]:
    """Everybody in turn, `rounds` times; the best of each."""
    found: dict[str, Figures] = {}
    for round_ in range(rounds):
        if shutil.which("wrk"):
            found["wrk"] = best(found.get("wrk"), run_wrk(city, folder, seconds))
        found["probe"] = best(found.get("probe"), run_probe(city, folder, count, round_))
        if shutil.which("prometheus-blackbox-exporter"):
            found["blackbox"] = best(found.get("blackbox"), run_blackbox(city, folder, count))
        for kind in ("httpx", "aiohttp"):
            if importlib.util.find_spec(kind):
                found[kind] = best(found.get(kind), run_client(kind, city, folder, max(200, count // 5)))
    return found


def report(found: dict[str, Figures], *, named: bool) -> None:
    ours = found["probe"]["cpu"]
    targets = {
        "wrk": ("the prober reaches {:.0%} of its checks per core (target ≥ 85 %)", lambda cpu: cpu / ours),
        "blackbox": ("the prober does {:.2f} × its checks per core (target ≥ 1.5 ×)", lambda cpu: cpu / ours),
        "httpx": ("the prober does {:.2f} × its checks per core (target ≥ 4 ×)", lambda cpu: cpu / ours),
        "aiohttp": ("the prober does {:.2f} × its checks per core", lambda cpu: cpu / ours),
    }
    if not named:
        print("no right to a private resolver: blackbox_exporter, httpx and aiohttp run without a DNS stage")
    print(f"{'client':10} {'CPU-s/1,000':>12} {'per core':>9} {'peak MB':>8}")
    memory = found["probe"]["memory"]
    print(f"{'probe':10} {ours:12.3f} {1000 / ours:9,.0f} {memory:8.0f}  (target ≤ 60 MB)")
    for name, (text, ratio) in targets.items():
        if name not in found:
            print(f"{name:10} not installed: see the head of this script")
            continue
        cpu, memory = found[name]["cpu"], found[name].get("memory", float("nan"))
        print(f"{name:10} {cpu:12.3f} {1000 / cpu:9,.0f} {memory:8.0f}  {text.format(ratio(cpu))}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a smoke run of a few seconds")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--checks", type=int, default=6000)
    options = parser.parse_args()
    rounds, count, seconds = (1, 300, 1.0) if options.small else (options.rounds, options.checks, 4.0)
    with tempfile.TemporaryDirectory(prefix="probe-bench-") as name:
        folder = Path(name)
        city = build(folder, 50 if options.small else 1000)
        try:
            found = measure(city, folder, rounds=rounds, count=count, seconds=seconds)
            report(found, named=bool(city.enter))
        finally:
            city.stop()


if __name__ == "__main__":
    main()
