"""A fleet of 100,000 targets every 5 minutes: does one prober hold it, and with how much of a core?

Every target has its own name on a loopback server; HTTPS, verified, all default brakes except politeness
by address (a thousand addresses stand for a hundred thousand sites). Beside it: what blackbox_exporter
would need, from its cost per check in `throughput.py`, since a run of it at this size needs a Prometheus
server as well.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from loopback_city import City, build
from throughput import PROBE, probe_plan, run_blackbox

from tenshu.engines.probe.results import read_results


def run_fleet(city: City, folder: Path, targets: int, interval: float, seconds: float) -> dict[str, float]:
    """The summary of a run with the default share of a core."""
    plan = probe_plan(city, 0) | {
        "interval_s": interval,
        "pace": {},
        "targets": [
            {"id": f"site-{number}", "url": f"{city.url(number % city.sites)}?{number}", "family": "4"}
            for number in range(targets)
        ],
    }
    plan["politeness"] = {"host_gap_s": 0, "per_host": 50, "per_address": 50}
    path, out = folder / "fleet.json", folder / "fleet.parquet"
    path.write_text(json.dumps(plan))
    command = [*PROBE, "run", "--plan", str(path), "--out", str(out), "--seconds", str(seconds), "--quiet"]
    summary: dict[str, float] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout
    )
    table = read_results(out)
    if table.num_rows != summary["done"]:
        raise SystemExit(f"{table.num_rows} rows on disk, {summary['done']} samples delivered")
    late = [value for value in table["late_ms"].to_pylist() if value is not None]
    summary["late_p99_ms"] = sorted(late)[int(len(late) * 0.99)]
    summary["first_byte_p50_ms"] = statistics.median(
        v for v in table["first_byte_ms"].to_pylist() if v is not None
    )
    summary["bytes_a_row"] = out.stat().st_size / table.num_rows
    return summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a smoke run of a few seconds")
    parser.add_argument("--targets", type=int, default=100_000)
    parser.add_argument("--interval", type=float, default=300.0)
    parser.add_argument("--seconds", type=float, default=600.0)
    options = parser.parse_args()
    targets, interval, seconds = options.targets, options.interval, options.seconds
    if options.small:
        targets, interval, seconds = 500, 5.0, 4.0
    with tempfile.TemporaryDirectory(prefix="probe-bench-") as name:
        folder = Path(name)
        city = build(folder, 50 if options.small else 1000)
        try:
            found = run_fleet(city, folder, targets, interval, seconds)
            print(f"{targets:,} targets / {interval:.0f} s, {seconds:.0f} s long: {targets / interval:.0f}/s")
            print(f"  core share {found['core_share']:.1%} (target < 35 %)")
            print(
                f"  coverage {found['coverage']:.4%}: {found['done']:,} of {found['expected']:,}, all stored"
            )
            print(f"  late samples {found['late']}, start delay p99 {found['late_p99_ms']:.1f} ms")
            print(f"  unreliable {found['unreliable']}, first byte p50 {found['first_byte_p50_ms']:.2f} ms")
            print(f"  peak memory {found['peak_memory_mb']:.0f} MB, {found['bytes_a_row']:.0f} bytes a row")
            if shutil.which("prometheus-blackbox-exporter"):
                cost = run_blackbox(city, folder, 200 if options.small else 2000)["cpu"]
                share = cost * targets / interval / 1000
                print(f"  blackbox_exporter, by its cost per check: core share {share:.1%}, nothing stored")
            else:
                print("  blackbox_exporter not installed (apt-get install prometheus-blackbox-exporter)")
        finally:
            city.stop()


if __name__ == "__main__":
    main()
