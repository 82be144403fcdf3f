"""How good a verdict is against the truth of the generator."""

from pathlib import Path

import polars as pl
from mistakes import WRONG


def judge(result: pl.DataFrame, folder: Path) -> dict[str, float]:
    """Return figures of a result with the columns row, flag, rank and best_other_person.

    The ranking counts the wrong links among the first rows, as many as there are wrong links.
    """
    truth = pl.read_parquet(folder / "truth.parquet").select("row", "true_person", "error")
    rows = truth.join(result, on="row", how="left").with_columns(pl.col("error").is_in(WRONG).alias("wrong"))
    wrong, flagged = rows.filter("wrong"), rows.filter("flag")
    hits = flagged["wrong"].sum()
    named = wrong.filter(pl.col("true_person") >= 0, pl.col("best_other_person").is_not_null())
    unlinked = rows.filter(pl.col("error") == "unlinked", pl.col("best_other_person").is_not_null())
    return {
        "rows": len(rows),
        "wrong": len(wrong),
        "flagged": len(flagged),
        "precision": hits / max(len(flagged), 1),
        "recall": hits / max(len(wrong), 1),
        "false_per_100k": (len(flagged) - hits) / len(rows) * 1e5,
        "ranking": wrong.filter(pl.col("rank") <= len(wrong)).height / max(len(wrong), 1),
        "owners_right": named.filter(pl.col("best_other_person") == pl.col("true_person")).height,
        "owners_named": len(named),
        "proposals": len(unlinked),
        "proposals_right": unlinked.filter(pl.col("best_other_person") == pl.col("true_person")).height,
    }
