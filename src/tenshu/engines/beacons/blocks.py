"""Reading a log file in blocks that end at a line end, hashing it on the way."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from tenshu.engines.beacons.errors import LogError

BLOCK_BYTES = 64 * 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class Block:
    """Whole lines of a file; `first_line` is the number of the first one, counted from 1."""

    data: bytes
    first_line: int


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


def read_blocks(path: Path, size: int = BLOCK_BYTES) -> Iterator[Block]:
    """The lines of a file in blocks of about `size` bytes.

    Raises LogError naming the file and the line reached when a packed file is damaged.
    """
    line = 1
    with open_log(path) as file:
        while True:
            try:
                data = file.read(size)
                tail = b"" if data.endswith(b"\n") else file.readline()
            except (OSError, EOFError, zlib.error) as error:
                raise LogError(
                    f"{path.name}: {line}行目以降を読み取れません（圧縮が壊れています）: {error}"
                ) from error
            if not data:
                return
            if tail:
                data += tail
            yield Block(data, line)
            line += data.count(b"\n")
