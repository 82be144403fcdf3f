"""A store in a folder of its own, and a short way to fill and score it."""

from pathlib import Path

import polars as pl
import pytest

from tenshu.engines.beacons import ScoreOptions, Store, import_files, score_frame
from tenshu.engines.beacons.tests.logs import CONN, DAY, zeek


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", create=True, timezone="UTC")


@pytest.fixture
def scored(store, tmp_path):
    """Imports conn rows as one network and scores the day."""

    def run(rows, *, network="本庁", **options) -> pl.DataFrame:
        path = zeek(tmp_path / f"conn.{network}.log", "conn", CONN, rows)
        import_files(store, [path], log_format="zeek", network=network)
        return score_frame(store, ScoreOptions(day=DAY, **options))

    return run
