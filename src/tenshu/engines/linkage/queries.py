"""Lists to ask the residents' register network with, for bodies without a register of residents of their
own."""

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from tenshu.engines.linkage.normalise import InputError, read_batches

#: 基本4情報 and the reading, in the order of the list.
_ITEMS = ("name", "kana", "dob", "sex", "addr")


def write_number_query(register: Path, out: Path) -> int:
    """Write the distinct personal numbers of a register, to be asked for their 4情報; return how many.

    The list holds personal numbers because the query is made of them: keep it where numbers may be kept,
    and delete it once the replies are in.
    """
    seen: set[str] = set()
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["mynumber"])
        for frame in read_batches(register, ("mynumber",), ()):
            for number in frame["mynumber"].cast(pl.String).fill_null("").to_list():
                if number.strip() and number not in seen:
                    seen.add(number)
                    writer.writerow([number])
    return len(seen)


def write_item_query(register: Path, result: Path, out: Path, *, classes: str = "BCNUX") -> int:
    """Write the 4情報 of the rows of some classes, to be asked for their number; return how many.

    The list carries the row number and the programme number so that answers find their way back, and no
    personal number.

    Raises:
        InputError: register and result have different numbers of rows.
    """
    wanted = pl.read_parquet(result, columns=["row", "class"])
    chosen = wanted.filter(pl.col("class").is_in(list(classes)))["row"]
    keep = set(chosen.to_list())
    written = first = 0
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "pid", *_ITEMS])
        for row, values in _rows(register):
            first = row
            if row in keep:
                writer.writerow([row, *values])
                written += 1
    if first != len(wanted):
        raise InputError(f"{result}: 件数（{len(wanted)}）が台帳 {register} の件数（{first}）と合いません")
    return written


def _rows(register: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    row = 0
    for frame in read_batches(register, ("pid", *_ITEMS), ()):
        for values in frame.select(pl.all().cast(pl.String).fill_null("")).select("pid", *_ITEMS).iter_rows():
            row += 1
            yield row, values
