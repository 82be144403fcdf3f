"""The parts of a backup: every table has its place, every kind of value its spelling, every byte its seal."""

import base64
import datetime
import decimal
import io
import json
import uuid
import zipfile

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from tenshu.ground.operations.columns import (
    Column,
    NulCharacterError,
    UnknownColumnError,
    column_of,
    from_line,
    to_line,
)
from tenshu.ground.operations.container import DamagedBackupError, reading, writing
from tenshu.ground.operations.derived import all_derived, left_out
from tenshu.ground.operations.schema import UnknownMigrationsError, tables_at, targets_of


@pytest.mark.django_db
def test_every_table_of_the_database_is_copied_or_named_as_left_out():
    loader = MigrationLoader(connection)
    copied = {table.name for table in tables_at(loader, targets_of(loader, loader.applied_migrations))}
    present = set(connection.introspection.table_names())
    shadows = {name for name in present if any(name.startswith(f"{left}_") for left in left_out())}
    assert present - copied - left_out() - shadows == {"django_migrations"}
    assert copied == {m._meta.db_table for m in apps.get_models(include_auto_created=True)} - left_out()


@pytest.mark.django_db
def test_what_is_left_out_exists_and_nothing_that_is_copied_refers_to_it():
    present = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in left_out():
            continue
        for field in model._meta.local_concrete_fields:
            if field.remote_field:
                assert field.related_model._meta.db_table not in left_out(), field
    for entry in all_derived():
        assert any(table in present for table in entry.tables) or not entry.tables


def test_a_restore_on_postgresql_is_one_transaction_so_no_migration_may_leave_it():
    assert [
        node for node, migration in MigrationLoader(None).graph.nodes.items() if not migration.atomic
    ] == []


def test_a_state_of_a_newer_release_is_named():
    loader = MigrationLoader(None)
    with pytest.raises(UnknownMigrationsError, match=r"office.9999_tomorrow"):
        targets_of(loader, [*loader.graph.nodes, ("office", "9999_tomorrow")])


def test_a_squashed_migration_stands_for_those_that_it_replaces():
    loader = MigrationLoader(None)
    state = set(loader.graph.nodes)
    first = ("office", "0001_initial")
    loader.graph.nodes[first].replaces = [("office", "0001_a"), ("office", "0002_b")]
    old = state - {first} | {("office", "0001_a"), ("office", "0002_b")}
    assert targets_of(loader, old) == targets_of(loader, state)


SPELLED = [
    ("text", "a\n\u2028🏯", "a\n\u2028🏯", "a\n\u2028🏯"),
    ("int", 2**63 - 1, 2**63 - 1, 2**63 - 1),
    ("bool", 1, True, True),
    ("float", 0.1, 0.1, 0.1),
    ("decimal", 12.5, decimal.Decimal("12.500"), "12.500"),
    ("date", "2024-03-31", datetime.date(2024, 3, 31), "2024-03-31"),
    ("time", "09:30:00", datetime.time(9, 30), "09:30:00"),
    (
        "datetime",
        "2024-03-31 15:00:00.000001",
        datetime.datetime(2024, 4, 1, 0, 0, 0, 1, datetime.timezone(datetime.timedelta(hours=9))),
        "2024-03-31 15:00:00.000001",
    ),
    ("duration", 90_000_001, datetime.timedelta(seconds=90, microseconds=1), 90_000_001),
    ("uuid", "0" * 31 + "7", uuid.UUID(int=7), "0" * 31 + "7"),
    ("json", '{"a":null}', '{"a":null}', '{"a":null}'),
    ("binary", b"\x00\xff", memoryview(b"\x00\xff"), base64.b64encode(b"\x00\xff").decode()),
]


@pytest.mark.parametrize(("kind", "sqlite", "postgresql", "line"), SPELLED, ids=[row[0] for row in SPELLED])
def test_both_databases_spell_a_value_alike(kind, sqlite, postgresql, line):
    columns = [Column("x", kind, places=3), Column("nothing", kind)]
    for vendor, value in (("sqlite", sqlite), ("postgresql", postgresql)):
        assert json.loads(to_line(columns, vendor)([value, None])) == [line, None]
    (back, none) = from_line(columns, "sqlite")(to_line(columns, "sqlite")([sqlite, None]))
    assert none is None
    assert back == (line if kind == "decimal" else sqlite)


def test_a_time_that_sqlite_has_spelled_itself_is_the_same_moment():
    line = to_line([Column("at", "datetime")], "sqlite")
    assert line(["2024-01-02 03:04:05.120"]) == line(["2024-01-02T03:04:05.120000"])


def test_a_nul_is_refused_by_postgresql_and_a_backslash_is_none():
    columns = [Column("x", "text"), Column("y", "json")]
    give = from_line(columns, "postgresql")
    assert give(json.dumps(["\\u0000", '"\\\\u0000"']).encode()) == ["\\u0000", '"\\\\u0000"']
    for row in (["a\x00", None], [None, '"\\u0000"'], [None, '"\\\\\\u0000"']):
        with pytest.raises(NulCharacterError):
            give(json.dumps(row).encode())


def test_a_column_of_an_unknown_kind_is_refused():
    class Odd(models.Field):
        def get_internal_type(self):
            return "OddField"

    field = Odd()
    field.set_attributes_from_name("odd")
    field.model = apps.get_model("office", "Unit")
    with pytest.raises(UnknownColumnError, match=r"office_unit.odd: OddField"):
        column_of(field)


def test_any_zip_tool_opens_a_backup_and_every_byte_is_sealed(tmp_path):
    path = tmp_path / "b.zip"
    with path.open("w+b") as stream, writing(stream) as writer:
        writer.add("tables/x.jsonl", [b"[1]\n", b"[2]\n"])
        writer.finish({"format": 1})
    assert zipfile.ZipFile(io.BytesIO(path.read_bytes())).read("tables/x.jsonl") == b"[1]\n[2]\n"
    with reading(path) as reader:
        assert list(reader.lines("tables/x.jsonl")) == [b"[1]", b"[2]"]
    good = path.read_bytes()
    for at in range(len(good)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x40]) + good[at + 1 :])
        with pytest.raises(DamagedBackupError), reading(path):
            pass
