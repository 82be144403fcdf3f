"""Measures the beacons engine beside its peers, with the target on every line.

    python benchmarks/traffic/bench.py [--small] [--data DIR] [--rows 20000000] [--only NAME]

* expectation: RITA's published figures for a real beacon beside ours (public data, see `--data`);
* eve: a real Suricata EVE file, every line accounted for, and its speed;
* detection: planted beacons on fresh seeds, RITA's window beside the own window;
* throughput: Zeek rows imported and scored, CPU seconds and memory, beside DuckDB and Polars which only
  turn the same TSV into Parquet;
* engines: the same day on DuckDB and on Spark.

The public data (Zeek logs with a labelled beacon, a Suricata EVE capture) is looked for in `--data`, else in
the environment variable TENSHU_TRAFFIC_DATA, else beside the checkout.
"""

import argparse
import gzip
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parent))

from generate import generate

from tenshu.engines.beacons import (
    ScoreOptions,
    SparkDatabase,
    Store,
    import_files,
    score_frame,
    score_to_file,
)

HERE = Path(__file__).resolve()
DEFAULT_DATA = HERE.parents[3] / "shared" / "benchmarks" / "traffic"
BEACON, VICTIM = "73.54.23.243", "64.225.56.201"
FRESH_SEEDS = (901, 902, 903, 904, 905)
DAY = "2026-04-06"
THRESHOLD = 0.8
MIN_CONNECTIONS = 8
RARE = 0.02
REGISTER_GAPS = (0, 2, 4)
"""Of the ten rare pollers of a seed, how many the register of expected destinations lacks."""


def cpu_seconds() -> float:
    """CPU seconds of this process and its finished children."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def line(name: str, value: str, target: str) -> None:
    print(f"{name:<58} {value:<34} {target}", flush=True)


def bench_expectation(data: Path, scratch: Path) -> None:
    """RITA's published expectation on its own test data."""
    print("\n# expectation: the labelled beacon of RITA's published test")
    files = sorted((data / "rita-missing-host").glob("*/*.log.gz"))
    if not files:
        print(f"public data not found in {data}: give --data or TENSHU_TRAFFIC_DATA")
        return
    store = Store(scratch / "rita", create=True, timezone="UTC")
    results = import_files(store, files, log_format="zeek", network="sensor")
    options = ScoreOptions(
        day="2024-04-21", window="rita", directions=("inbound",), internal=(f"{VICTIM}/32",)
    )
    row = (
        score_frame(store, options)
        .filter(pl.col("src") == BEACON, pl.col("target") == VICTIM)
        .row(0, named=True)
    )
    line(
        "rows imported",
        f"{sum(sum(r.records.values()) for r in results):,}",
        "published: 105,918 conn + 18,829 http",
    )
    line("connections in the window", str(row["connections"]), "RITA: 331")
    line("beacon score", f"{row['beacon']:.4f}", "RITA: 0.963 +- 0.001")
    parts = "  ".join(f"{name} {row[name + '_score']:.3f}" for name in ("ts", "ds", "hist", "dur"))
    line("its parts", parts, "RITA: ts 0.852 ds 1 hist 1 dur 1")
    line("requests without Host", str(row["missing_host"]), "331 http rows in these hours (RITA: 330)")
    line("prevalence", f"{row['prevalence']:.1f}", "RITA: 1.0")
    line("final score", f"{row['final']:.3f}", "RITA: 0.900, with open connections that are not in the data")


def bench_eve(data: Path, scratch: Path, small: bool) -> None:
    """The real EVE file, then many times over for the speed."""
    print("\n# eve: a real Suricata capture")
    source = data / "slips-suricata-eve" / "test6-malicious.suricata.json.gz"
    if not source.exists():
        print(f"public data not found in {data}: give --data or TENSHU_TRAFFIC_DATA")
        return
    store = Store(scratch / "eve", create=True)
    result = import_files(store, [source], log_format="eve", network="lab")[0]
    records = ", ".join(f"{count} {table}" for table, count in sorted(result.records.items()))
    unexplained = (
        result.lines - sum(result.records.values()) - sum(result.explained.values()) - result.rejects
    )
    line("lines", str(result.lines), "5,000")
    line("records", records, "3,512 flow, 745 alert, 680 dns, 56 http + 1 tls")
    line("explained without record", str(sum(result.explained.values())), "3 fileinfo + 3 anomaly")
    line("rejected / unexplained", f"{result.rejects} / {unexplained}", "0 / 0")
    big = scratch / "big.json"
    raw = gzip.decompress(source.read_bytes())
    with big.open("wb") as file:
        for _ in range(8 if small else 200):
            file.write(raw)
    size = big.stat().st_size
    before, started = cpu_seconds(), time.perf_counter()
    import_files(store, [big], log_format="eve", network="lab")
    cpu, wall = cpu_seconds() - before, time.perf_counter() - started
    line(
        f"{size / 1e6:,.0f} MB of EVE imported",
        speed(size, wall, cpu),
        ">= 150 MB/s",
    )
    before, started = cpu_seconds(), time.perf_counter()
    peer = pl.scan_ndjson(big, schema=polars_eve()).select(
        pl.len(), pl.col("flow").struct.field("start").max()
    )
    peer.collect()
    cpu, wall = cpu_seconds() - before, time.perf_counter() - started
    line("  peer: Polars scan_ndjson, parse only", speed(size, wall, cpu), "")
    big.unlink()


def speed(size: int, wall: float, cpu: float) -> str:
    return f"{size / wall / 1e6:.0f} MB/s, {size / cpu / 1e6:.0f} MB per CPU-s"


def polars_eve() -> dict[str, pl.DataType | type[pl.DataType]]:
    """The fields of an EVE event that a flow needs, for Polars."""
    flow = pl.Struct(
        {
            "pkts_toserver": pl.Int64,
            "pkts_toclient": pl.Int64,
            "bytes_toserver": pl.Int64,
            "bytes_toclient": pl.Int64,
            "start": pl.String,
            "end": pl.String,
            "state": pl.String,
        }
    )
    texts = dict.fromkeys(("timestamp", "event_type", "src_ip", "dest_ip", "proto", "app_proto"), pl.String)
    return {**texts, "flow_id": pl.Int64, "src_port": pl.Int64, "dest_port": pl.Int64, "flow": flow}


def detection(scratch: Path, seed: int, rows: int, shift: float) -> list[dict[str, float]]:
    """Recall and precision of both windows on one seed."""
    folder = scratch / f"seed{seed}"
    files = generate(folder, rows, seed, shift=shift)
    store = Store(folder / "store", create=True, timezone="UTC")
    for file in files:
        import_files(store, [file], log_format="zeek", network=file.stem)
    truth = pl.read_csv(folder / "truth.csv").select("src", pl.col("dst").alias("target"), "schedule")
    services = pl.read_csv(folder / "services.csv")
    # An office knows what it runs for everybody; what a register lacks are odd pollers on one to three hosts.
    rare_pollers = services.filter(pl.col("rare") == 1)["dst"].to_list()
    found = []
    for window in ("rita", "own"):
        scores = score_frame(store, ScoreOptions(day=DAY, window=window))
        hits = scores.filter(pl.col("beacon") >= THRESHOLD, pl.col("known_service").is_null())
        planted = truth.join(hits, on=["src", "target"], how="inner")
        rare = hits.filter(pl.col("prevalence") <= RARE, pl.col("connections") >= MIN_CONNECTIONS)
        office = truth.filter(pl.col("schedule") == "office")
        found.append(
            {
                "planted": truth.height,
                "found": planted.height,
                "office": office.height,
                "office_found": planted.filter(pl.col("schedule") == "office").height,
                "hits": hits.height,
                "rare": rare.height,
                "rare_true": rare.join(truth, on=["src", "target"], how="semi").height,
            }
        )
        for gap in REGISTER_GAPS:
            register = set(services["dst"]) - set(rare_pollers[:gap])
            unexpected = rare.filter(~pl.col("external").is_in(list(register)))
            found[-1][f"unexpected{gap}"] = unexpected.height
            found[-1][f"true{gap}"] = unexpected.join(truth, on=["src", "target"], how="semi").height
    shutil.rmtree(folder)
    return found


def bench_detection(scratch: Path, small: bool, seeds: tuple[int, ...]) -> None:
    """Planted beacons, RITA's window beside the own one; on the hour, then up to half an hour beside it."""
    rows = 200_000 if small else 1_000_000
    for shift, chosen in ((0.0, seeds[: 1 if small else None]), (0.5, () if small else seeds[:2])):
        if chosen:
            where = "start on the hour" if shift == 0 else "start up to half an hour beside the hour"
            print(
                f"\n# detection: {len(chosen)} seed(s) of {rows:,} rows, score >= {THRESHOLD}, beacons {where}"
            )
            compare_windows([detection(scratch, seed, rows, shift) for seed in chosen])


def compare_windows(runs: list[list[dict[str, float]]]) -> None:
    """The figures of both windows over some seeds."""
    for position, (name, recall, office) in enumerate(
        (("RITA window (peer)", "reference .63", "reference 0 %"), ("own window", ">= .99", ">= 98 %"))
    ):
        total = {key: sum(run[position][key] for run in runs) for key in runs[0][position]}
        worst = min(run[position]["found"] / run[position]["planted"] for run in runs)
        line(f"{name}: recall", f"{total['found'] / total['planted']:.3f} (worst seed {worst:.2f})", recall)
        share = total["office_found"] / max(1, total["office"])
        line(
            f"{name}: office-hours beacons",
            f"{total['office_found']:.0f} of {total['office']:.0f} ({share:.0%})",
            office,
        )
        line(
            f"{name}: raw precision", f"{total['found'] / max(1, total['hits']):.3f}", "reference .035 / .027"
        )
        line(
            f"{name}: + prevalence <= 2 %, n >= {MIN_CONNECTIONS}",
            f"precision {total['rare_true'] / max(1, total['rare']):.3f}, recall "
            f"{total['rare_true'] / total['planted']:.3f}",
            "reference .79 / .72",
        )
        for gap in REGISTER_GAPS:
            state = f"without {gap} of 10 rare pollers" if gap else "complete"
            precision = total[f"true{gap}"] / max(1, total[f"unexpected{gap}"])
            line(
                f"{name}: + register, {state}",
                f"precision {precision:.3f}, recall {total[f'true{gap}'] / total['planted']:.3f}",
                "no target" if gap else "precision >= .9",
            )


def measured(arguments: list[str]) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak memory (GB) of this script run with other arguments."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, str(HERE), *arguments])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments}: exit code {process.returncode}")
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - started, usage.ru_maxrss / 1e6


def bench_throughput(scratch: Path, rows: int) -> None:
    """Import and scoring of one big day, each in a process of its own."""
    print(f"\n# throughput: {rows:,} Zeek conn rows, 97 networks")
    folder = scratch / "big"
    # In a process of its own, too: a child's peak memory begins with what its parent held.
    measured(["--step", "generate", "--rows", str(rows), "--scratch", str(folder)])
    size = sum(file.stat().st_size for file in (folder / "logs").glob("*.log"))
    imported = measured(["--step", "import", "--scratch", str(folder)])
    line("import to the store", report(imported), f"{size / 1e9:.2f} GB TSV")
    scored = measured(["--step", "score", "--scratch", str(folder)])
    scale = rows / 20_000_000
    line("score, own window", report(scored), "")
    line(
        "import + score",
        f"{imported[0] + scored[0]:.1f} CPU-s, {max(imported[2], scored[2]):.2f} GB",
        f"<= {45 * scale:.1f} CPU-s, <= 2.5 GB",
    )
    tight = measured(["--step", "score", "--scratch", str(folder), "--memory", "2000000000"])
    line("score with --memory 2GB", report(tight), "<= 2 GB")
    for peer in ("duckdb", "polars"):
        line(
            f"  peer: {peer}, TSV to Parquet only",
            report(measured(["--step", peer, "--scratch", str(folder)])),
            "",
        )
    shutil.rmtree(folder)


def report(figures: tuple[float, float, float]) -> str:
    cpu, wall, memory = figures
    return f"{cpu:.1f} CPU-s, {wall:.1f} s, {memory:.2f} GB"


def step(name: str, folder: Path, memory: int, rows: int) -> None:
    """One measured step, in a process of its own."""
    if name == "generate":
        generate(folder, rows, 7)
        return
    files = sorted((folder / "logs").glob("*.log"))
    fields = files[0].read_text().splitlines()[6].split("\t")[1:]
    if name == "import":
        store = Store(folder / "store", create=True, timezone="UTC")
        for file in files:
            import_files(store, [file], log_format="zeek", network=file.stem)
    elif name == "score":
        score_to_file(
            Store(folder / "store"), ScoreOptions(day=DAY, memory=memory), folder / "scores.parquet"
        )
    elif name == "polars":
        for file in files:
            table = pl.scan_csv(
                file,
                has_header=False,
                separator="\t",
                quote_char=None,
                comment_prefix="#",
                null_values="-",
                new_columns=fields,
            )
            table.sink_parquet(
                folder / f"{file.stem}.polars.parquet", compression="zstd", compression_level=1
            )
    elif name == "duckdb":
        import duckdb

        columns = {field: "VARCHAR" if field not in ("ts", "duration") else "DOUBLE" for field in fields}
        for file in files:
            duckdb.sql(
                f"COPY (SELECT * FROM read_csv('{file}', columns = {columns}, delim = '\t', header = false,"
                " auto_detect = false, quote = '', comment = '#', nullstr = '-'))"
                f" TO '{folder / (file.stem + '.duckdb.parquet')}' (FORMAT parquet, COMPRESSION zstd)"
            )


def bench_engines(scratch: Path, small: bool) -> None:
    """The same day on both engines, row by row."""
    print("\n# engines: the same statements on DuckDB and on Spark")
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        print("Spark is not here: install the extra tenshu[spark] and Java 17")
        return
    spark = SparkDatabase()
    folder = scratch / "engines"
    rows = 20_000 if small else 200_000
    files = generate(folder, rows, 11, networks=8)
    store = Store(folder / "store", create=True, timezone="UTC")
    for file in files:
        import_files(store, [file], log_format="zeek", network=file.stem)
    options = ScoreOptions(day=DAY)
    key = ["network", "kind", "src", "target"]
    one = score_frame(store, options).sort(key)
    other = score_frame(store, options, db=spark).sort(key)
    spark.close()
    numbers = [name for name, kind in one.schema.items() if kind == pl.Float64]
    worst = max(float((one[name] - other[name]).abs().max() or 0) for name in numbers)
    exact = all(one[name].equals(other[name]) for name in one.columns if name not in numbers)
    line(f"{one.height:,} score rows: largest difference", f"{worst:.1e}", "<= 1e-9")
    line("all other columns identical", str(exact and one.height == other.height), "True")
    shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="a smoke run of a few seconds")
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("TENSHU_TRAFFIC_DATA", DEFAULT_DATA))
    )
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--only", choices=("expectation", "eve", "detection", "throughput", "engines"))
    parser.add_argument("--seeds", type=lambda text: tuple(map(int, text.split(","))), default=FRESH_SEEDS)
    parser.add_argument("--scratch", type=Path)
    parser.add_argument(
        "--step", choices=("generate", "import", "score", "duckdb", "polars"), help=argparse.SUPPRESS
    )
    parser.add_argument("--memory", type=int, default=2_500_000_000, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        step(arguments.step, arguments.scratch, arguments.memory, arguments.rows)
        return
    with tempfile.TemporaryDirectory(prefix="traffic-", dir=arguments.scratch) as name:
        scratch = Path(name)
        wanted = {
            "expectation": lambda: bench_expectation(arguments.data, scratch),
            "eve": lambda: bench_eve(arguments.data, scratch, arguments.small),
            "detection": lambda: bench_detection(scratch, arguments.small, arguments.seeds),
            "throughput": lambda: bench_throughput(scratch, 300_000 if arguments.small else arguments.rows),
            "engines": lambda: bench_engines(scratch, arguments.small),
        }
        print(json.dumps({"cpus": os.cpu_count(), "load": os.getloadavg(), "small": arguments.small}))
        for part, run in wanted.items():
            if arguments.only in (None, part):
                run()


if __name__ == "__main__":
    main()
