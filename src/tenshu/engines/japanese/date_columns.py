"""Column form of `parse_date`: the usual notations by expression, every other one by the scalar function."""

import numpy as np
import numpy.typing as npt
import polars as pl

from tenshu.engines.japanese.code_points import CodePoints
from tenshu.engines.japanese.dates import parse_date
from tenshu.engines.japanese.eras import ERA_BY_SIGN, ERAS, DateError
from tenshu.engines.japanese.text_columns import fold_width_column, width_table

_ERA = "(明治|大正|昭和|平成|令和|[MTSHRmtshr])?"
_UNITS = rf"^{_ERA}(元|[0-9]{{1,4}})年([0-9]{{1,2}})月([0-9]{{1,2}})日$"
_PACKED = "^([0-9]{4})([0-9]{2})([0-9]{2})$"
_PACKED_CODE = "^([1-5])([0-9]{2})([0-9]{2})([0-9]{2})$"
_OFFSETS = {sign: era.offset for sign, era in ERA_BY_SIGN.items()} | {
    era.letter.lower(): era.offset for era in ERAS
}
_CODE_OFFSETS = {str(era.code): era.offset for era in ERAS}
#: Layouts of most exported files, read digit by digit.
_LAYOUTS = ("yyyy-mm-dd", "yyyy/mm/dd", "yyyymmdd")
#: Days of each month, 31 while the month is unknown (0).
_LONGEST = np.array([31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0], np.int32)
_SCHEMA = {"year": pl.Int32, "month": pl.Int32, "day": pl.Int32, "readable": pl.Boolean}


def _marked(mark: str) -> str:
    return rf"^{_ERA}(元|[0-9]{{1,4}}){mark}([0-9]{{1,2}}){mark}([0-9]{{1,2}})$"


#: Pattern, its group names, offsets of its era group.
_FORMS: tuple[tuple[str, tuple[str, ...], dict[str, int]], ...] = (
    (_UNITS, ("era", "year", "month", "day"), _OFFSETS),
    *((_marked(mark), ("era", "year", "month", "day"), _OFFSETS) for mark in ("/", "-", r"\.")),
    (_PACKED, ("year", "month", "day"), {}),
    (_PACKED_CODE, ("era", "year", "month", "day"), _CODE_OFFSETS),
)


def parse_date_column(column: pl.Series) -> pl.DataFrame:
    """Column form of `parse_date`: ``year``, ``month``, ``day`` (Int32, null where unknown), ``readable``.

    A text that `parse_date` refuses, and an empty or null one, gives three nulls and ``readable`` False.
    """
    points = CodePoints.of(column).mapped(width_table())
    result = np.zeros((3, len(column)), np.int32)
    readable = np.zeros(len(column), np.bool_)
    for layout in _LAYOUTS:
        rows, parts = _read_layout(points, layout)
        result[:, rows] = parts
        readable[rows] = True
    left = np.flatnonzero(~readable)
    if left.size:
        texts = column.gather(left).fill_null("")
        read = _read_distinct(texts.unique())
        rest = texts.to_frame("text").join(read, on="text", how="left", maintain_order="left")
        readable[left] = rest["readable"].to_numpy()
        result[:, left] = rest.select(pl.col("year", "month", "day").fill_null(0)).to_numpy().T
    frame = pl.DataFrame({"year": result[0], "month": result[1], "day": result[2], "readable": readable})
    unknown_as_null = [
        pl.when(pl.col(part) > 0).then(pl.col(part)).alias(part) for part in ("year", "month", "day")
    ]
    return frame.with_columns(unknown_as_null)


def _read_layout(points: CodePoints, layout: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Rows written exactly in one layout (``yyyy-mm-dd``) that name an existing day, with their parts."""
    rows = np.flatnonzero(np.diff(points.starts) == len(layout))
    cells = points.codes[points.starts[:-1][rows][:, None] + np.arange(len(layout))]
    digits = cells - np.uint32(ord("0"))
    fits = np.ones(len(rows), np.bool_)
    for at, sign in enumerate(layout):
        fits &= digits[:, at] <= 9 if sign in "ymd" else cells[:, at] == ord(sign)
    rows, digits = rows[fits], digits[fits].astype(np.int32)
    parts = np.zeros((3, len(rows)), np.int32)
    for at, sign in enumerate(layout):
        if sign in "ymd":
            part = "ymd".index(sign)
            parts[part] = parts[part] * 10 + digits[:, at]
    year, month, day = parts
    leap = (year == 0) | ((year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0)))
    longest = _LONGEST[np.minimum(month, 13)] + ((month == 2) & leap)
    exists = ((year == 0) | (year >= 1000)) & (month <= 12) & (day <= longest)
    return rows[exists], parts[:, exists]


def _read_distinct(texts: pl.Series) -> pl.DataFrame:
    """One row per distinct text: each goes to the first form that fits, what is left over to the
    scalar reader."""
    left = pl.DataFrame({"text": texts, "folded": fold_width_column(texts).str.strip_chars()})
    parts: list[pl.DataFrame] = []
    for pattern, groups, offsets in _FORMS:
        fits = left["folded"].str.contains(pattern)
        if fits.any():
            parts.append(_read_form(left.filter(fits), pattern, groups, offsets))
            left = left.filter(~fits)
    parts.append(_read_one_by_one(left["text"]))
    return pl.concat(parts)


def _read_form(
    rows: pl.DataFrame, pattern: str, groups: tuple[str, ...], offsets: dict[str, int]
) -> pl.DataFrame:
    fields = pl.col("folded").str.extract_groups(pattern).struct.rename_fields(list(groups))
    found = rows.select("text", fields.alias("parts")).unnest("parts")
    has_era = "era" in groups
    offset = (
        pl.col("era").replace_strict(offsets, default=None, return_dtype=pl.Int32)
        if has_era
        else pl.lit(None, pl.Int32)
    )
    raw_year = pl.when(pl.col("year") == "元").then(pl.lit("1")).otherwise(pl.col("year")).cast(pl.Int32)
    found = found.with_columns(
        offset.alias("offset"), raw_year.alias("raw_year"), pl.col("month", "day").cast(pl.Int32)
    )
    found = found.with_columns(
        pl.when(pl.col("raw_year") == 0)
        .then(None)
        .otherwise(pl.col("raw_year") + pl.col("offset").fill_null(0))
        .alias("year"),
        pl.when(pl.col("month") > 0).then(pl.col("month")).alias("month"),
        pl.when(pl.col("day") > 0).then(pl.col("day")).alias("day"),
    ).with_columns(_exists().alias("readable"))
    return found.select(
        "text",
        *(pl.when("readable").then(pl.col(part)).alias(part) for part in ("year", "month", "day")),
        "readable",
    )


def _exists() -> pl.Expr:
    """Whether the day exists, unknown parts allowing any; a year without an era needs four digits."""
    year, month, day = pl.col("year"), pl.col("month"), pl.col("day")
    leap = year.is_null() | ((year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0)))
    longest = (
        pl.when(month.is_in([4, 6, 9, 11]))
        .then(30)
        .when(month == 2)
        .then(28 + leap.cast(pl.Int32))
        .otherwise(31)
    )
    known_year = pl.col("offset").is_not_null() | (pl.col("raw_year") == 0) | (pl.col("raw_year") >= 1000)
    return known_year & (month.is_null() | (month <= 12)) & (day.is_null() | (day <= longest))


def _read_one_by_one(texts: pl.Series) -> pl.DataFrame:
    rows: list[tuple[str, int | None, int | None, int | None, bool]] = []
    for text in texts.to_list():
        try:
            found = parse_date(text)
        except DateError:
            rows.append((text, None, None, None, False))
        else:
            rows.append((text, found.year, found.month, found.day, True))
    return pl.DataFrame(rows, schema={"text": pl.String, **_SCHEMA}, orient="row")
