"""The whole house in one file: the tables of one moment, the stored files, the anchors of the audit record."""

import datetime
import fcntl
import hmac
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from tenshu.ground.audit.sealing import anchor_path
from tenshu.ground.files import store
from tenshu.ground.operations.columns import to_line
from tenshu.ground.operations.container import (
    CHUNK,
    FORMAT,
    Reader,
    Writer,
    reading,
    verify_members,
    writing,
)
from tenshu.ground.operations.encryption import encrypt, out_of_sight, passphrase
from tenshu.ground.operations.room import LEFT_FREE, refuse_without_room
from tenshu.ground.operations.schema import Table, tables_at, targets_of
from tenshu.ground.operations.snapshot import Snapshot, open_snapshot

ANCHORS = "audit-anchors.jsonl"
SECRET_KEY = "secrets/secret_key"  # noqa: S105 - the name of a member, not a secret
LAST_BACKUP = "last-backup.json"
PARTIAL = ".partial"
"""What stands behind the name of a backup while it is written."""

type Tell = Callable[[str, int, int], None]
"""Told what is being done, how much of it, and how much there is."""


class BackupInProgressError(Exception):
    """Another process is writing this very file."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds. ``lost`` are contents that the records know and the store no longer has as they were."""

    tables: int
    rows: int
    files: int
    size: int
    lost: list[str] = field(default_factory=list)


def nothing_told(what: str, done: int, total: int) -> None:
    """For callers that show no progress."""


def write_backup(path: Path, *, with_secrets: bool = False, tell: Tell = nothing_told) -> Summary:
    """Write the backup ``path``: complete or not there at all; a file of that name is replaced at the end.

    Under the passphrase of the settings, if there is one; the plain content then never stands under a name.

    Raises:
        BackupInProgressError: another process writes the same file.
        NoRoomError: the attachments alone would fill the disk.
        PassphraseError: the passphrase of the settings is too short.
        UnknownMigrationsError: the database belongs to a newer release.
    """
    words = passphrase()

    def ask_for_room(wanted: int) -> None:
        refuse_without_room(path.resolve().parent, wanted, "控え")
        if words:
            refuse_without_room(Path(settings.TENSHU_HOME), wanted + LEFT_FREE, "暗号化する前の控え")

    with _beside(path) as stream:
        if words:
            with out_of_sight() as plain:
                summary = _fill(plain, with_secrets, tell, ask_for_room)
                plain.seek(0)
                encrypt(plain, stream, words)
        else:
            summary = _fill(stream, with_secrets, tell, ask_for_room)
    size = path.stat().st_size
    _remember(path, size, len(summary.lost))
    return Summary(summary.tables, summary.rows, summary.files, size, summary.lost)


def _fill(stream: BinaryIO, with_secrets: bool, tell: Tell, ask_for_room: Callable[[int], None]) -> Summary:
    with writing(stream) as writer:
        return _write(writer, with_secrets, tell, ask_for_room)


def verify_backup(path: Path, *, tell: Tell = nothing_told) -> Summary:
    """Read every byte of a backup and hold it against what it says of itself.

    Raises:
        DamagedBackupError: it is not as it was written.
    """
    with reading(path) as reader:
        total = len(reader.members)
        for done, member in enumerate(verify_members(reader), 1):
            tell(member.name.split("/")[0], done, total)
        return summary_of(reader, path.stat().st_size)


def summary_of(reader: Reader, size: int) -> Summary:
    """What the manifest says."""
    tables, files = reader.manifest["tables"], reader.manifest["files"]
    rows = sum(table["rows"] for table in tables)
    return Summary(len(tables), rows, files["count"], size, files["lost"])


def _write(writer: Writer, with_secrets: bool, tell: Tell, ask_for_room: Callable[[int], None]) -> Summary:
    # Anchors first: each of them tells of a seal that was committed before, and so is part of the snapshot.
    anchors = Path(anchor_path())
    writer.add(ANCHORS, _blocks(anchors) if anchors.exists() else ())
    with open_snapshot() as snapshot:
        migrations = snapshot.migrations()
        loader = MigrationLoader(connection)
        tables = tables_at(loader, targets_of(loader, migrations))
        ask_for_room(sum(size for _, size in _stored(snapshot, tables)))
        described = [_add_table(writer, snapshot, table, tell) for table in tables]
        files = _add_files(writer, snapshot, tables, tell)
        head = _audit_head(snapshot, tables)
    if with_secrets:
        writer.add(SECRET_KEY, [settings.SECRET_KEY.encode()])
    writer.finish(
        {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "release": version("tenshu"),
            "database": connection.vendor,
            "migrations": migrations,
            "tables": described,
            "files": files,
            "audit": head,
            "secret_key_check": secret_key_check(),
        }
    )
    rows = sum(table["rows"] for table in described)
    return Summary(len(described), rows, files["count"], 0, files["lost"])


def secret_key_check(key: str | None = None) -> str:
    """Tells whether two houses sign with the same key, without telling the key."""
    return hmac.new((key or settings.SECRET_KEY).encode(), b"tenshu backup", "sha256").hexdigest()[:16]


def knows_key_of(check: str) -> bool:
    """Whether the key with this ``secret_key_check`` is that of this house, or one that it had before."""
    return check in {secret_key_check(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}


def _add_table(writer: Writer, snapshot: Snapshot, table: Table, tell: Tell) -> dict[str, Any]:
    total, done = snapshot.count(table), 0
    line = to_line(table.columns, snapshot.vendor)

    def chunks() -> Iterator[bytes]:
        nonlocal done
        gathered: list[bytes] = []
        for row in snapshot.rows(table):
            gathered.append(line(row))
            done += 1
            if len(gathered) == 2_000:
                yield b"".join(gathered)
                gathered.clear()
                tell(table.name, done, total)
        yield b"".join(gathered)

    member = writer.add(f"tables/{table.name}.jsonl", chunks())
    return {
        "name": table.name,
        "columns": [[column.name, column.kind] for column in table.columns],
        "rows": done,
        "last_number": snapshot.last_number(table),
        "member": member.name,
    }


def _add_files(writer: Writer, snapshot: Snapshot, tables: Iterable[Table], tell: Tell) -> dict[str, Any]:
    """Every content that the snapshot knows. The store never changes a content, so it is as it was then."""
    count, size, lost = 0, 0, []
    known = list(_stored(snapshot, tables))
    for digest, _ in known:
        # A content that is no longer what its name says stays in the file for a look, but counts as lost.
        path = store.path_of(digest)
        try:
            member = writer.add(f"files/{digest}", _readable(path), packed=False)
        except _UnreadableError:
            member = (
                None  # one bad sector must not cost the night's backup; what was read of it is in no manifest
            )
        if member is None or member.sha256 != digest:
            lost.append(digest)
            continue
        count, size = count + 1, size + member.size
        tell("files", count, len(known))
    return {"count": count, "bytes": size, "lost": lost}


def _stored(snapshot: Snapshot, tables: Iterable[Table]) -> Iterator[tuple[str, int]]:
    """SHA-256 and size of every content that the snapshot knows."""
    for table in tables:
        if table.name == "files_storedfile":
            names = [column.name for column in table.columns]
            digest, size = names.index("sha256"), names.index("size")
            for row in snapshot.rows(table):
                yield str(row[digest]), int(row[size])


def _audit_head(snapshot: Snapshot, tables: Iterable[Table]) -> dict[str, Any]:
    seals = next((table for table in tables if table.name == "audit_seal"), None)
    row = snapshot.last_row(seals) if seals else None
    last = dict(zip([column.name for column in seals.columns], row, strict=True)) if seals and row else {}
    return {"position": last.get("position", 0), "chain_hash": last.get("chain_hash", "")}


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(CHUNK):
            yield block


class _UnreadableError(Exception):
    """A content is not there, or the disk does not give it."""


def _readable(path: Path) -> Iterator[bytes]:
    try:
        yield from _blocks(path)
    except OSError as error:
        raise _UnreadableError from error


@contextmanager
def _beside(path: Path) -> Iterator[BinaryIO]:
    """A file ``path.partial`` that becomes ``path`` at the good end and is gone at a bad one.

    What a killed process leaves is written over by the next one; the lock tells a living one from a dead one.
    """
    partial = path.with_name(f"{path.name}{PARTIAL}")
    handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "r+b") as stream:
        # Whoever held the lock until now may have given the file its real name meanwhile: then it is no longer ours to empty.
        if not _is_ours(stream, partial):
            raise BackupInProgressError(path.name)
        os.fchmod(stream.fileno(), 0o600)
        stream.truncate(0)
        try:
            yield stream
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        partial.replace(path)
    folder = os.open(path.resolve().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _is_ours(stream: BinaryIO, partial: Path) -> bool:
    """Whether nobody else writes into ``stream`` and ``partial`` is still its name; the lock is then held."""
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(stream.fileno()), partial.lstat())
    except (BlockingIOError, FileNotFoundError):
        return False


def remove_abandoned(paths: Iterable[Path]) -> list[Path]:
    """Of these unfinished backups, take away those that no process writes any more; gives them."""
    gone = []
    for path in paths:
        with suppress(OSError), path.open("r+b") as stream:
            if _is_ours(stream, path):
                path.unlink()
                gone.append(path)
    return gone


def _remember(path: Path, size: int, lost: int) -> None:
    """When the last backup was made: for ``tenshu check --deploy`` and for monitoring."""
    told = {"at": timezone.now().isoformat(), "file": str(path.resolve()), "size": size, "lost": lost}
    with suppress(OSError):
        (settings.TENSHU_HOME / LAST_BACKUP).write_text(
            json.dumps(told, ensure_ascii=False), encoding="utf-8"
        )


def last_backup() -> dict[str, Any] | None:
    """The last backup that this house has made; ``None`` without one.

    ``at`` (ISO time), ``file``, ``size``, and ``lost``: how many contents of attachments it could not hold.
    """
    try:
        found: dict[str, Any] = json.loads((settings.TENSHU_HOME / LAST_BACKUP).read_text(encoding="utf-8"))
        datetime.datetime.fromisoformat(found["at"])
    except (OSError, ValueError, KeyError, TypeError):  # half written, or by another hand
        return None
    return found
