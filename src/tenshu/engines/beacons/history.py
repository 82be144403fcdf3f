"""First and last sight of every endpoint of a network, kept for ever in one small file a network.

It is merged at import, so logs imported late still move a first sight back, and it outlives the flows.
"""

import os
from pathlib import Path

import polars as pl

SCHEMA = {"network": pl.String, "endpoint": pl.String, "first_us": pl.Int64, "last_us": pl.Int64}


class Sightings:
    """Collects the endpoints of the blocks of one file."""

    def __init__(self) -> None:
        self.frames: list[pl.DataFrame] = []

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Note the addresses and names in a frame of `flows`, `open` or `names`."""
        if table not in ("flows", "open", "names"):
            return
        columns = ("src", "dst", "fqdn") if table != "names" else ("fqdn",)
        self.frames.extend(
            frame.lazy()
            .filter(pl.col(column).is_not_null())
            .group_by(pl.col(column).alias("endpoint"))
            .agg(pl.col("start_us").min().alias("first_us"), pl.col("start_us").max().alias("last_us"))
            .collect()
            for column in columns
            if frame[column].null_count() < frame.height
        )

    def merge_into(self, path: Path, network: str) -> None:
        """Merge with the sightings in `path`, which is replaced at once or not at all."""
        if not self.frames:
            return
        before = [pl.read_parquet(path).drop("network")] if path.exists() else []
        merged = (
            pl.concat([*before, *self.frames])
            .group_by("endpoint")
            .agg(pl.col("first_us").min(), pl.col("last_us").max())
            .select(pl.lit(network).alias("network"), "endpoint", "first_us", "last_us")
            .sort("endpoint")
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}.new")
        merged.write_parquet(fresh, compression="zstd")
        fresh.replace(path)
