"""Tokens: what they open, for how long, and what is kept of them."""

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenshu.ground.access.roles import Role
from tenshu.ground.api.actions import do_issue_token, do_revoke_token
from tenshu.ground.api.models import ApiToken
from tenshu.ground.api.tests.asking import ROOT, Asker, token_for
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.office.models import Staff

WRONG = "tsh_" + "x" * 43


@pytest.fixture
def secretary(world):
    return world.users[Role.SECRETARIAT]


def test_a_token_tells_whose_it_is(secretary):
    answer = Asker(secretary, "systems:read").get("/whoami")
    assert answer.status_code == 200
    told = answer.json()
    assert told["person"]["display_name"] == secretary.display_name
    assert "secretariat" in told["roles"]
    assert told["token"]["scopes"] == ["systems:read"]


def test_a_token_is_kept_as_a_hash_only(secretary):
    token, text = do_issue_token(secretary, "照合", ["systems:read"], days=30, acting_user=secretary)
    kept = " ".join(str(value) for value in ApiToken.objects.filter(pk=token.pk).values_list()[0])
    recorded = " ".join(str(row) for row in AuditRow.objects.values_list("before", "after", "target_label"))
    assert text not in kept + recorded
    assert token.digest not in recorded
    assert text.startswith(token.prefix)
    assert len(text) == 47


@pytest.mark.parametrize(
    "given",
    [{}, {"Authorization": ""}, {"Authorization": "Basic eDp5"}, {"Authorization": f"Bearer {WRONG}"}],
)
def test_without_a_good_token_nothing_is_told(given, world, client):
    answer = client.get(f"{ROOT}/systems", headers=given)
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_or_revoked_token_opens_nothing(secretary):
    asker = Asker(secretary)
    token = ApiToken.objects.latest("pk")
    ApiToken.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert asker.get("/whoami").status_code == 401
    ApiToken.objects.update(expires_at=timezone.now() + datetime.timedelta(days=1))
    assert asker.get("/whoami").status_code == 200
    do_revoke_token(token, acting_user=secretary)
    assert asker.get("/whoami").status_code == 401


@pytest.mark.parametrize("field", ["is_active", "must_change_password"])
def test_the_token_of_a_stopped_person_opens_nothing(field, secretary):
    asker = Asker(secretary)
    setattr(secretary, field, field != "is_active")
    secretary.save()
    assert asker.get("/whoami").status_code == 401


def test_the_token_of_a_person_who_has_left_opens_nothing_whatever_was_granted(world):
    executive = world.users[Role.EXECUTIVE]
    executive.staff = Staff.objects.create(number="9001", name="退任 一郎")
    executive.save()
    asker = Asker(executive)
    assert executive.grants.exists()
    today = timezone.localdate()
    executive.staff.left_on = today
    executive.staff.save()
    assert asker.get("/figures").status_code == 200
    executive.staff.left_on = today - datetime.timedelta(days=1)
    executive.staff.save()
    for path in ("/figures", "/whoami"):
        answer = asker.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_a_role_that_asks_for_a_second_factor_asks_for_it_here_too(secretary, settings):
    asker = Asker(secretary)
    settings.MFA_REQUIRED_ROLES = ["secretariat"]
    refused = asker.get("/systems")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert "二要素認証" in refused.json()["message"]
    assert asker.get("/whoami").status_code == 200
    Authenticator.objects.create(user=secretary, type=Authenticator.Type.TOTP, data={})
    assert asker.get("/systems").status_code == 200


def test_the_scope_narrows_what_the_person_may(secretary):
    asker = Asker(secretary, "systems:read")
    assert asker.get("/systems").status_code == 200
    for answer in (
        asker.get("/gatherings"),
        asker.ask("POST", "/systems", {"number": "1", "name": "x", "owner": "0101"}),
    ):
        assert answer.status_code == 403
        assert answer.json()["code"] == "scope"


def test_the_right_to_write_reads_too(secretary):
    assert Asker(secretary, "systems:write").get("/systems").status_code == 200


@pytest.mark.parametrize(("days", "scopes"), [(0, ["a:read"]), (91, ["a:read"]), (30, [])])
def test_no_token_for_longer_than_the_office_allows_or_for_nothing(days, scopes, secretary):
    with pytest.raises(ValidationError):
        do_issue_token(secretary, "x", scopes, days=days, acting_user=secretary)


def test_the_last_use_is_written_once_a_minute(secretary):
    asker = Asker(secretary)
    asker.get("/whoami")
    first = ApiToken.objects.latest("pk").last_used_at
    asker.get("/whoami")
    assert first is not None
    assert ApiToken.objects.latest("pk").last_used_at == first
    ApiToken.objects.update(last_used_at=first - datetime.timedelta(minutes=2))
    asker.get("/whoami")
    assert ApiToken.objects.latest("pk").last_used_at >= first


def test_too_many_requests_of_a_token_have_to_wait(secretary, settings):
    settings.API_REQUESTS_A_MINUTE = 2
    asker = Asker(secretary)
    assert [asker.get("/whoami").status_code for _ in range(3)] == [200, 200, 429]
    answer = asker.get("/whoami")
    assert answer.json()["code"] == "too-many"
    assert 1 <= int(answer["Retry-After"]) <= 60


def test_guessing_tokens_has_to_wait(world, client):
    answers = [client.get(f"{ROOT}/whoami", headers={"Authorization": f"Bearer {WRONG}"}) for _ in range(21)]
    assert {answer.status_code for answer in answers[:20]} == {401}
    assert answers[20].status_code == 429
    assert int(answers[20]["Retry-After"]) > 0
    good = token_for(world.users[Role.SECRETARIAT])
    assert client.get(f"{ROOT}/whoami", headers={"Authorization": f"Bearer {good}"}).status_code == 200


def test_a_role_that_ends_today_closes_the_api_today(world):
    executive = world.users[Role.EXECUTIVE]
    asker = Asker(executive)
    assert asker.get("/figures").status_code == 200
    executive.grants.all().delete()
    assert asker.get("/figures").status_code == 404
