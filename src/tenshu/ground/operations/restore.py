"""A backup back into a house, on either database: everything, or nothing."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tenshu.ground.audit.sealing import anchor_path
from tenshu.ground.files import store
from tenshu.ground.operations.backup import (
    ANCHORS,
    SECRET_KEY,
    Summary,
    Tell,
    knows_key_of,
    nothing_told,
    summary_of,
)
from tenshu.ground.operations.container import CHUNK, DamagedBackupError, Reader, reading, verify_members
from tenshu.ground.operations.derived import all_derived, left_out
from tenshu.ground.operations.landing import database_path, landing, put_in_place
from tenshu.ground.operations.loading import empty, load, raise_sequences, set_sequences, unguarded
from tenshu.ground.operations.room import LEFT_FREE, refuse_without_room
from tenshu.ground.operations.schema import Table, tables_at, targets_of

#: What an empty house may hold: Django writes these by itself when it migrates.
_OF_DJANGO = {"django_content_type", "auth_permission", "django_migrations"}


class NotEmptyError(Exception):
    """The house holds records already; ``rows`` counts them by table."""

    def __init__(self, rows: dict[str, int]) -> None:
        super().__init__(", ".join(rows))
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and what the operator should know."""

    summary: Summary
    notes: list[str] = field(default_factory=list)


def restore_backup(
    path: Path,
    *,
    force: bool = False,
    tell: Tell = nothing_told,
    on_loaded: Callable[[], object] | None = None,
) -> Restored:
    """Bring the house of ``path`` back.

    Whatever is raised, nothing was changed but for contents in the store, which no record knows yet.

    Raises:
        DamagedBackupError: the file is not as it was written.
        UnknownMigrationsError: it comes from a newer release.
        NotEmptyError: the database holds records, of this house or of somebody else, and ``force`` is not given.
        InUseError: other processes have the database open.
        NoRoomError: the disk cannot hold what is in the backup.
        NulCharacterError: a text with NUL goes into PostgreSQL.
        OSError, django.db.DatabaseError: the disk is full, or the database does not take a value.
    """
    with reading(path) as reader:
        total = len(reader.members)
        for done, _ in enumerate(verify_members(reader), 1):
            tell("確認", done, total)
        # Asked of the release alone: the database at hand may be of any state, it is replaced.
        targets = targets_of(MigrationLoader(None), _migrations(reader))
        held = records_held()
        if held and not force:
            raise NotEmptyError(held)
        _ask_for_room(reader)
        _restore_files(reader, tell)
        # Whatever may fail is done before the database is changed; what is left after it are renames.
        with _ready(reader, ANCHORS, Path(anchor_path())) as anchors, _ready_secret(reader) as secret:
            with landing(keep=bool(held)):
                _load_database(reader, targets, tell)
                if on_loaded is not None:
                    on_loaded()
                _bring_up_to_date(reader, tell)
            notes = _put_anchors(anchors) + _put_secret(reader, secret)
        return Restored(summary_of(reader, path.stat().st_size), notes)


def records_held() -> dict[str, int]:
    """How many rows the database has by table: none for an empty house, migrated or not.

    Tables of no model count as well: they may be those of another program, in a database that was named by mistake.
    """
    with connection.cursor() as cursor:
        # Views belong to extensions of the server, which stay.
        tables = {
            found.name for found in connection.introspection.get_table_list(cursor) if found.type == "t"
        }
        counts = {}
        for name in sorted(tables - _OF_DJANGO - left_out()):
            if name.startswith(("sqlite_", *(f"{left}_" for left in left_out()))):
                continue  # SQLite's own, and what a search index keeps its words in
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")
            counts[name] = cursor.fetchone()[0]
    return {name: count for name, count in counts.items() if count}


def _migrations(reader: Reader) -> list[tuple[str, str]]:
    return [(app, name) for app, name in reader.manifest["migrations"]]


def _load_database(reader: Reader, targets: list[tuple[str, str]], tell: Tell) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    tables = tables_at(executor.loader, targets)
    described = {entry["name"]: entry for entry in reader.manifest["tables"]}
    _refuse_unknown_tables(tables, described)
    with unguarded(tables):
        empty(tables)
        for table in tables:
            if table.name in described:
                for done in load(table, described[table.name], reader):
                    tell(table.name, done, described[table.name]["rows"])
    set_sequences(tables)
    raise_sequences({name: entry["last_number"] for name, entry in described.items()})
    _check_head(reader)


def _bring_up_to_date(reader: Reader, tell: Tell) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    # SQLite makes a table anew when a migration changes it, and forgets the numbers of records that are gone.
    raise_sequences({entry["name"]: entry["last_number"] for entry in reader.manifest["tables"]})
    _take_back_running_jobs()
    for derived in all_derived():
        if derived.rebuild is not None:
            tell(derived.title, 0, 0)
            derived.rebuild()


def _refuse_unknown_tables(tables: list[Table], described: dict[str, Any]) -> None:
    """A table that is no longer copied may be in an older backup; any other that has no place is a fault."""
    homeless = described.keys() - {table.name for table in tables} - left_out()
    if homeless:
        raise DamagedBackupError(
            f"控えの表 {'、'.join(sorted(homeless))} の置き場所が、この天守にありません。"
        )


def _check_head(reader: Reader) -> None:
    head = reader.manifest["audit"]
    if not head["position"]:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, chain_hash FROM audit_seal ORDER BY position DESC LIMIT 1")
        if cursor.fetchone() != (head["position"], head["chain_hash"]):
            raise DamagedBackupError("監査記録の最後の封印が、控えを取ったときと違います。")


def _take_back_running_jobs() -> None:
    """Whoever ran them is not here: they begin anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE django_tasks_database_dbtaskresult SET status = 'READY', started_at = NULL WHERE status = 'RUNNING'"
        )


def _restore_files(reader: Reader, tell: Tell) -> None:
    lost = set(reader.manifest["files"]["lost"])
    names = [name for name in reader.members if name.startswith("files/") and name[6:] not in lost]
    for done, name in enumerate(names, 1):
        with reader.open(name) as stream:
            digest, _ = store.put_blocks(iter(lambda s=stream: s.read(CHUNK), b""))  # type: ignore[misc]
        if digest != name[6:]:
            raise DamagedBackupError(f"控えの {name} の中身が、名前と違います。")
        tell("ファイル", done, len(names))


def _ask_for_room(reader: Reader) -> None:
    """The contents that the store lacks, and on SQLite the records, which take about as much as their lines."""
    members = reader.members.values()
    files = sum(
        m.size for m in members if m.name.startswith("files/") and not store.path_of(m.name[6:]).exists()
    )
    records = sum(m.size for m in members if m.name.startswith("tables/"))
    if connection.vendor == "sqlite":
        refuse_without_room(database_path().parent, records + LEFT_FREE, "記録")
    root = Path(settings.FILES_ROOT)
    refuse_without_room(root if root.exists() else Path(settings.TENSHU_HOME), files, "添付ファイル")


@contextmanager
def _ready(reader: Reader, member: str, path: Path) -> Iterator[Path]:
    """A member on the disk beside ``path``, for its owner's eyes, gone at the end unless it was renamed."""
    beside = path.with_name(f"{path.name}.restoring")
    beside.unlink(missing_ok=True)
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out, reader.open(member) as stream:
            while block := stream.read(CHUNK):
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def _put_anchors(ready: Path) -> list[str]:
    """The anchors of the backup take the place of the house's own, which are kept for whoever asks later."""
    path = Path(anchor_path())
    kept = put_in_place(ready, path, keep=path.exists() and path.stat().st_size > 0)
    return [f"それまでの監査記録の控えの印は {kept.name} に残しました。"] if kept else []


@contextmanager
def _ready_secret(reader: Reader) -> Iterator[Path | None]:
    """The key of the backup beside the home's own, when it has one and it is another."""
    if knows_key_of(reader.manifest["secret_key_check"]) or SECRET_KEY not in reader.members:
        yield None
        return
    with _ready(reader, SECRET_KEY, settings.TENSHU_HOME / "secret_key") as ready:
        yield ready


def _put_secret(reader: Reader, ready: Path | None) -> list[str]:
    if knows_key_of(reader.manifest["secret_key_check"]):
        return []
    if ready is None:
        return [
            "署名の鍵が、控えを取ったときと違います。前に配ったExcelの「送ったときの値」や、鍵で守った設定は読めません。"
            "前の鍵があれば TENSHU_HOME の secret_key に戻してください。"
        ]
    ready.replace(settings.TENSHU_HOME / "secret_key")
    notes = ["控えの署名の鍵を TENSHU_HOME の secret_key に入れました。"]
    if os.environ.get("TENSHU_SECRET_KEY") or os.environ.get("TENSHU_SECRET_KEY_FILE"):
        notes.append(
            "ただし TENSHU_SECRET_KEY（または _FILE）の鍵が先に使われます。その鍵を、secret_key の中身に替えてください。"
        )
    return notes
