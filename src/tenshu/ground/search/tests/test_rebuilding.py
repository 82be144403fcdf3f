"""The index made anew: complete, without a gap, and going on where it was stopped."""

import pytest
from django.apps import apps

from tenshu.config.command_line import main
from tenshu.ground.access.roles import Role
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.search.apps import _fill
from tenshu.ground.search.consistency import incomplete
from tenshu.ground.search.models import IndexRow
from tenshu.ground.search.rebuilding import rebuild, wrong_rows
from tenshu.ground.search.stores import store
from tenshu.ground.search.tests.asking import found
from tenshu.ground.systems.models import System


@pytest.fixture
def secretary(indexed):
    return indexed.users[Role.SECRETARIAT]


def empty():
    store().remove(list(IndexRow.objects.all()))


def test_a_second_run_has_nothing_to_do(indexed):
    made = rebuild()
    assert (made.changed, made.removed, made.read) == (0, 0, 0)
    assert made.records == IndexRow.objects.count()


def test_an_empty_index_is_told_and_filled(indexed, secretary):
    before = IndexRow.objects.count()
    empty()
    assert found(secretary, "総務") == []
    assert {finding.label for finding in incomplete(FiscalYear(2023))} >= {
        "検索の索引：システム",
        "検索の索引：職員",
    }
    assert rebuild().changed == before
    assert list(incomplete(FiscalYear(2023))) == []
    assert found(secretary, "総務事務", "system") == ["system 総務事務システム"]


def test_a_stopped_run_is_taken_up_again(indexed):
    empty()

    def stop(text, done, total):
        if text == "職員":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(stop)
    kept = IndexRow.objects.count()
    assert kept > 0
    assert rebuild().changed == IndexRow.objects.count() - kept


def test_rows_written_past_the_actions_are_found_out(indexed, secretary):
    System.objects.filter(number="0007").update(name="名を変えたシステム")
    spare = System.objects.create(number="0099", name="消えるシステム", owner=indexed.objects["own"])
    assert ("system", spare.pk) in [(source.key, key) for source, key in wrong_rows()]
    spare.delete()
    # The karte carries the name of its system in its title.
    assert [source.key for source, _ in wrong_rows()] == ["system", "karte"]
    assert ("system", indexed.objects["system"].pk) in [(source.key, key) for source, key in wrong_rows()]
    rebuild()
    assert "system 名を変えたシステム" in found(secretary, "名を変えた")


def test_left_over_rows_go(indexed):
    row = IndexRow.objects.filter(source="system").first()
    IndexRow.objects.filter(pk=row.pk).update(object_key=987_654)
    assert [finding.label for finding in incomplete(FiscalYear(2023))] == ["検索の索引：システム"] * 2
    assert rebuild().removed == 1
    assert list(wrong_rows()) == []


def test_a_home_from_before_the_search_is_filled_by_a_job(indexed, secretary):
    empty()
    _fill(sender=apps.get_app_config("search"))
    assert found(secretary, "総務事務", "system") == ["system 総務事務システム"]


def test_the_command_says_what_it_did_and_what_is_wrong(indexed, capsys):
    System.objects.filter(number="0007").update(name="名を変えたシステム")
    assert main(["reindex", "--check"]) == 1
    assert "記録と違う索引：2件" in capsys.readouterr().out
    assert main(["reindex"]) == 0
    assert "2件の索引を直し" in capsys.readouterr().out
    assert main(["reindex", "--check"]) == 0
