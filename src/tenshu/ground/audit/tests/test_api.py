"""The record over the API: whoever copies it row by row misses none."""

import pytest

from tenshu.ground.access.roles import Role
from tenshu.ground.api.tests.asking import Asker
from tenshu.ground.audit.actions import Change, record_many
from tenshu.ground.audit.models import PendingRow
from tenshu.ground.audit.sealing import seal_pending
from tenshu.ground.office.models import Staff


@pytest.fixture
def person(world):
    return world.house.staff["1003"]


def write(person: Staff, user, *names: str):
    changes = [Change("office.staff.corrected", person, {"name": "前"}, {"name": name}) for name in names]
    return record_many(changes, acting_user=user)


def test_a_row_that_is_committed_late_is_read_by_whoever_goes_on_behind_the_last_place(world, person):
    user = world.users[Role.SECRETARIAT]
    secretary = Asker(user)
    seal_pending()
    last = secretary.get("/audit-rows?limit=1").json()["items"][0]["position"]
    late, early = write(person, user, "遅い行", "早い行")
    PendingRow.objects.filter(pk=late.pk).delete()  # as if its transaction were still open
    seal_pending()
    (first,) = secretary.get(f"/audit-rows?after_position={last}").json()["items"]
    assert (first["id"], first["position"]) == (early.pk, last + 1)
    PendingRow.objects.create(row=late)
    seal_pending()
    (then,) = secretary.get(f"/audit-rows?after_position={first['position']}").json()["items"]
    assert (then["id"], then["position"]) == (late.pk, last + 2)
    assert then["id"] < first["id"]


def test_who_may_read_the_own_changes_alone_reads_no_others_by_their_place(world, person):
    officer, secretary = world.users[Role.OFFICER], world.users[Role.SECRETARIAT]
    write(person, secretary, "事務局の行")
    (own,) = write(person, officer, "担当者の行")
    seal_pending()
    reader = Asker(officer)
    if reader.get("/audit-rows").status_code == 200:
        told = reader.get("/audit-rows?after_position=0&limit=200").json()["items"]
        assert own.pk in [row["id"] for row in told]
        assert {row["actor"] for row in told} == {officer.display_name}
    told = Asker(secretary).get("/audit-rows?after_position=0&limit=200&channel=nothing").json()
    assert (told["count"], told["items"]) == (0, [])


def test_a_row_without_a_seal_has_no_place_yet(world, person):
    (row,) = write(person, world.users[Role.SECRETARIAT], "まだ")
    told = Asker(world.users[Role.SECRETARIAT]).get(f"/audit-rows/{row.pk}").json()
    assert told["position"] is None
