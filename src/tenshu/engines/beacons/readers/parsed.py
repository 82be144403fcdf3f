"""What a reader hands over: frames by table, rejected lines, and a count of every other line."""

import ipaddress
from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from tenshu.engines.beacons.blocks import Block

EXCERPT = 200
EARLIEST_US = 631_152_000_000_000  # 1990-01-01
LATEST_US = 4_102_444_800_000_000  # 2100-01-01
OCTET = r"(25[0-5]|2[0-4]\d|1?\d?\d)"
ADDRESS_PATTERN = rf"^({OCTET}(\.{OCTET}){{3}}|[0-9a-fA-F]{{0,4}}:[0-9a-fA-F:.]+)$"


@dataclass(frozen=True)
class Reject:
    """A line that could not become a record: its number in the file, why, and how it begins."""

    line: int
    reason: str
    excerpt: str


@dataclass
class Parsed:
    """Result of one block. `lines` = records' lines + rejects + explained, always."""

    tables: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    explained: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    missed_bytes: int = 0

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Append a frame unless it is empty."""
        if frame.height:
            self.tables.setdefault(table, []).append(frame)

    def reject(self, line: int, reason: str, raw: bytes | str) -> None:
        """Record a rejected line."""
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
        self.rejects.append(Reject(line, reason, text[:EXCERPT]))


class Reader(Protocol):
    """Turns blocks of one file into records; one reader an open file (it remembers headers)."""

    def read(self, block: Block) -> Parsed:
        """Records and rejects of a block."""


def is_address(text: str) -> bool:
    """Whether `text` is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def plausible_time(start_us: int | None) -> bool:
    """Whether a time lies between 1990 and 2100 (a wrong column rarely does)."""
    return start_us is not None and EARLIEST_US <= start_us <= LATEST_US


def clean_name(column: str) -> pl.Expr:
    """A host name in lower case, without port, final dot or blanks; null for nothing and for an address."""
    name = pl.col(column).str.strip_chars().str.to_lowercase().str.replace(r":\d+$", "").str.strip_suffix(".")
    is_name = (name.str.len_bytes() > 0) & ~name.str.strip_chars("[]").str.contains(ADDRESS_PATTERN)
    return pl.when(is_name).then(name)


EXECUTABLE = r"(x-dosexec|x-msdownload|x-executable|x-elf|x-sharedlib|java-archive|x-mach|zip|x-rar|x-7z)"
HARMLESS_SUFFIX = r"\.(png|jpe?g|gif|ico|svg|webp|bmp|css|html?|txt|mp3|mp4|woff2?|ttf)$"


def mime_mismatch(uri: str, mime: str) -> pl.Expr:
    """An address that promises a picture, a page or a font, answered by a program or an archive."""
    path = pl.col(uri).str.replace(r"[?#].*$", "").str.to_lowercase()
    return (path.str.contains(HARMLESS_SUFFIX) & pl.col(mime).str.contains(EXECUTABLE)).fill_null(value=False)
