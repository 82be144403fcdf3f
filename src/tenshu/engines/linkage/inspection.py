"""The inspection of one register: normalise, verify every link, find the owner, rank, name the cause."""

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tenshu.engines.japanese import VARIANTS_VERSION
from tenshu.engines.linkage import statements
from tenshu.engines.linkage.causes import Cause, label
from tenshu.engines.linkage.duckdb_engine import DuckDBEngine
from tenshu.engines.linkage.normalise import (
    CHUNK_ROWS,
    Progress,
    normalise_register,
    normalise_residents,
)
from tenshu.engines.linkage.policy import RULES_VERSION, Policy
from tenshu.engines.linkage.scoring import score_pairs
from tenshu.engines.linkage.sealing import Seal
from tenshu.engines.linkage.slips import find_slips
from tenshu.engines.linkage.verdicts import NONE, Reason, RowClass, Verdicts, decide

#: Kept free of the memory given to the joins: Python, Polars and the arrays of verdicts.
_OWN_MEMORY = 3 * 10**8


class JoinEngine(Protocol):
    """What runs the statements."""

    def view(self, name: str, path: Path) -> None:
        """Give a Parquet file or folder a name."""

    def save(self, name: str, statement: str) -> Path:
        """Save the rows of a statement as Parquet under a name that later statements may use."""


@dataclass(frozen=True)
class Settings:
    """How an inspection runs. ``memory`` in bytes; ``key`` seals numbers (None: a fresh one)."""

    policy: Policy = field(default_factory=Policy)
    engine: Literal["duckdb", "spark"] = "duckdb"
    master: str = "local[2]"
    memory: int = 4 * 10**9
    threads: int = 2
    key: bytes | None = None
    work: Path | None = None


@dataclass(frozen=True)
class Summary:
    """Counts of a finished inspection, fit for publication: no row, name or number in it."""

    rows: int
    residents: int
    classes: dict[str, int]
    causes: dict[str, int]
    ties: int
    proposals: int
    rules_version: str
    variants_version: str
    seconds: dict[str, float]


def silent(_what: str, _done: int, _total: int) -> None:
    """Progress callback that says nothing."""


def inspect_register(
    residents: Path, register: Path, out: Path, settings: Settings | None = None, progress: Progress = silent
) -> Summary:
    """Inspect every row of ``register`` against ``residents`` and write the result to ``out`` (Parquet).

    ``residents`` is the residents' register, or in reply mode the replies to queried numbers (column
    ``person`` optional). Nothing is written back to either file. Intermediate files hold tokens instead
    of numbers and are deleted at the end.

    Raises:
        InputError: a file cannot be read or lacks a column.
    """
    settings = settings or Settings()
    clock = _Clock()
    with tempfile.TemporaryDirectory(prefix="linkage-", dir=settings.work) as name:
        folder = Path(name)
        seal = Seal(settings.key)
        rows = normalise_register(
            register, folder / "register.parquet", seal, threads=settings.threads, progress=progress
        )
        people = normalise_residents(
            residents, folder / "residents.parquet", seal, threads=settings.threads, progress=progress
        )
        _release()
        clock.lap("normalise")
        paths = _join(folder, settings, progress)
        clock.lap("join")
        scored = _score(paths["pairs"], settings.policy, progress)
        _release()
        state = pl.read_parquet(rows.path, columns=["state"])["state"].to_numpy()
        marks = _read(paths["marks"])
        verdicts = decide(state, _read(paths["claims"]), scored, marks, settings.policy.thresholds)
        clock.lap("decide")
        slips = find_slips(register, residents, verdicts)
        causes = label(verdicts, scored, _people(paths["pairs"], verdicts), marks, slips)
        clock.lap("causes")
        _write(rows.path, out, verdicts, causes)
        clock.lap("write")
    return _summary(verdicts, causes, people.rows, clock.laps)


def _release() -> None:
    """Give back what Arrow keeps of a step's batches; the next step allocates elsewhere."""
    pa.default_memory_pool().release_unused()


class _Clock:
    """Wall seconds of each step."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self.laps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        now = time.monotonic()
        self.laps[step] = round(now - self._last, 2)
        self._last = now


def _join(folder: Path, settings: Settings, progress: Progress) -> dict[str, Path]:
    """Run the statements on the chosen engine; return where each result lies."""
    if settings.engine == "spark":
        from tenshu.engines.linkage.spark_engine import SparkEngine

        with SparkEngine(folder, master=settings.master, memory_bytes=settings.memory) as engine:
            return _run(engine, folder, settings.policy, progress)
    memory = max(settings.memory - _OWN_MEMORY, settings.memory // 2)
    with DuckDBEngine(folder, memory_bytes=memory, threads=settings.threads) as engine:
        return _run(engine, folder, settings.policy, progress)


def _run(engine: JoinEngine, folder: Path, policy: Policy, progress: Progress) -> dict[str, Path]:
    engine.view("register", folder / "register.parquet")
    engine.view("residents", folder / "residents.parquet")
    steps = {
        "claims": statements.claims(policy),
        "suspects": statements.SUSPECTS,
        "candidates": statements.candidates(),
        "pairs": statements.pairs(),
        "marks": statements.MARKS,
    }
    paths: dict[str, Path] = {}
    for done, (name, statement) in enumerate(steps.items(), start=1):
        paths[name] = engine.save(name, statement)
        progress(name, done, len(steps))
    return paths


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.parquet")) if path.is_dir() else [path]


def _read(path: Path) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(file) for file in _files(path)])


def _score(path: Path, policy: Policy, progress: Progress) -> pl.DataFrame:
    """Score the pairs batch by batch, so that their texts never lie in memory together."""
    parts: list[pl.DataFrame] = []
    for file in _files(path):
        with pq.ParquetFile(file) as pairs:
            total, done = pairs.metadata.num_rows, 0
            for batch in pairs.iter_batches(CHUNK_ROWS):
                frame = pl.from_arrow(batch)
                if isinstance(frame, pl.DataFrame):
                    parts.append(score_pairs(frame, policy))
                    done += len(frame)
                progress("score", done, total)
    if not parts:
        parts = [score_pairs(_read(path), policy)]
    return pl.concat(parts).sort("row", "person")


def _people(path: Path, verdicts: Verdicts) -> pl.DataFrame:
    """What the cause needs of the persons in class C rows: person, name, dob_parts, addr_h."""
    wrong = verdicts.row_class == RowClass.C
    wanted = pl.Series(np.unique(np.concatenate([verdicts.claimed[wrong], verdicts.best[wrong]])))
    columns = [
        pl.col("person"),
        *(pl.col(f"p_{name}").alias(name) for name in ("name", "dob_parts", "addr_h")),
    ]
    found = [
        pl.scan_parquet(file).filter(pl.col("person").is_in(wanted.implode())).select(columns).collect()
        for file in _files(path)
    ]
    return pl.concat(found).unique("person").sort("person")


def _write(normalised: Path, out: Path, verdicts: Verdicts, causes: np.ndarray) -> None:
    """Write the result in file order, batch by batch."""
    classes = [each.name for each in RowClass]
    cause_labels = [each.name.lower() if each else "" for each in Cause]
    codes = {int(code): reason_codes(int(code)) for code in np.unique(verdicts.reasons)}
    writer: pq.ParquetWriter | None = None
    with pq.ParquetFile(normalised) as file:
        first = 0
        for batch in file.iter_batches(CHUNK_ROWS, columns=["pid"]):
            part = slice(first, first + batch.num_rows)
            first = part.stop
            frame = pl.DataFrame(
                {
                    "row": np.arange(part.start + 1, part.stop + 1),
                    "pid": pl.Series(batch.column("pid")),
                    "class": pl.Series(verdicts.row_class[part]).replace_strict(dict(enumerate(classes))),
                    "score": _points(verdicts.score[part]),
                    "rank": _optional(verdicts.rank[part].astype(np.int64), 0),
                    "claimed_person": _optional(verdicts.claimed[part], NONE),
                    "best_other_person": _optional(verdicts.best[part], NONE),
                    "margin": _points(verdicts.margin[part]),
                    "tie": verdicts.tie[part],
                    "reasons": pl.Series(verdicts.reasons[part]).replace_strict(
                        codes, return_dtype=pl.String
                    ),
                    "cause": pl.Series(causes[part]).replace_strict(dict(enumerate(cause_labels))),
                }
            )
            table = frame.to_arrow()
            writer = writer or pq.ParquetWriter(out, table.schema, compression="zstd")
            writer.write_table(table)
    if writer is not None:
        writer.close()


def reason_codes(reasons: int) -> str:
    """Return the codes of a reason mask, separated by spaces; what is equal is no reason."""
    return " ".join(reason.name.lower() for reason in Reason(reasons) if reason.name)


def _optional(values: np.ndarray, none: int) -> pl.Series:
    return pl.select(pl.when(pl.Series(values) != none).then(pl.Series(values))).to_series()


def _points(hundredths: np.ndarray) -> pl.Series:
    return _optional(hundredths, NONE).cast(pl.Float64) / 100


def _summary(verdicts: Verdicts, causes: np.ndarray, residents: int, laps: dict[str, float]) -> Summary:
    classes = np.bincount(verdicts.row_class, minlength=len(RowClass)).tolist()
    named = np.bincount(causes, minlength=len(Cause)).tolist()
    return Summary(
        rows=len(verdicts.state),
        residents=residents,
        classes={each.name: classes[each] for each in RowClass},
        causes={each.name.lower(): named[each] for each in Cause if each},
        ties=int(verdicts.tie.sum()),
        proposals=int(((verdicts.reasons & int(Reason.PROPOSAL)) != 0).sum()),
        rules_version=RULES_VERSION,
        variants_version=VARIANTS_VERSION,
        seconds=laps,
    )
