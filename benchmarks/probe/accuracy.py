"""Does the prober distort what it measures? First-byte times at a steady rate beside the one-at-a-time truth.

The truth is a plain libcurl handle that fetches one page after another. The prober then takes the same
sites at 400 checks a second and calls a sample unreliable when its own lag or its canary was above 5 ms;
httpx takes them at the same rate.
Peer: `pip install httpx` (the extra `bench`).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pycurl
from loopback_city import City, build
from throughput import PEERS, PROBE, probe_plan

from tenshu.engines.probe.results import read_results


def truth(city: City, count: int) -> list[float]:
    """First-byte times in ms of `count` fetches, one at a time, each on a new connection."""
    curl = pycurl.Curl()
    for option, value in (
        (pycurl.FRESH_CONNECT, 1),
        (pycurl.FORBID_REUSE, 1),
        (pycurl.CAINFO, str(city.trust)),
        (pycurl.SSL_EC_CURVES, "X25519"),
        (pycurl.WRITEFUNCTION, len),
    ):
        curl.setopt(option, value)
    found = []
    for number in range(count):
        site = number % city.sites
        curl.setopt(pycurl.URL, city.url(site))
        curl.setopt(pycurl.CONNECT_TO, [f"::{city.address(site)}:{city.https_port}"])
        curl.perform()
        found.append((curl.getinfo(pycurl.STARTTRANSFER_TIME) - curl.getinfo(pycurl.PRETRANSFER_TIME)) * 1000)
    return found


def probed(
    city: City, folder: Path, count: int, rate: float, label: str
) -> tuple[list[float], list[float], dict[str, float]]:
    """First-byte times of the samples that the prober calls reliable, those of all, and its summary."""
    plan, out = folder / f"{label}.json", folder / f"{label}.parquet"
    pace = {"core_share": 1.0, "late_ms": 1e9, "lag_ms": 5, "canary_ms": 5, "canary_s": 0.2}
    plan.write_text(json.dumps(probe_plan(city, count) | {"pace": pace}))
    command = [
        *PROBE,
        "run",
        "--plan",
        str(plan),
        "--out",
        str(out),
        "--at-once",
        "--rate",
        str(rate),
        "--quiet",
    ]
    summary = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    table = read_results(out)
    rows = zip(table["first_byte_ms"].to_pylist(), table["reliable"].to_pylist(), strict=True)
    found = [(value, reliable) for value, reliable in rows if value is not None]
    return [value for value, reliable in found if reliable], [value for value, _ in found], summary


def with_httpx(city: City, folder: Path, count: int, rate: float) -> tuple[list[float], float]:
    told = folder / "city.json"
    facts = {
        "trust": str(city.trust),
        "port": city.https_port,
        "sites": city.sites,
        "names": bool(city.enter),
    }
    told.write_text(json.dumps(facts))
    command = [*city.enter, sys.executable, str(PEERS), "httpx", str(told), str(count), str(rate)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found["first_byte_ms"], found["cpu_s"] / found["seconds"]


def row(name: str, values: list[float], share: float, base: float) -> None:
    ordered = sorted(values)
    median, high = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    print(f"{name:24} {median:8.3f} {high:8.3f} {share:9.0%} {median - base:+10.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a smoke run of a few seconds")
    parser.add_argument("--rate", type=float, default=400.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    seconds = 2.0 if options.small else options.seconds
    count = int(options.rate * seconds)
    with tempfile.TemporaryDirectory(prefix="probe-bench-") as name:
        folder = Path(name)
        city = build(folder, 50 if options.small else 1000)
        try:
            single = truth(city, 100 if options.small else 500)
            base = statistics.median(single)
            print(f"{'first byte, ms':24} {'p50':>8} {'p95':>8} {'core':>9} {'p50 - truth':>10}")
            row("one at a time (truth)", single, float("nan"), base)
            kept, values, summary = probed(city, folder, count, options.rate, "steady")
            row(f"probe at {options.rate:.0f}/s", values, summary["core_share"], base)
            row("  its reliable samples", kept or [float("nan")], float("nan"), base)
            print(f"  target: p50 within 0.5 ms of the truth; unreliable: {summary['unreliable']} of {count}")
            if importlib.util.find_spec("httpx"):
                values, share = with_httpx(city, folder, min(count, 2000), options.rate)
                row(f"httpx at {options.rate:.0f}/s", values, share, base)
            else:
                print("httpx not installed: see the head of this script")
        finally:
            city.stop()


if __name__ == "__main__":
    main()
