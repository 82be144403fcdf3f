"""Command line of the engine: JSON on standard output, progress and errors on standard error."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date
from typing import Any

from tenshu.engines.beacons.command_line import parser
from tenshu.engines.beacons.coverage import coverage
from tenshu.engines.beacons.databases import SparkDatabase
from tenshu.engines.beacons.errors import BeaconsError, RegisterError
from tenshu.engines.beacons.expected import (
    Expectation,
    add_expectation,
    apply_to_file,
    load_expectations,
    revoke_expectation,
)
from tenshu.engines.beacons.indicators import import_indicators, load_indicators
from tenshu.engines.beacons.ingest import import_files
from tenshu.engines.beacons.mapping import load_mapping, zone
from tenshu.engines.beacons.options import ScoreOptions
from tenshu.engines.beacons.score import score_to_file
from tenshu.engines.beacons.store import Store


def show_progress(text: str, done: int, of: int) -> None:
    """One line a step on standard error."""
    print(f"{text} {done}/{of}".strip(), file=sys.stderr)


def run_import(arguments: argparse.Namespace) -> Any:
    """Import files and tell what became of each."""
    store = Store(arguments.store, create=True, timezone=arguments.store_timezone)
    results = import_files(
        store,
        arguments.files,
        log_format=arguments.format,
        network=arguments.network,
        mapping=load_mapping(arguments.mapping) if arguments.mapping else None,
        zone=zone(arguments.timezone) if arguments.timezone else None,
        progress=show_progress,
    )
    return [
        asdict(result) | {"rejects_file": f"rejects/{result.hash}.jsonl" if result.rejects else None}
        for result in results
    ]


def run_score(arguments: argparse.Namespace) -> Any:
    """Score a day into a file."""
    options = ScoreOptions(
        day=arguments.day,
        window=arguments.window,
        networks=tuple(arguments.network) if arguments.network else None,
        directions=tuple(arguments.direction) if arguments.direction else ("outbound",),
        internal=tuple(arguments.internal),
        proxies=tuple(arguments.proxy),
        memory=arguments.memory,
        threads=arguments.threads,
    )
    store = Store(arguments.store)
    if arguments.engine == "duckdb":
        return asdict(score_to_file(store, options, arguments.out, progress=show_progress))
    db = SparkDatabase()
    try:
        return asdict(score_to_file(store, options, arguments.out, db=db, progress=show_progress))
    finally:
        db.close()


def run_indicators(arguments: argparse.Namespace) -> Any:
    """Import a feed, or list what is there."""
    store = Store(arguments.store, create=True)
    if not arguments.files:
        return load_indicators(store).to_dicts()
    if not (arguments.format and arguments.feed and arguments.date):
        raise RegisterError("一覧の取込みには --format・--feed・--date が必要です")
    return asdict(
        import_indicators(
            store,
            arguments.files,
            feed=arguments.feed,
            feed_date=date.fromisoformat(arguments.date),
            feed_format=arguments.format,
            warning_lists=arguments.warning_list,
        )
    )


def run_expect(arguments: argparse.Namespace) -> Any:
    """Work on the register of expected destinations."""
    store = Store(arguments.store, create=True)
    match arguments.verb:
        case "add":
            entry = Expectation(
                id="",
                destination=arguments.destination,
                reason=arguments.reason,
                approver=arguments.approver,
                expires=arguments.expires,
                cover=arguments.cover,
                network=arguments.network,
                host=arguments.host,
            )
            if arguments.evidence:
                entry = Expectation(**{**asdict(entry), "evidence": tuple(arguments.evidence)})
            return asdict(add_expectation(store, entry))
        case "revoke":
            return asdict(revoke_expectation(store, arguments.id))
        case "apply":
            return {"expected": apply_to_file(store, arguments.scores, arguments.day)}
        case _:
            return [asdict(entry) for entry in load_expectations(store)]


def run_coverage(arguments: argparse.Namespace) -> Any:
    """Tell for which hours logs are there."""
    names = None
    if arguments.networks:
        names = [line.strip() for line in arguments.networks.read_text("utf-8").splitlines() if line.strip()]
    rows = coverage(
        Store(arguments.store),
        date.fromisoformat(arguments.since),
        date.fromisoformat(arguments.until),
        networks=names,
        hours=arguments.hours,
        longest_silence=arguments.silence,
    )
    return [asdict(row) for row in rows]


RUN = {
    "import": run_import,
    "score": run_score,
    "indicators": run_indicators,
    "expect": run_expect,
    "coverage": run_coverage,
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; 1 for an error that the operator can mend."""
    arguments = parser().parse_args(argv)
    try:
        result = RUN[arguments.command](arguments)
    except BeaconsError as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"エラー: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
