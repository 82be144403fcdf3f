"""The inspection and its peer, each run in a process of its own so that CPU and memory are its own.

Usage (by ``run.py``): ``contestants.py tenshu|tenshu-joins|splink FOLDER [MEMORY]``; prints one JSON line.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
from judge import judge


def usage(started: float, wall: float) -> dict[str, float]:
    """CPU and wall seconds since the start, and the peak of the process in GB."""
    # Not ru_maxrss: that begins with the size of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1e6
    return {"cpu": time.process_time() - started, "wall": time.monotonic() - wall, "peak": peak}


def tenshu(folder: Path, memory: int) -> dict[str, object]:
    """The whole inspection from the raw files."""
    from tenshu.engines.linkage import Settings, inspect_register

    started, wall = time.process_time(), time.monotonic()
    with tempfile.TemporaryDirectory(dir=folder) as work:
        out = Path(work) / "result.parquet"
        summary = inspect_register(
            folder / "residents.parquet",
            folder / "register.parquet",
            out,
            Settings(memory=memory, work=Path(work)),
        )
        figures = usage(started, wall)
        result = pl.read_parquet(out, columns=["row", "class", "rank", "best_other_person"])
    result = result.with_columns((pl.col("class") == "C").alias("flag"))
    return {**figures, **judge(result, folder), "seconds": summary.seconds}


def normalised(folder: Path, work: Path) -> tuple[Path, Path]:
    """Normalise both files as the inspection does."""
    from tenshu.engines.linkage.inspection import silent
    from tenshu.engines.linkage.normalise import normalise_register, normalise_residents
    from tenshu.engines.linkage.sealing import Seal

    seal = Seal(bytes(32))
    rows, people = work / "register.parquet", work / "residents.parquet"
    normalise_register(folder / "register.parquet", rows, seal, threads=2, progress=silent)
    normalise_residents(folder / "residents.parquet", people, seal, threads=2, progress=silent)
    return rows, people


def tenshu_joins(folder: Path, memory: int) -> dict[str, object]:
    """Verify, owner search and ranking alone, on normalised columns: what the peer does too."""
    from tenshu.engines.linkage.inspection import Settings, _join, _read, _score, silent
    from tenshu.engines.linkage.verdicts import decide

    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        rows, _ = normalised(folder, work)
        started, wall = time.process_time(), time.monotonic()
        settings = Settings(memory=memory)
        paths = _join(work, settings, silent)
        scored = _score(paths["pairs"], settings.policy, silent)
        state = pl.read_parquet(rows, columns=["state"])["state"].to_numpy()
        decide(state, _read(paths["claims"]), scored, _read(paths["marks"]), settings.policy.thresholds)
        return {**usage(started, wall)}


def splink(folder: Path, memory: int) -> dict[str, object]:
    """Splink 5 on the same columns and keys: EM weights, then claimed against best other."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        rows, people = normalised(folder, work)
        started, wall = time.process_time(), time.monotonic()
        import duckdb

        connection = duckdb.connect(config={"memory_limit": f"{memory // 2**20}MiB", "threads": 2})
        shared = (
            "token, nullif(replace(name, ' ', ''), '') AS name, nullif(kana, '') AS kana, "
            "cast(dob AS varchar) AS dob, sex, town_h, addr_h"
        )
        connection.execute(f"CREATE TABLE l AS SELECT row AS unique_id, {shared} FROM '{rows}'")
        connection.execute(f"CREATE TABLE r AS SELECT person AS unique_id, {shared} FROM '{people}'")
        api = DuckDBAPI(connection)
        keys = [("kana", "dob"), ("name", "dob"), ("name", "addr_h"), ("kana", "addr_h"), ("dob", "addr_h")]
        settings = SettingsCreator(
            link_type="link_only",
            comparisons=[
                cl.JaroWinklerAtThresholds("name", [0.85]),
                cl.JaroWinklerAtThresholds("kana", [0.9, 0.8]),
                cl.LevenshteinAtThresholds("dob", [1, 2]),
                cl.ExactMatch("sex"),
                cl.CustomComparison(
                    output_column_name="addr",
                    comparison_levels=[
                        {"sql_condition": "addr_h_l IS NULL OR addr_h_r IS NULL", "is_null_level": True},
                        {"sql_condition": "addr_h_l = addr_h_r"},
                        {"sql_condition": "town_h_l = town_h_r"},
                        {"sql_condition": "ELSE"},
                    ],
                ),
            ],
            blocking_rules_to_generate_predictions=[block_on("token"), *(block_on(*key) for key in keys)],
            additional_columns_to_retain=["token"],
        )
        linker = Linker([api.register("l"), api.register("r")], settings, log_level="ERROR")
        linker.training.estimate_probability_two_random_records_match([block_on("token")], recall=0.95)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("token"))
        predicted = linker.inference.predict()
        result = splink_verdicts(connection, predicted.physical_name)
        figures = usage(started, wall)
    return {**figures, **judge(result, folder)}


def splink_verdicts(connection: object, table: str) -> pl.DataFrame:
    """Flag a row whose claimed weight is negative or two below another's; rank by that margin."""
    arrow = connection.sql(  # type: ignore[attr-defined]
        f"""
        WITH scored AS (
            SELECT unique_id_l AS row, unique_id_r AS person, match_weight AS w,
                   coalesce(token_l = token_r, false) AS claimed FROM {table}),
        own AS (SELECT row, max(w) AS own FROM scored WHERE claimed GROUP BY row),
        other AS (SELECT row, max(w) AS best, arg_max(person, w) AS best_other_person
                  FROM scored WHERE NOT claimed GROUP BY row)
        SELECT coalesce(own.row, other.row) + 1 AS row, own, best, best_other_person
        FROM own FULL JOIN other ON own.row = other.row
        """
    ).to_arrow_table()
    frame = pl.from_arrow(arrow)
    margin = pl.col("best").fill_null(-20) - pl.col("own")
    flag = pl.col("own").is_not_null() & ((pl.col("own") < 0) | (margin > 2))
    frame = frame.with_columns(
        flag.alias("flag"),
        pl.when(pl.col("own").is_not_null())
        .then(pl.max_horizontal(margin, -pl.col("own")).rank("ordinal", descending=True))
        .alias("rank"),
    )
    return frame.select("row", "flag", "rank", "best_other_person")


if __name__ == "__main__":
    contestant = {"tenshu": tenshu, "tenshu-joins": tenshu_joins, "splink": splink}[sys.argv[1]]
    print(json.dumps(contestant(Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 4 * 10**9)))
