"""The journal of samples: append-only lines with checksums, written before a prober goes on.

A line is `CRC32 as 8 hex digits, space, JSON, newline`; the first line describes the columns. A prober
that is killed leaves at worst one torn line at the end, which a reader drops. Each pass of the loop ends
with one write, so samples that were delivered survive the process; a thread asks the disk every second, so
that a power cut costs no more than that.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
import typing
import zlib
from collections.abc import Iterator
from pathlib import Path

from tenshu.engines.probe.sample import COLUMNS, Sample, row_of
from tenshu.engines.probe.series import journal_of

_FORMAT = 1
_SYNC_S = 1.0
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class JournalError(ValueError):
    """The journal cannot be written or read; the message (Japanese) names the file."""


class Journal:
    """Writes samples for one new results file; JournalError when its journal exists or cannot be made.

    The lock that it holds tells others that this journal still grows.
    """

    def __init__(self, results: Path) -> None:
        self.results = results
        self.path = journal_of(results)
        self.rows = 0
        self._pending: list[bytes] = []
        try:
            self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
        except OSError as error:
            raise JournalError(f"{self.path}: 書けません（{error.strerror}）") from error
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        self._pending.append(_line({"format": _FORMAT, "columns": list(COLUMNS)}))
        self.flush()
        self._closing = threading.Event()
        self._syncer = threading.Thread(target=self._sync_regularly, name="journal-sync", daemon=True)
        self._syncer.start()

    def add(self, sample: Sample) -> None:
        """Take a sample; it is safe against a killed process after the next `flush`."""
        self._pending.append(_line(row_of(sample)))
        self.rows += 1

    def flush(self) -> None:
        """Write what was added, in one call to the system."""
        if self._pending:
            data = b"".join(self._pending)
            self._pending.clear()
            written = os.write(self._fd, data)
            while written < len(data):  # a full disk or a signal may split the write
                written += os.write(self._fd, data[written:])

    def close(self) -> None:
        """Flush, ask the disk, and let go of the lock."""
        self.flush()
        self._closing.set()
        self._syncer.join()
        os.fsync(self._fd)
        os.close(self._fd)

    def _sync_regularly(self) -> None:
        while not self._closing.wait(_SYNC_S):
            os.fsync(self._fd)


def read_journal(path: Path, damaged: list[int] | None = None) -> Iterator[list[object]]:
    """Rows of a journal in the order of COLUMNS; damaged lines are left out.

    The numbers of damaged lines other than a torn last one are added to `damaged`.
    Raises JournalError when the file is not a journal of this format.
    """
    broken = 0
    with path.open("rb") as lines:
        head = _checked(lines.readline())
        if head is None:
            return  # killed before the first line was whole: no sample was written either
        if not isinstance(head, dict) or head.get("format") != _FORMAT or head["columns"] != list(COLUMNS):
            raise JournalError(f"{path}: この版の観測記録ではありません（形式または列の並びが異なります）")
        for number, line in enumerate(lines, start=2):
            if broken and damaged is not None:
                damaged.append(broken)
            row = _checked(line)
            broken = 0 if isinstance(row, list) and len(row) == len(COLUMNS) else number
            if not broken:
                yield typing.cast("list[object]", row)
    if broken and damaged is not None and line.endswith(b"\n"):
        damaged.append(broken)


def _line(value: object) -> bytes:
    text = _encode(value).encode("ascii")
    return b"%08x %b\n" % (zlib.crc32(text), text)


def _checked(line: bytes) -> object | None:
    """The JSON value of a whole line, or None."""
    if len(line) < 10 or not line.endswith(b"\n") or line[8:9] != b" ":
        return None
    text = line[9:-1]
    try:
        if int(line[:8], 16) != zlib.crc32(text):
            return None
        value: object = json.loads(text)
    except ValueError:
        return None
    return value
