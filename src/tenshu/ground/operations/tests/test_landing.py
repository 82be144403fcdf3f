"""What a restore replaces: at no moment nothing, never somebody else's, and no number is given twice."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tenshu.config.command_line import CommandError
from tenshu.config.commands.preparation import prepare
from tenshu.ground.operations import restore
from tenshu.ground.operations.deploy_house import migrations
from tenshu.ground.operations.landing import put_in_place
from tenshu.ground.operations.loading import raise_sequences
from tenshu.ground.operations.restore import records_held
from tenshu.ground.operations.room import NoRoomError, refuse_without_room
from tenshu.ground.operations.schema import of_a_newer_release


@pytest.fixture
def houses(tmp_path):
    new, final = tmp_path / "house.restoring", tmp_path / "house"
    new.write_text("new")
    final.write_text("old")
    return new, final


def test_whoever_is_killed_while_a_database_is_replaced_leaves_one_under_its_name(houses, monkeypatch):
    new, final = houses
    there = []
    rename = Path.replace

    def watched(path, target):
        there.append(final.exists())
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", watched)
    kept = put_in_place(new, final, keep=True)
    assert there == [True]
    assert (final.read_text(), kept.read_text(), new.exists()) == ("new", "old", False)


@pytest.mark.parametrize("links", [True, False])
def test_a_replacement_that_fails_leaves_the_old_and_nothing_else(houses, links, monkeypatch):
    new, final = houses
    rename = Path.replace

    def full(path, target):
        if path == new:
            raise OSError("no room")
        return rename(path, target)

    def no_links(path, target):
        raise PermissionError("a file system without links")

    monkeypatch.setattr(Path, "replace", full)
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_links)
    with pytest.raises(OSError, match="no room"):
        put_in_place(new, final, keep=True)
    assert final.read_text() == "old"
    assert sorted(path.name for path in final.parent.iterdir()) == ["house", "house.restoring"]


def table_with_numbers(name):
    key = "integer PRIMARY KEY AUTOINCREMENT" if connection.vendor == "sqlite" else "bigserial PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {name} (id {key}, said text)")


def next_number(name):
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {name} (said) VALUES ('x') RETURNING id")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_rows_of_another_program_in_the_same_database_are_records_too():
    table_with_numbers("somebody_elses")
    assert "somebody_elses" not in records_held()
    next_number("somebody_elses")
    assert records_held()["somebody_elses"] == 1


@pytest.mark.django_db
def test_a_number_that_only_one_record_has_had_is_not_given_again():
    table_with_numbers("numbered")
    raise_sequences({"numbered": 1, "gone_meanwhile": 5})
    assert next_number("numbered") == 2
    raise_sequences({"numbered": 1})
    assert next_number("numbered") == 3


@pytest.mark.django_db
def test_numbers_are_remembered_also_when_a_migration_makes_a_table_anew(monkeypatch):
    def migrate(*arguments, **options):
        table_with_numbers("made_anew")

    monkeypatch.setattr(restore, "call_command", migrate)
    monkeypatch.setattr(restore, "all_derived", list)
    reader = SimpleNamespace(manifest={"tables": [{"name": "made_anew", "last_number": 9}]})
    restore._bring_up_to_date(reader, lambda *told: None)
    assert next_number("made_anew") == 10


@pytest.mark.django_db
def test_a_release_does_not_work_on_the_database_of_a_newer_one():
    MigrationRecorder(connection).record_applied("office", "9999_of_tomorrow")
    MigrationRecorder(connection).record_applied("a_library", "0099_squashed_since")
    assert of_a_newer_release(MigrationLoader(connection)) == [("office", "9999_of_tomorrow")]
    with pytest.raises(CommandError, match=r"新しい版のものです（office\.9999_of_tomorrow"):
        prepare()
    assert "新しい版" in next(migrations())


def test_a_disk_without_room_is_told_before_it_is_full(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000_000_000))
    refuse_without_room(tmp_path, 999_999_999, "控え")
    with pytest.raises(NoRoomError, match=r"空きが1\.0GBで、控えに要る3\.0GBに足りません"):
        refuse_without_room(tmp_path, 3_000_000_000, "控え")
