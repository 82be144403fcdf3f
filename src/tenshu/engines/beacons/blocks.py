"""Reading a log file in blocks that end at a line end, hashing it on the way."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from tenshu.engines.beacons.errors import LogError

BLOCK_BYTES = 24 * 1024 * 1024
"""Below 32 MiB the C library uses the memory of one block for the next; above, every page is new each time."""
EVENT_BLOCK_BYTES = 64 * 1024 * 1024
"""For events in JSON: DuckDB gives each of its threads a share of 32 MiB."""
COUNT_BYTES = 1024 * 1024
CLOSING_BYTES = 4096
LINE_END, COMMENT = ord("\n"), b"#"
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class Block:
    """Whole lines of a file; `first_line` is the number of the first one, counted from 1."""

    data: bytes
    first_line: int

    @cached_property
    def lines(self) -> int:
        """How many lines the block holds, the last one with or without its line end."""
        return count_lines(self.data)


def count_lines(data: bytes) -> int:
    """How many lines `data` holds; numpy compares many bytes at once, `bytes.count` stops at every line."""
    codes = np.frombuffer(data, np.uint8)
    ends = sum(
        int(np.count_nonzero(codes[start : start + COUNT_BYTES] == LINE_END))
        for start in range(0, len(codes), COUNT_BYTES)
    )
    return ends + (len(data) > 0 and not data.endswith(b"\n"))


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes as they lie on disk, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_log(path: Path) -> BinaryIO:
    """Open a log for reading, unpacking gzip by its magic number rather than by its name."""
    file = path.open("rb")
    magic = file.read(2)
    file.seek(0)
    return cast("BinaryIO", gzip.GzipFile(fileobj=file)) if magic == GZIP_MAGIC else file


def read_blocks(path: Path, size: int = BLOCK_BYTES, *, comments: bool = False) -> Iterator[Block]:
    """The lines of a file in blocks of about `size` bytes.

    `comments`: lines with `#` that open or close the file are blocks of their own, so that the rows between
    need not be copied out of theirs. Raises LogError naming the file and the line reached when a packed file
    is damaged.
    """
    line = 1
    with open_log(path) as file:
        close = closing_comments(file) if comments else 0
        while True:
            try:
                data = opening_comments(file) if comments and line == 1 else b""
                data = data or whole_lines(file, size, close)
            except (OSError, EOFError, zlib.error) as error:
                raise LogError(
                    f"{path.name}: {line}行目以降を読み取れません（圧縮が壊れています）: {error}"
                ) from error
            if not data:
                return
            block = Block(data, line)
            yield block
            line += block.lines


def opening_comments(file: BinaryIO) -> bytes:
    """The comment lines at the beginning of a log."""
    lines: list[bytes] = []
    while True:
        mark = file.tell()
        line = file.readline()
        if not line.startswith(COMMENT):
            file.seek(mark)
            return b"".join(lines)
        lines.append(line)


def closing_comments(file: BinaryIO) -> int:
    """Where the comment lines at the end of an unpacked log begin; 0 where there are none."""
    if isinstance(file, gzip.GzipFile):
        return 0
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - CLOSING_BYTES))
    tail = file.read()
    file.seek(0)
    mark = tail.find(b"\n" + COMMENT)
    return 0 if mark < 0 else length - len(tail) + mark + 1


def whole_lines(file: BinaryIO, size: int, close: int) -> bytes:
    """About `size` bytes up to a line end, none beyond position `close`; nothing at the end of the file."""
    ahead = close - file.tell()
    data = file.read(min(size, ahead) if ahead > 0 else size)
    return data if data.endswith(b"\n") else data + file.readline()
