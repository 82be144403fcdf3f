"""Raw files to narrow normalised Parquet: keys as 64-bit hashes, numbers as tokens, text only where
scoring needs it."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from tenshu.engines.japanese import (
    fold_width_column,
    kana_skeleton_column,
    name_key,
    parse_date_column,
    personal_number_column,
    read_address_column,
    read_name,
    spaced_name_columns,
)
from tenshu.engines.linkage.sealing import Seal

#: State of the number of a row.
LINKED, UNLINKED, BAD_NUMBER = 0, 1, 2
CHUNK_ROWS = 16_384
_ITEMS = ("mynumber", "name", "kana", "dob", "sex", "addr")
_SEX = {"男": 1, "男性": 1, "1": 1, "M": 1, "m": 1, "女": 2, "女性": 2, "2": 2, "F": 2, "f": 2}

type Progress = Callable[[str, int, int], None]


class InputError(ValueError):
    """An input file lacks something; the message names file, row and column in Japanese, never a number."""


@dataclass(frozen=True)
class Normalised:
    """A normalised file: where it lies and how many rows it has."""

    path: Path
    rows: int


def read_batches(path: Path, columns: tuple[str, ...], optional: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    """Read a Parquet or CSV file (UTF-8, header line) in batches of `CHUNK_ROWS` rows, all columns as
    written.

    Raises:
        InputError: the file cannot be read or lacks a column.
    """
    try:
        if path.suffix.lower() == ".csv":
            yield from _csv_batches(path, columns, optional)
            return
        with pq.ParquetFile(path, pre_buffer=False, buffer_size=2**20) as file:
            present = _chosen(path, file.schema_arrow.names, columns, optional)
            for batch in file.iter_batches(CHUNK_ROWS, columns=present, use_threads=False):
                frame = pl.from_arrow(batch)
                if isinstance(frame, pl.DataFrame):
                    yield frame
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path}: 読めません（{type(error).__name__}）") from None


def _csv_batches(path: Path, columns: tuple[str, ...], optional: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    names = path.open(encoding="utf-8-sig").readline().strip().split(",")
    present = _chosen(path, [name.strip('"') for name in names], columns, optional)
    options = pa_csv.ConvertOptions(
        include_columns=present, column_types=dict.fromkeys(present, pa.string()), strings_can_be_null=False
    )
    with pa_csv.open_csv(path, convert_options=options) as reader:
        for batch in reader:
            frame = pl.from_arrow(batch)
            if isinstance(frame, pl.DataFrame):
                yield from frame.iter_slices(CHUNK_ROWS)


def _chosen(path: Path, names: list[str], columns: tuple[str, ...], optional: tuple[str, ...]) -> list[str]:
    for name in columns:
        if name not in names and name not in optional:
            raise InputError(f"{path}: 1行目に列 {name} がありません")
    return [name for name in columns if name in names]


def row_count(path: Path) -> int:
    """Return the rows of a Parquet file from its footer; 0 (unknown) for CSV."""
    if path.suffix.lower() == ".csv":
        return 0
    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path}: 読めません（{type(error).__name__}）") from None


def normalise_register(path: Path, out: Path, seal: Seal, *, threads: int, progress: Progress) -> Normalised:
    """Normalise the file of a programme; the original row number (from 0) becomes the column ``row``."""
    return _normalise(path, out, ("pid", *_ITEMS), (), seal, threads, progress, _register_keys)


def normalise_residents(path: Path, out: Path, seal: Seal, *, threads: int, progress: Progress) -> Normalised:
    """Normalise residents or replies; without a column ``person`` the row number identifies the person."""
    return _normalise(path, out, ("person", *_ITEMS), ("person",), seal, threads, progress, _resident_keys)


def _normalise(
    path: Path,
    out: Path,
    columns: tuple[str, ...],
    optional: tuple[str, ...],
    seal: Seal,
    threads: int,
    progress: Progress,
    identify: Callable[[Path, pl.DataFrame, int], pl.DataFrame],
) -> Normalised:
    total, done, first = row_count(path), 0, 0
    writer: pq.ParquetWriter | None = None

    def work(frame: pl.DataFrame, first_row: int) -> pa.Table:
        identity = identify(path, frame, first_row)
        return pl.concat([identity, normalise_items(frame, seal)], how="horizontal").to_arrow()

    waiting: deque[Future[pa.Table]] = deque()
    with ThreadPoolExecutor(threads) as pool:

        def write_one() -> None:
            nonlocal writer, done
            table = waiting.popleft().result()
            writer = writer or pq.ParquetWriter(out, table.schema, use_dictionary=False, compression="snappy")
            writer.write_table(table)
            done += table.num_rows
            progress(path.name, done, total)

        for frame in read_batches(path, columns, optional):
            waiting.append(pool.submit(work, frame, first))
            first += len(frame)
            if len(waiting) > threads:
                write_one()
        while waiting:
            write_one()
    if writer is None:
        raise InputError(f"{path}: 2行目以降にデータがありません")
    writer.close()
    return Normalised(out, done)


def _register_keys(path: Path, frame: pl.DataFrame, first: int) -> pl.DataFrame:
    pid = frame["pid"].cast(pl.String).fill_null("")
    bare = fold_width_column(pid).str.replace_all(r"[ \-]", "").str.strip_chars_start("0")
    return pl.DataFrame(
        {
            "row": pl.int_range(first, first + len(frame), eager=True),
            "pid": pid,
            "pid_h": hashed(pid),
            "pid_key": hashed(bare),
        }
    )


def _resident_keys(path: Path, frame: pl.DataFrame, first: int) -> pl.DataFrame:
    rows = pl.int_range(first, first + len(frame), eager=True)
    if "person" not in frame.columns:
        return pl.DataFrame({"person": rows})
    person = frame["person"].cast(pl.Int64, strict=False)
    if person.null_count():
        row = first + int(person.is_null().arg_true()[0]) + 1
        raise InputError(f"{path}: {row}件目 列 person: 整数ではありません")
    return pl.DataFrame({"person": person})


def hashed(text: pl.Series) -> pl.Series:
    """Return 64-bit hashes as Int64, null for null and empty text."""
    digest = text.hash(seed=20_231_212).reinterpret(signed=True)
    return pl.select(pl.when(text != "").then(digest)).to_series()


def normalise_items(frame: pl.DataFrame, seal: Seal) -> pl.DataFrame:
    """Return the comparison columns of one batch; every one is null where the item is absent or
    unreadable."""
    raw = {item: frame[item].cast(pl.String).fill_null("") for item in _ITEMS}
    number = personal_number_column(raw["mynumber"])
    valid = pl.select(pl.when(number["valid"]).then(number["value"])).to_series()
    empty = raw["mynumber"].str.strip_chars(" \u3000") == ""
    words, key = spaced_name_columns(raw["name"])
    kana = kana_skeleton_column(raw["kana"])
    parts = parse_date_column(raw["dob"])
    address = read_address_column(raw["addr"])
    wild = key.str.contains("●", literal=True)
    return pl.DataFrame(
        {
            "token": seal.tokens(valid),
            "state": pl.select(
                pl.when(empty)
                .then(UNLINKED)
                .when(number["valid"])
                .then(LINKED)
                .otherwise(BAD_NUMBER)
                .cast(pl.Int8)
            ).to_series(),
            "name": words,
            "name_h": hashed(pl.select(pl.when(~wild).then(key).otherwise(pl.lit(""))).to_series()),
            "alias": _aliases(raw["name"]),
            "kana": kana,
            "kana_h": hashed(kana),
            **_date_columns(parts),
            "sex": _sex(raw["sex"]),
            **_address_columns(address),
        }
    )


def _aliases(names: pl.Series) -> pl.Series:
    """Keys of bracketed names (通称, 旧姓); null for the many rows without brackets."""
    rows = names.str.contains(r"[(（]").arg_true()
    aliases = [name_key(read_name(text).alias) or None for text in names.gather(rows).to_list()]
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, len(names))
    return blank.scatter(rows, pl.Series(aliases, dtype=pl.String)) if aliases else blank


def _date_columns(parts: pl.DataFrame) -> dict[str, pl.Series]:
    """``dob``: yyyymmdd when wholly known; ``dob_parts``: the same with 0 for unknown parts, null if none
    known."""
    year, month, day = (pl.col(part).fill_null(0) for part in ("year", "month", "day"))
    packed = year * 10_000 + month * 100 + day
    known = pl.col("year").is_not_null() & pl.col("month").is_not_null() & pl.col("day").is_not_null()
    return parts.select(
        pl.when(known).then(packed).alias("dob"), pl.when(packed > 0).then(packed).alias("dob_parts")
    ).to_dict()


def _sex(raw: pl.Series) -> pl.Series:
    """1 male, 2 female, null unknown or another answer."""
    distinct = raw.unique()
    folded = fold_width_column(distinct).str.strip_chars()
    codes = folded.replace_strict(_SEX, default=None, return_dtype=pl.Int8)
    return raw.replace_strict(distinct, codes, return_dtype=pl.Int8)


def _address_columns(address: pl.DataFrame) -> dict[str, pl.Series]:
    complete = pl.when((pl.col("town") != "") & (pl.col("numbers") != "")).then(
        pl.concat_str("town", pl.lit("|"), "numbers")
    )
    key = address.select(complete.otherwise(pl.lit(""))).to_series()
    return {"town_h": hashed(address["town"]), "addr_h": hashed(key)}
