"""A text column as one array of code points, so that whole columns are folded by table look-up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

type Codes = npt.NDArray[np.uint32]
type Flags = npt.NDArray[np.bool_]
type Offsets = npt.NDArray[np.int64]

#: In a look-up table: drop the character.
DROP = 0xFFFFFFFF
#: Tables reach to the end of the kanji (plane 3); above lie only variation selectors, tags and private use.
_TABLE_SIZE = 0x32400
_SELECTORS = (0xE0100, 0xE01EF)
_PRIVATE_PLANES = 0xF0000


@dataclass(frozen=True)
class Lookup:
    """What each code point becomes: ``table`` below U+32400, above it selectors and private use as a whole.

    ``drops_selectors`` concerns U+E0100–E01EF; ``private`` replaces planes 15 and 16, None leaves them.
    """

    table: Codes
    drops_selectors: bool = False
    private: int | None = None

    def __call__(self, codes: Codes) -> Codes:
        """Return the codes after the look-up, dropped ones marked `DROP`."""
        inside = codes < len(self.table)
        if inside.all():
            return self.table[codes]
        result = codes.copy()
        result[inside] = self.table[codes[inside]]
        if self.drops_selectors:
            result[(codes >= _SELECTORS[0]) & (codes <= _SELECTORS[1])] = DROP
        if self.private is not None:
            result[codes >= _PRIVATE_PLANES] = self.private
        return result

    def after(self, first: "Lookup") -> "Lookup":
        """Return one look-up for two, ``first`` (which drops nothing) applied before this one."""
        return Lookup(self.table[first.table], self.drops_selectors, self.private)


def lookup(table: Mapping[str, str], *, private: str | None = None) -> Lookup:
    """Return a look-up from a mapping of single characters to one character or none.

    Above U+32400 the mapping may only drop the variation selectors; ``private`` replaces private use
    everywhere.

    Raises:
        ValueError: a key or a value is longer than one character.
    """
    codes = np.arange(_TABLE_SIZE, dtype=np.uint32)
    if private is not None:
        codes[0xE000:0xF900] = ord(private)
    for letter, target in table.items():
        if len(letter) != 1 or len(target) > 1:
            raise ValueError(f"not one to one: {letter!r} to {target!r}")
        if ord(letter) < _TABLE_SIZE:
            codes[ord(letter)] = ord(target) if target else DROP
    drops = table.get(chr(_SELECTORS[0])) == ""
    return Lookup(codes, drops, None if private is None else ord(private))


class Letters:
    """A set of characters that columns are searched for."""

    def __init__(self, letters: Iterable[str]) -> None:
        self._flags = np.zeros(_TABLE_SIZE + 1, np.bool_)
        self._flags[[ord(letter) for letter in letters]] = True

    def __call__(self, codes: Codes) -> Flags:
        """Return which codes belong to the set."""
        return self._flags[np.minimum(codes, _TABLE_SIZE)]


class CodePoints:
    """Code points of all rows one after another (``codes``, uint32) and where rows begin (``starts``,
    n + 1)."""

    def __init__(self, codes: Codes, starts: Offsets) -> None:
        self.codes = codes
        self.starts = starts

    @classmethod
    def of(cls, column: pl.Series) -> Self:
        """Read a string column; null rows count as empty."""
        filled = column.fill_null("") if column.null_count() else column
        array = filled.to_arrow().cast(pa.large_string())
        offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
        raw = memoryview(array.buffers()[2] or b"")[offsets[0] : offsets[-1]]
        codes = np.frombuffer(str(raw, "utf-8").encode("utf-32-le"), np.uint32)
        starts = np.zeros(len(offsets), np.int64)
        np.cumsum(filled.str.len_chars().to_numpy(), out=starts[1:])
        return cls(codes, starts)

    def column(self, name: str = "") -> pl.Series:
        """Return the rows as a string column without nulls."""
        sizes = np.ones(len(self.codes), np.uint8)
        for bound in (0x80, 0x800, 0x10000):
            sizes += self.codes >= bound
        ends = np.zeros(len(sizes) + 1, np.int64)
        np.cumsum(sizes, out=ends[1:])
        data = str(self.codes.data, "utf-32-le").encode() if len(sizes) else b""
        offsets = ends[self.starts]
        buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(data)]
        array = pa.LargeStringArray.from_buffers(len(self.starts) - 1, buffers[1], buffers[2])
        return pl.Series(name, array)

    @property
    def row_starts(self) -> Flags:
        """True at the first code point of each row that has one."""
        flags = np.zeros(len(self.codes) + 1, np.bool_)
        flags[self.starts[:-1]] = True
        return flags[:-1]

    def mapped(self, table: Lookup) -> Self:
        """Return the rows after a look-up, with dropped characters gone."""
        return type(self)(table(self.codes), self.starts).kept()

    def kept(self) -> Self:
        """Return the rows without the code points marked `DROP`."""
        keep = self.codes != DROP
        if keep.all():
            return self
        before = np.zeros(len(keep) + 1, np.int64)
        np.cumsum(keep, out=before[1:])
        return type(self)(self.codes[keep], before[self.starts])

    def previous(self) -> Codes:
        """Return for each code point the one before it in its row; 0 at the start of a row."""
        before = np.zeros_like(self.codes)
        before[1:] = self.codes[:-1]
        before[self.row_starts] = 0
        return before
