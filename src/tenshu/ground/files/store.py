"""The store on disk: each content once, under its SHA-256, in folders of two levels."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

CHUNK = 1 << 20
_INCOMING = "incoming"


def path_of(digest: str) -> Path:
    """Where the content with this SHA-256 lies."""
    return _root() / digest[:2] / digest[2:4] / digest


def put(stream: BinaryIO) -> tuple[str, int]:
    """Keep the content of ``stream``; gives its SHA-256 (hexadecimal) and its size in bytes.

    Written beside, flushed to the disk and then renamed: a killed process leaves at most a file in
    ``incoming`` that nothing refers to, never half a file under a hash.
    """
    stream.seek(0)
    return put_blocks(iter(lambda: stream.read(CHUNK), b""))


def put_blocks(blocks: Iterable[bytes]) -> tuple[str, int]:
    """Keep the content that ``blocks`` make up; as ``put``."""
    incoming = _root() / _INCOMING
    incoming.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=incoming)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            for block in blocks:
                digest.update(block)
                size += len(block)
                out.write(block)
            out.flush()
            os.fchmod(out.fileno(), 0o440)
            os.fsync(out.fileno())
        target = path_of(digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True)
        # Also over one that is there: a content that the disk has damaged is whole again, and its time is now, so that
        # no sweep takes it before its record is written.
        temporary.replace(target)
        _flush_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return digest.hexdigest(), size


def take_away(digest: str, *, unless_since: float) -> bool:
    """Remove a content that nobody has put since the moment ``unless_since``; whether it is gone.

    Out of the way first, then looked at: whoever puts the same content meanwhile finds none and writes it anew.
    """
    path = path_of(digest)
    aside = _root() / _INCOMING / f"leaving-{digest}"
    aside.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.rename(aside)
    except FileNotFoundError:
        return False
    if aside.stat().st_mtime < unless_since:
        aside.unlink()
        return True
    aside.rename(path)
    return False


def tidy_incoming(*, before: float) -> int:
    """Remove what killed processes have left half written before that moment; how many files."""
    old = [path for path in (_root() / _INCOMING).glob("*") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def put_at(digest: str) -> float | None:
    """When the content was last put, in seconds since 1970; ``None`` when it is gone."""
    try:
        return path_of(digest).stat().st_mtime
    except FileNotFoundError:
        return None


def open_content(digest: str) -> BinaryIO:
    """The content as a stream; raises ``FileNotFoundError``."""
    return path_of(digest).open("rb")


def digest_on_disk(digest: str) -> tuple[str, int] | None:
    """SHA-256 and size of what really lies under ``digest``; ``None`` when nothing does."""
    found, size = hashlib.sha256(), 0
    try:
        with open_content(digest) as stream:
            while block := stream.read(CHUNK):
                found.update(block)
                size += len(block)
    except FileNotFoundError:
        return None
    return found.hexdigest(), size


def digests_on_disk() -> Iterator[str]:
    """Every hash under which something lies."""
    root = _root()
    for path in root.glob("??/??/*") if root.exists() else ():
        yield path.name


def _root() -> Path:
    return Path(settings.FILES_ROOT)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
