"""TOTP and recovery codes, and who must have a second factor."""

import datetime
import threading

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.sign_on.actions.factors import do_add_totp
from tenshu.ground.sign_on.models import Factor, Outcome, SignInEntry
from tenshu.ground.sign_on.tests.building import (
    ACCOUNT,
    PASSWORD,
    SECOND,
    SECRET,
    account,
    age_session,
    is_in,
    text,
    totp_code,
    type_password,
    with_totp,
)

pytestmark = pytest.mark.django_db


def test_with_an_app_the_password_alone_does_not_open_the_house(person: User) -> None:
    with_totp(person)
    client, response = type_password(person, next="/access/password/")
    assert response["Location"] == SECOND
    assert not is_in(client)
    answer = client.post(SECOND, {"code": totp_code()})
    assert (answer.status_code, answer["Location"]) == (302, "/access/password/")
    assert is_in(client)
    entry = SignInEntry.objects.get(outcome=Outcome.LET_IN)
    assert (entry.user, entry.factor) == (person, Factor.TOTP)


def test_a_code_of_the_app_opens_only_once(person: User) -> None:
    with_totp(person)
    code = totp_code()
    client, _ = type_password(person)
    assert client.post(SECOND, {"code": code}).status_code == 302
    again, _ = type_password(person)
    response = again.post(SECOND, {"code": code})
    assert response.status_code == 422
    assert "もう使われています" in text(response)
    assert not is_in(again)


def test_a_recovery_code_opens_once_and_is_written_into_the_record(person: User) -> None:
    codes = with_totp(person)
    client, _ = type_password(person)
    assert client.post(SECOND, {"code": f"{codes[3][:5]}-{codes[3][5:]}"}).status_code == 302
    again, _ = type_password(person)
    assert again.post(SECOND, {"code": codes[3]}).status_code == 422
    row = AuditRow.objects.get(verb="sign_on.code.used")
    assert row.after == {"left": 9}
    assert codes[3] not in str(list(AuditRow.objects.values_list("before", "after")))


def test_five_wrong_numbers_stop_the_check_and_tell_how_long(person: User) -> None:
    with_totp(person)
    client, _ = type_password(person)
    for _ in range(5):
        assert client.post(SECOND, {"code": "000000"}).status_code == 422
    response = client.post(SECOND, {"code": totp_code()})
    assert response.status_code == 422
    assert "あと15分待ってください" in text(response)
    assert SignInEntry.objects.filter(outcome=Outcome.WRONG_FACTOR).count() == 5


def test_the_second_proof_must_come_within_ten_minutes(person: User) -> None:
    with_totp(person)
    with time_machine.travel("2026-02-14T09:00+09:00", tick=False) as clock:
        client, _ = type_password(person)
        assert client.get(SECOND).status_code == 200
        clock.shift(601)
        assert client.get(SECOND).status_code == 302


def test_an_app_is_set_up_with_its_first_number_and_shows_recovery_codes_once(person: User) -> None:
    client, _ = type_password(person)
    page = client.get("/sign-on/account/totp/")
    assert "<svg" in page.content.decode()
    secret = client.session["mfa.totp.secret"]
    assert client.post("/sign-on/account/totp/", {"code": "12"}).status_code == 422
    done = client.post("/sign-on/account/totp/", {"code": totp_code(secret)})
    assert done.status_code == 200
    assert done.content.decode().count('class="mono"') == 10
    assert "no-store" in done["Cache-Control"]
    kept = Authenticator.objects.get(user=person, type="totp")
    assert secret not in str(kept.data)  # encrypted
    assert AuditRow.objects.filter(verb="sign_on.totp.added").count() == 1
    _other, response = type_password(person)
    assert response["Location"] == SECOND


def test_taking_the_last_factor_away_takes_the_recovery_codes_too(person: User) -> None:
    with_totp(person)
    client = Client()
    client.force_login(person)
    assert "回復コードも使えなくなります" in text(client.get("/sign-on/account/totp/remove/"))
    assert client.post("/sign-on/account/totp/remove/").status_code == 302
    assert not Authenticator.objects.filter(user=person).exists()


def test_who_must_have_a_second_factor_sets_it_up_before_anything_else(house, settings) -> None:
    settings.MFA_REQUIRED_ROLES = ["secretariat"]
    secretary, staff = account(house, "secretary"), account(house, "staff")
    client, _ = type_password(secretary)
    assert client.get("/")["Location"] == ACCOUNT
    assert "二要素が要ります" in text(client.get(ACCOUNT))
    client.get("/sign-on/account/totp/")
    client.post("/sign-on/account/totp/", {"code": totp_code(client.session["mfa.totp.secret"])})
    assert client.get("/").status_code == 200
    unconcerned, _ = type_password(staff)
    assert unconcerned.get("/").status_code == 200


def test_sensitive_steps_ask_for_the_password_again_after_ten_minutes(person: User) -> None:
    client, _ = type_password(person)
    assert client.get("/sign-on/account/totp/").status_code == 200
    age_session(client, sure=601)
    sent = client.get("/sign-on/account/totp/")
    assert sent["Location"] == "/sign-on/confirm/?next=%2Fsign-on%2Faccount%2Ftotp%2F"
    assert client.post("/sign-on/account/totp/", {"code": totp_code()}).status_code == 302
    wrong = client.post("/sign-on/confirm/", {"password": "wrong-wrong-1"})
    assert "パスワードが違います" in text(wrong)
    right = client.post("/sign-on/confirm/", {"password": PASSWORD, "next": "/sign-on/account/totp/"})
    assert right["Location"] == "/sign-on/account/totp/"
    assert client.get("/sign-on/account/totp/").status_code == 200


def test_the_secretariat_resets_the_factors_of_a_lost_telephone(house) -> None:
    staff, secretary = account(house, "staff"), account(house, "secretary")
    with_totp(staff)
    client = Client()
    client.force_login(secretary)
    path = f"/sign-on/users/{staff.pk}/factors/reset/"
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "電話の紛失"}).status_code == 302
    assert not Authenticator.objects.filter(user=staff).exists()
    row = AuditRow.objects.get(verb="sign_on.factors.reset")
    assert (row.reason, row.before["factors"]) == ("電話の紛失", ["recovery_codes", "totp"])
    own = client.post(f"/sign-on/users/{secretary.pk}/factors/reset/", {"reason": "試し"})
    assert own.status_code == 422


def test_the_secret_of_an_app_is_kept_encrypted_under_the_houses_key(person: User, settings) -> None:
    with_totp(person)
    kept = Authenticator.objects.get(user=person, type="totp")
    assert SECRET not in str(kept.data)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-this-house-for-the-test-only-0000000000"
    client, _ = type_password(person)
    assert client.post(SECOND, {"code": totp_code()}).status_code == 302


@pytest.mark.parametrize("spelling", ["{}-{}", "{}.{}", "{} {}", "{}\u3000{}"])
def test_a_used_code_does_not_open_again_in_another_spelling(person: User, spelling: str) -> None:
    with_totp(person)
    code = totp_code()
    client, _ = type_password(person)
    assert client.post(SECOND, {"code": code}).status_code == 302
    again, _ = type_password(person)
    assert again.post(SECOND, {"code": spelling.format(code[:3], code[3:])}).status_code == 422
    assert not is_in(again)


def test_a_code_may_be_typed_in_full_width(person: User) -> None:
    with_totp(person)
    client, _ = type_password(person)
    wide = totp_code().translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert client.post(SECOND, {"code": wide}).status_code == 302


def test_a_wrong_answer_to_the_second_question_is_in_the_log(person: User) -> None:
    client, _ = type_password(person)
    client.post("/sign-on/confirm/", {"password": "wrong-wrong-1"})
    entry = SignInEntry.objects.latest("pk")
    assert (entry.user, entry.outcome) == (person, Outcome.WRONG)
    User.objects.update(locked_until=timezone.now() + datetime.timedelta(minutes=3))
    assert "待ってください" in text(client.post("/sign-on/confirm/", {"password": PASSWORD}))


def test_the_password_of_another_is_issued_only_by_somebody_who_has_just_proved_to_be_there(house) -> None:
    staff = account(house, "staff")
    client, _ = type_password(account(house, "secretary"))
    age_session(client, sure=601)
    path = f"/access/users/{staff.pk}/password/"
    assert client.post(path)["Location"].startswith("/sign-on/confirm/")
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)
    client.post("/sign-on/confirm/", {"password": PASSWORD, "next": path})
    assert client.post(path).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_button_that_is_pressed_twice_sets_the_app_up_once(house) -> None:
    user, begin, codes = account(house, "staff"), threading.Barrier(2), []

    def press() -> None:
        begin.wait()
        codes.append(do_add_totp(user, SECRET, acting_user=user))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, codes)) == [0, 10]
    assert sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True)) == [
        "recovery_codes",
        "totp",
    ]
