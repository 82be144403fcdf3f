"""Accounts and granted roles as the secretariat keeps them, and where roles come from."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tenshu.ground.access.actions import do_end_grant, do_grant_role
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import own_units, roles_of
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.office.tests.building import START

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(world) -> Client:
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    return client


def text(response) -> str:
    return response.content.decode()


def test_roles_come_from_posts_duties_and_grants(world):
    roles = {persona: roles_of(user) for persona, user in world.users.items()}
    assert roles[Role.HEAD] == {Role.HEAD, Role.STAFF}
    assert roles[Role.OFFICER] == {Role.OFFICER, Role.STAFF}
    assert roles[Role.STAFF] == {Role.STAFF}
    assert roles[Role.AUDITOR] == {Role.AUDITOR}
    assert roles[Role.EXECUTIVE] == {Role.EXECUTIVE, Role.STAFF}


def test_a_role_is_held_from_its_first_to_its_last_day(world):
    user = world.users[Role.STAFF]
    do_grant_role(
        user,
        Role.AUDITOR,
        valid_from=datetime.date(2024, 4, 1),
        valid_until=datetime.date(2024, 9, 30),
        reason="監査",
        acting_user=world.house.machine,
    )
    held = {
        day: Role.AUDITOR in roles_of(user, datetime.date.fromisoformat(day))
        for day in ("2024-03-31", "2024-04-01", "2024-09-30", "2024-10-01")
    }
    assert held == {"2024-03-31": False, "2024-04-01": True, "2024-09-30": True, "2024-10-01": False}


def test_a_retired_person_holds_no_role_of_staff(world):
    staff = world.house.staff["1004"]
    staff.left_on = timezone.localdate() - datetime.timedelta(days=1)
    staff.save()
    assert roles_of(world.house.account("staff")) == set()


def test_an_auditors_role_must_end(world):
    with pytest.raises(ValidationError, match="終了日"):
        do_grant_role(
            world.users[Role.STAFF],
            Role.AUDITOR,
            valid_from=START,
            valid_until=None,
            reason="",
            acting_user=world.house.machine,
        )


def test_a_role_taken_away_is_gone_today_and_stays_in_the_record(world):
    user = world.users[Role.EXECUTIVE]
    do_end_grant(user.grants.get(), acting_user=world.house.machine)
    assert Role.EXECUTIVE not in roles_of(User.objects.get(pk=user.pk))
    assert AuditRow.objects.filter(verb="access.role.ended").count() == 1


def test_own_units_reach_from_a_group_to_its_division_and_down_again(world):
    names = {
        unit.name
        for unit in type(world.objects["own"]).objects.filter(pk__in=own_units(world.users[Role.SECRETARIAT]))
    }
    assert {"行政DX推進課", "推進グループ", "監理グループ"} <= names
    assert "人事課" not in names


def test_the_secretariat_registers_an_outsider_and_sees_the_password_once(world, secretary):
    response = secretary.post("/access/users/add/", {"login_name": "kansa2", "display_name": "外部 次郎"})
    assert response.status_code == 200
    account = User.objects.get(login_name="kansa2")
    assert account.must_change_password
    assert "もう見られません" in text(response)
    assert account.password not in text(response)


def test_a_number_without_staff_and_without_a_name_is_refused_with_what_was_typed(world, secretary):
    response = secretary.post("/access/users/add/", {"login_name": "7777", "display_name": ""})
    assert response.status_code == 422
    assert "外部の人の表示名" in text(response)
    assert 'value="7777"' in text(response)
    response = secretary.post("/access/users/add/", {"login_name": "spare", "display_name": "予備"})
    assert "既に使われています" in text(response)


def test_a_role_is_granted_with_a_japanese_date(world, secretary):
    user = world.users[Role.STAFF]
    data = {
        "role": "auditor",
        "valid_from": "R6.4.1",
        "valid_until": "令和９年３月３１日",
        "reason": "監査の補助",
    }
    assert secretary.post(f"/access/users/{user.pk}/grants/add/", data).status_code == 302
    grant = user.grants.get()
    assert (grant.valid_from, grant.valid_until) == (datetime.date(2024, 4, 1), datetime.date(2027, 3, 31))
    wrong = secretary.post(f"/access/users/{user.pk}/grants/add/", data | {"valid_until": "R5.3.31"})
    assert wrong.status_code == 422
    assert "開始日以後" in text(wrong)


def test_stopping_an_account_asks_for_a_reason_and_nobody_stops_oneself(world, secretary):
    user = world.users[Role.STAFF]
    url = f"/access/users/{user.pk}/stop/"
    assert secretary.post(url, {"reason": ""}).status_code == 422
    assert secretary.post(url, {"reason": "退職"}).status_code == 302
    user.refresh_from_db()
    assert not user.is_active
    own = world.users[Role.SECRETARIAT]
    refused = secretary.post(f"/access/users/{own.pk}/stop/", {"reason": "試し"})
    assert refused.status_code == 422
    assert "自分の利用者は止められません" in text(refused)


def test_the_list_of_accounts_has_views_and_excel(world, secretary):
    assert "予備 花子" in text(secretary.get("/access/users/?view=waiting"))
    assert "予備 花子" not in text(secretary.get("/access/users/?view=stopped"))
    assert secretary.get("/access/users/?out=xlsx").content[:2] == b"PK"


def test_the_permission_table_is_shown_to_readers(world):
    client = Client()
    client.force_login(world.users[Role.EXECUTIVE])
    assert "annual:report" in text(client.get("/access/table/"))


def test_an_account_page_of_a_machine_or_of_nobody_is_not_found(world, secretary):
    assert secretary.get(f"/access/users/{world.house.machine.pk}/").status_code == 404
    assert secretary.get("/access/users/99999/").status_code == 404


def test_a_grant_that_nobody_has_ended_ends_with_the_person_who_leaves(world):
    user = world.users[Role.EXECUTIVE]
    assert Role.EXECUTIVE in roles_of(user)
    user.staff.left_on = timezone.localdate() - datetime.timedelta(days=1)
    user.staff.save()
    assert roles_of(User.objects.get(pk=user.pk)) == frozenset()
