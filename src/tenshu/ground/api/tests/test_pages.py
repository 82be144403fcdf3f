"""The pages of tokens and the reference."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.world import PASSWORD

from tenshu.ground.access.roles import Role
from tenshu.ground.api.models import ApiToken
from tenshu.ground.api.tests.asking import ROOT
from tenshu.ground.audit.models import AuditRow

FORM = {"name": "夜間の照合", "days": "30", "read": ["systems", "figures"], "write": ["gatherings"]}


def signed_in(world, role):
    client = Client()
    client.force_login(world.users[role])
    return client


@pytest.fixture
def officer(world):
    """Somebody who has just signed in with the password."""
    client = Client()
    login = {"username": world.users[Role.OFFICER].login_name, "password": PASSWORD}
    assert client.post(reverse("access:login"), login).status_code == 302
    return client


def test_a_new_token_is_shown_once_and_works(officer, world):
    page = officer.post(reverse("api:token-add"), FORM)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    text = page.context["text"]
    told = Client().get(f"{ROOT}/whoami", headers={"Authorization": f"Bearer {text}"}).json()
    assert told["token"]["scopes"] == ["figures:read", "gatherings:write", "systems:read"]
    listed = officer.get(reverse("api:token-list")).content.decode()
    assert "夜間の照合" in listed
    assert text not in listed
    assert "会議・研修（読み書き）、システム台帳、数値" not in listed or text[:10] in listed
    assert AuditRow.objects.filter(verb="api.token.issued", target_key=str(ApiToken.objects.latest("pk").pk))


def test_somebody_who_proved_nothing_lately_is_asked_first(world):
    client = signed_in(world, Role.OFFICER)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=11)):
        answer = client.post(reverse("api:token-add"), FORM)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("sign_on:confirm"))
    assert not ApiToken.objects.filter(user=world.users[Role.OFFICER]).exists()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"days": "400"}, {"read": [], "write": []}, {"read": ["nothing"]}]
)
def test_a_wrong_form_comes_back_with_what_was_typed(wrong, officer, world):
    page = officer.post(reverse("api:token-add"), FORM | wrong)
    assert page.status_code == 422
    assert not ApiToken.objects.filter(user=world.users[Role.OFFICER]).exists()


def test_the_secretariat_sees_and_revokes_every_token_with_a_reason(officer, world):
    officer.post(reverse("api:token-add"), FORM)
    token = ApiToken.objects.get(user=world.users[Role.OFFICER])
    secretary = signed_in(world, Role.SECRETARIAT)
    assert "夜間の照合" in secretary.get(reverse("api:token-all")).content.decode()
    url = reverse("api:token-revoke", args=[token.pk])
    assert secretary.post(url, {"reason": ""}).status_code == 422
    assert secretary.post(url, {"reason": "異動のため"}).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert AuditRow.objects.get(verb="api.token.revoked").reason == "異動のため"


def test_one_revokes_ones_own_token(officer, world):
    officer.post(reverse("api:token-add"), FORM)
    token = ApiToken.objects.get(user=world.users[Role.OFFICER])
    assert officer.post(reverse("api:token-revoke", args=[token.pk]), {"sure": "1"}).status_code == 302
    assert "取消" in officer.get(reverse("api:token-list")).content.decode()


def test_the_reference_names_every_operation(world):
    page = signed_in(world, Role.AUDITOR).get(reverse("api:reference")).content.decode()
    from tenshu.ground.api.assembly import document

    assert all(path in page for path in document()["paths"])
    assert "あなたの役割では使えません" in page
