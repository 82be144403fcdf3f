"""点検B: what the ledger holds against what the information-linkage server shows under each number."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tenshu.engines.japanese import fold_width_column, personal_number_column
from tenshu.engines.linkage.normalise import hashed, read_batches
from tenshu.engines.linkage.sealing import Seal

#: Classes of 点検B, in order of review.
CLASSES = ("other_number", "doubled", "not_in_ledger", "not_published", "unlinked", "match")


@dataclass(frozen=True)
class PublishedSummary:
    """Counts of 点検B by class."""

    ledger_rows: int
    published_rows: int
    classes: dict[str, int]


def inspect_published(
    register: Path, published: Path, out: Path, *, key: bytes | None = None
) -> PublishedSummary:
    """Compare ledger and published records by programme number; write one row per programme number.

    Both files need ``pid`` and ``mynumber``. Result columns: ``pid``, ``class`` (other_number: shown
    under another person's number; doubled: shown under the right and another number; not_in_ledger: shown
    though the ledger has no such record; not_published; unlinked: the ledger has no number yet; match),
    ``ledger_rows``, ``published_rows``, ``rank``.

    Raises:
        InputError: a file cannot be read or lacks a column.
    """
    seal = Seal(key)
    ledger, shown = _records(register, seal), _records(published, seal)
    left = ledger.group_by("pid_h").agg(
        pl.col("pid").first(),
        pl.col("token").drop_nulls().unique().alias("own"),
        pl.len().alias("ledger_rows"),
    )
    right = shown.group_by("pid_h").agg(
        pl.col("pid").first().alias("shown_pid"),
        pl.col("token").drop_nulls().unique().alias("shown"),
        pl.len().alias("published_rows"),
    )
    both = left.join(right, on="pid_h", how="full", coalesce=True).with_columns(
        pl.coalesce("pid", "shown_pid").alias("pid"),
        pl.col("ledger_rows", "published_rows").fill_null(0).cast(pl.Int64),
    )
    result = (
        both.with_columns(_class().alias("class"))
        .with_columns(
            pl.col("class").replace_strict({name: at for at, name in enumerate(CLASSES)}).alias("order")
        )
        .sort("order", "pid")
        .with_columns(pl.when(pl.col("class") != "match").then(pl.int_range(1, pl.len() + 1)).alias("rank"))
        .select("pid", "class", "ledger_rows", "published_rows", "rank")
    )
    result.write_parquet(out)
    counts = dict(result["class"].value_counts().iter_rows())
    return PublishedSummary(len(ledger), len(shown), {name: counts.get(name, 0) for name in CLASSES})


def _class() -> pl.Expr:
    own, shown = pl.col("own"), pl.col("shown")
    strange = shown.list.set_difference(own).list.len() > 0
    right = shown.list.set_intersection(own).list.len() > 0
    return (
        pl.when(own.is_null())
        .then(pl.lit("not_in_ledger"))
        .when(shown.is_null() & (own.list.len() == 0))
        .then(pl.lit("unlinked"))
        .when(shown.is_null())
        .then(pl.lit("not_published"))
        .when(strange & right)
        .then(pl.lit("doubled"))
        .when(strange)
        .then(pl.lit("other_number"))
        .when(right)
        .then(pl.lit("match"))
        .otherwise(pl.lit("not_published"))
    )


def _records(path: Path, seal: Seal) -> pl.DataFrame:
    """Programme number (as written and hashed without zeros, width, hyphens) and token of each record."""
    parts = []
    for frame in read_batches(path, ("pid", "mynumber"), ()):
        pid = frame["pid"].cast(pl.String).fill_null("")
        bare = fold_width_column(pid).str.replace_all(r"[ \-]", "")
        number = personal_number_column(frame["mynumber"].cast(pl.String).fill_null(""))["value"]
        parts.append(pl.DataFrame({"pid": pid, "pid_h": hashed(bare), "token": seal.tokens(number)}))
    schema = {"pid": pl.String, "pid_h": pl.Int64, "token": pl.Int64}
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)
