"""Everybody finds what the pages let them see, and nothing else; counts tell nothing of the rest."""

import pytest
from django.test import Client
from django.urls import reverse

from tenshu.ground.access.roles import Role
from tenshu.ground.files.models import Attachment
from tenshu.ground.search.finding import fence_of, find, marks_held
from tenshu.ground.search.models import IndexRow
from tenshu.ground.search.sources import sources
from tenshu.ground.search.tests.asking import found
from tenshu.ground.search.wording import Wording, read_wording
from tenshu.mechanisms.gathering import actions as gathering
from tenshu.mechanisms.gathering.models import Attendance, Gathering


@pytest.fixture
def mixed(indexed):
    """Sessions of several divisions, some of which concern others."""
    machine, units = indexed.house.machine, indexed.house.units
    held_on = indexed.objects["own_meeting"].held_on
    for code in ("0101", "0102", "0201", "020101"):
        for asked in (None, "0101", "020101"):
            title = f"{units[code].name}の会 {asked or ''}"
            row = Gathering(kind="meeting", title=title, host=units[code], held_on=held_on)
            made = gathering.do_plan_gathering(row, acting_user=machine)
            if asked:
                gathering.do_invite(made, [Attendance(unit=units[asked])], acting_user=machine)
    return indexed


@pytest.mark.parametrize("role", list(Role))
def test_what_is_found_is_what_the_pages_show(mixed, role):
    user = mixed.users[role]
    client = Client()
    client.force_login(user)
    for source in sources().values():
        for record in source.shown_rows():
            wording = Wording((read_wording(source.text(record).title).joined,))
            hits = {
                (hit.source, hit.key)
                for hit in find(mixed.house.account(_persona(mixed, role)), wording).hits
            }
            opens = client.get(source.url(record)).status_code == 200
            if isinstance(record, Attachment):
                download = reverse("files:attachment-download", args=[record.pk])
                opens = opens and client.get(download).status_code == 200
            assert ((source.key, record.pk) in hits) == opens, f"{role} {source.key} {record}"


def _persona(world, role):
    return next(name for name, account in world.house.accounts.items() if account.pk == world.users[role].pk)


def test_somebody_without_a_role_finds_nothing(mixed):
    stranger = mixed.house.account("stranger")
    assert fence_of(marks_held(stranger)) is None
    assert found(stranger, "会議") == found(stranger, "総務") == []
    client = Client()
    client.force_login(stranger)
    assert client.get(reverse("search:results"), {"q": "総務"}).status_code == 404


def test_a_row_whose_marks_are_too_wide_is_still_held_back_and_not_counted(mixed):
    user = mixed.house.account("head")
    foreign = Gathering.objects.get(title="環境衛生課の会 ")
    before = len(find(user, read_wording("課の会")).hits)
    row = IndexRow.objects.get(source="gathering", object_key=foreign.pk)
    open_row = IndexRow.objects.get(source="gathering", object_key=mixed.objects["own_meeting"].pk)
    from tenshu.ground.search.stores import store

    wide = IndexRow(**{f.name: getattr(row, f.name) for f in row._meta.fields if f.name != "id"})
    wide.marks = open_row.marks
    store().save([], [(row, wide)])
    assert len(find(user, read_wording("課の会")).hits) == before
    client = Client()
    client.force_login(user)
    assert (
        "環境衛生課の会 <"
        not in client.get(reverse("search:results"), {"q": "環境衛生課の会"}).content.decode()
    )


def test_mail_and_employment_are_not_in_the_index(indexed):
    for secret in ("example.jp", "1004@", "会計年度任用"):
        assert not IndexRow.objects.filter(source="staff", whole__contains=secret).exists()
        assert not IndexRow.objects.filter(source="staff", keys__contains=secret).exists()
