"""A backup back into a house, on either database: everything, or nothing."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from tenshu.ground.audit.sealing import anchor_path
from tenshu.ground.files import store
from tenshu.ground.operations.backup import (
    ANCHORS,
    SECRET_KEY,
    Summary,
    Tell,
    nothing_told,
    secret_key_check,
    summary_of,
)
from tenshu.ground.operations.container import CHUNK, DamagedBackupError, Reader, reading, verify_members
from tenshu.ground.operations.derived import all_derived, left_out
from tenshu.ground.operations.landing import landing
from tenshu.ground.operations.loading import empty, load, set_sequences, unguarded
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

    Raises:
        DamagedBackupError: the file is not as it was written; nothing was changed.
        UnknownMigrationsError: it comes from a newer release; nothing was changed.
        NotEmptyError: this house holds records and ``force`` is not given; nothing was changed.
        InUseError: other processes have the database open; nothing was changed.
        NulCharacterError: a text with NUL goes into PostgreSQL; nothing was changed.
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
        _restore_files(reader, tell)
        with landing(keep=bool(held)):
            _load_database(reader, targets, tell)
            if on_loaded is not None:
                on_loaded()
            _bring_up_to_date(tell)
        notes = _restore_anchors(reader) + _restore_secret(reader)
        return Restored(summary_of(reader, path.stat().st_size), notes)


def records_held() -> dict[str, int]:
    """How many rows the house has by table: none for an empty one, migrated or not."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor)) - _OF_DJANGO - left_out()
        tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} & present
        counts = {}
        for name in sorted(tables):
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
    set_sequences(tables, {name: entry["last_number"] for name, entry in described.items()})
    _check_head(reader)


def _bring_up_to_date(tell: Tell) -> None:
    call_command("migrate", verbosity=0, interactive=False)
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


def _restore_anchors(reader: Reader) -> list[str]:
    """The anchors of the backup take the place of the house's own, which are kept for whoever asks later."""
    path = Path(anchor_path())
    beside = path.with_name(f"{path.name}.restoring")
    with beside.open("wb") as out, reader.open(ANCHORS) as stream:
        while block := stream.read(CHUNK):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    notes = []
    if path.exists() and path.stat().st_size:
        kept = path.with_name(f"{path.name}.replaced-{timezone.localtime():%Y%m%d-%H%M%S}")
        path.replace(kept)
        notes.append(f"それまでの監査記録の控えの印は {kept.name} に残しました。")
    beside.replace(path)
    return notes


def _restore_secret(reader: Reader) -> list[str]:
    if reader.manifest["secret_key_check"] == secret_key_check():
        return []
    if SECRET_KEY not in reader.members:
        return [
            "署名の鍵が、控えを取ったときと違います。前に配ったExcelの「送ったときの値」や、鍵で守った設定は読めません。"
            "前の鍵があれば TENSHU_HOME の secret_key に戻してください。"
        ]
    with reader.open(SECRET_KEY) as stream:
        key = stream.read()
    path = settings.TENSHU_HOME / "secret_key"
    handle = os.open(path.with_name("secret_key.restoring"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(key)
    path.with_name("secret_key.restoring").replace(path)
    return ["控えの署名の鍵を TENSHU_HOME の secret_key に入れました。"]
