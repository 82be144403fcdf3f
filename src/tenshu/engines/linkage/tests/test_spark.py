"""The same inspection on a Spark cluster of two worker processes gives the same rows in every column."""

from pathlib import Path

import polars as pl
import pytest

from tenshu.engines.linkage import inspect_register
from tenshu.engines.linkage.tests.samples import generate, settings

pytestmark = [pytest.mark.engine, pytest.mark.spark]


def test_spark_and_duckdb_agree_in_every_column(tmp_path: Path) -> None:
    generate(tmp_path, residents=20_000, register=6_000, kind="hard", seed=32)
    files = tmp_path / "residents.parquet", tmp_path / "register.parquet"
    inspect_register(*files, tmp_path / "duckdb.parquet", settings(key=bytes(32)))
    cluster = settings(engine="spark", master="local-cluster[2,1,1024]", memory=10**9, key=bytes(32))
    inspect_register(*files, tmp_path / "spark.parquet", cluster)
    spark, duckdb = (pl.read_parquet(tmp_path / f"{name}.parquet") for name in ("spark", "duckdb"))
    assert len(spark) == len(pl.read_parquet(files[1]))
    assert spark.equals(duckdb)
