"""The file of a backup: a zip that any tool opens, with a manifest, and a SHA-256 over the whole file.

``manifest.json`` is written last and lists every other member with size and SHA-256. The comment of the zip holds the
SHA-256 of the file (with its own 64 digits as zeros), so that not one altered bit goes unseen.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO

from tenshu.ground.operations.encryption import opened

FORMAT = 1
CHUNK = 1 << 20
MANIFEST = "manifest.json"
_MARK = b"tenshu-backup 1 sha256:"
_DIGITS = 64


class DamagedBackupError(Exception):
    """The file is no backup, or not as it was written; the message is Japanese."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the zip as the manifest lists it."""

    name: str
    size: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"name": self.name, "size": self.size, "sha256": self.sha256}


@dataclass
class Writer:
    """Adds members to a backup; made by ``writing``."""

    archive: zipfile.ZipFile
    members: list[Member] = field(default_factory=list)

    def add(self, name: str, chunks: Iterable[bytes], *, packed: bool = True) -> Member:
        """Stream ``chunks`` into the member ``name``; ``packed=False`` for what is compressed already."""
        digest, size = hashlib.sha256(), 0
        entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        entry.compress_level = 1
        entry.external_attr = 0o600 << 16
        with self.archive.open(entry, "w", force_zip64=True) as out:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
        member = Member(name, size, digest.hexdigest())
        self.members.append(member)
        return member

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest."""
        listed = {**manifest, "members": [member.as_json() for member in self.members]}
        self.add(MANIFEST, [json.dumps(listed, ensure_ascii=False, indent=1).encode()])


@contextmanager
def writing(stream: BinaryIO) -> Iterator[Writer]:
    """A backup written into ``stream`` (open for reading and writing); sealed at the end, flushed to the disk."""
    with zipfile.ZipFile(stream, "w", allowZip64=True) as archive:
        archive.comment = _MARK + b"0" * _DIGITS
        yield Writer(archive)
    stream.flush()
    digest = _digest(stream, _length(stream))
    stream.seek(-_DIGITS, os.SEEK_END)
    stream.write(digest.encode())
    stream.flush()
    os.fsync(stream.fileno())


def _length(stream: IO[bytes]) -> int:
    return stream.seek(0, os.SEEK_END)


def _digest(stream: IO[bytes], length: int) -> str:
    """SHA-256 of the first ``length`` bytes, the last digits of which count as zeros."""
    digest, left = hashlib.sha256(), length - _DIGITS
    stream.seek(0)
    while left > 0 and (block := stream.read(min(CHUNK, left))):
        digest.update(block)
        left -= len(block)
    digest.update(b"0" * _DIGITS)
    return digest.hexdigest()


class Reader:
    """A verified backup."""

    def __init__(self, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
        self._archive = archive
        self.manifest = manifest
        self.members = {m["name"]: Member(m["name"], m["size"], m["sha256"]) for m in manifest["members"]}

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A member as a stream."""
        if name not in self.members:
            raise DamagedBackupError(f"控えの中に {name} がありません。")
        with self._archive.open(name) as stream:
            yield stream

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member, without their ends."""
        with self.open(name) as stream:
            rest = b""
            while block := stream.read(CHUNK):
                *whole, rest = (rest + block).split(b"\n")
                yield from whole
            if rest:
                raise DamagedBackupError(f"控えの {name} が途中で切れています。")


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """The backup ``path``, every byte of it held against its SHA-256 before anything is believed.

    An encrypted one is opened by the passphrase of the settings.

    Raises:
        DamagedBackupError: no backup, cut off or altered, or written in a newer form.
        PassphraseError: it is encrypted and does not open.
    """
    with opened(path) as stream:
        _check_seal(stream)
        try:
            with zipfile.ZipFile(stream) as archive:
                manifest = json.loads(archive.read(MANIFEST))
                if manifest.get("format") != FORMAT:
                    raise DamagedBackupError(
                        f"控えの形（第{manifest.get('format')}版）が新しく、この天守では読めません。天守を新しくしてください。"
                    )
                yield Reader(archive, manifest)
        except (zipfile.BadZipFile, KeyError, json.JSONDecodeError) as error:
            raise DamagedBackupError("控えが壊れています。別の控えを使ってください。") from error


def _check_seal(stream: IO[bytes]) -> None:
    length = _length(stream)
    tail = len(_MARK) + _DIGITS
    stream.seek(max(0, length - tail))
    seal = stream.read()
    if not seal.startswith(_MARK) or len(seal) != tail:
        raise DamagedBackupError("天守の控えではないか、途中で切れています。別の控えを使ってください。")
    if seal[len(_MARK) :].decode("ascii", "replace") != _digest(stream, length):
        raise DamagedBackupError(
            "控えの中身が、取ったときと違います（ハッシュの不一致）。別の控えを使ってください。"
        )


def verify_members(reader: Reader) -> Iterator[Member]:
    """Hash every member again; yields each one that is right.

    Raises:
        DamagedBackupError: one is not what the manifest says.
    """
    for member in reader.members.values():
        digest, size = hashlib.sha256(), 0
        with reader.open(member.name) as stream:
            while block := stream.read(CHUNK):
                digest.update(block)
                size += len(block)
        if (digest.hexdigest(), size) != (member.sha256, member.size):
            raise DamagedBackupError(f"控えの {member.name} が、取ったときと違います。")
        yield member
