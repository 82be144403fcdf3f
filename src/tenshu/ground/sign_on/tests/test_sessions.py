"""Sessions: idle and absolute time-out, the list, ending one and all; the sign-in log."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.sign_on.actions.log import prune_log
from tenshu.ground.sign_on.actions.sessions import prune_sessions
from tenshu.ground.sign_on.models import OpenSession, Outcome, SignInEntry
from tenshu.ground.sign_on.tests.building import (
    ACCOUNT,
    PASSWORD,
    account,
    age_session,
    is_in,
    text,
    type_password,
)

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_an_idle_session_ends_and_says_why(person: User, settings) -> None:
    client, _ = type_password(person)
    age_session(client, seen=settings.SESSION_IDLE_SECONDS + 1)
    sent = client.get(ACCOUNT, follow=True)
    assert sent.redirect_chain[0][0].startswith("/access/login/")
    assert "しばらく操作がなかった" in text(sent)
    assert not OpenSession.objects.exists()


def test_a_session_that_is_used_all_day_ends_all_the_same(person: User, settings) -> None:
    client, _ = type_password(person)
    age_session(client, started=settings.SESSION_COOKIE_AGE + 1)
    assert "時間がたったため" in text(client.get(ACCOUNT, follow=True))


def test_the_last_use_is_noted_at_most_once_a_minute(person: User) -> None:
    client, _ = type_password(person)
    client.get("/access/password/")
    with CaptureQueriesContext(connection) as quiet:
        client.get("/access/password/")
    assert "sign_on_opensession" not in str([query["sql"] for query in quiet.captured_queries])
    before = OpenSession.objects.get().seen_at
    age_session(client, seen=61)
    client.get("/access/password/")
    assert OpenSession.objects.get().seen_at > before


def test_one_sees_ones_own_devices_and_ends_another_one(person: User) -> None:
    here, _ = type_password(person)
    there = Client(headers={"user-agent": FIREFOX})
    type_password(person, client=there)
    page = text(here.get(ACCOUNT))
    assert "Firefox・Windows" in page
    assert "この端末" in page
    other = OpenSession.objects.get(user_agent=FIREFOX)
    path = f"/sign-on/account/sessions/{other.pk}/end/"
    assert "Firefox・Windows をサインアウトする" in text(here.get(path))
    assert here.post(path).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert AuditRow.objects.filter(verb="sign_on.sessions.ended", actor=person).count() == 1


def test_nobody_ends_somebody_elses_session(person: User, house) -> None:
    other = account(house, "head")
    type_password(other)
    client, _ = type_password(person)
    path = f"/sign-on/account/sessions/{OpenSession.objects.get(user=other).pk}/end/"
    assert client.post(path).status_code == 404


def test_all_other_devices_are_signed_out_at_once(person: User) -> None:
    clients = [type_password(person)[0] for _ in range(3)]
    clients[0].post("/sign-on/account/sessions/others/end/")
    assert [is_in(client) for client in clients] == [True, False, False]


def test_a_session_that_was_ended_stays_ended_when_its_row_comes_back(person: User) -> None:
    client, _ = type_password(person)
    kept = Session.objects.get(pk=client.session.session_key)
    OpenSession.objects.all().delete()
    kept.save()
    age_session(client, seen=61)
    assert not is_in(client)


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one_in_the_list(person: User) -> None:
    here, _ = type_password(person)
    there, _ = type_password(person)
    new = "atarashii-kotoba-2"
    here.post("/access/password/", {"current": PASSWORD, "new": new, "again": new})
    assert (is_in(here), is_in(there)) == (True, False)
    assert OpenSession.objects.get().session_key == here.session.session_key


def test_the_secretariat_ends_all_sessions_of_an_account_with_a_reason(person: User, house) -> None:
    client, _ = type_password(person)
    secretary, _ = type_password(account(house, "secretary"))
    path = f"/sign-on/users/{person.pk}/sessions/end/"
    assert secretary.post(path, {"reason": "端末の紛失"}).status_code == 302
    assert not is_in(client)
    assert AuditRow.objects.get(verb="sign_on.sessions.ended").reason == "端末の紛失"


def test_signing_out_takes_the_session_from_the_list(person: User) -> None:
    client, _ = type_password(person)
    client.post("/access/logout/")
    assert not OpenSession.objects.exists()


def test_who_has_left_is_out_at_the_next_page(person: User) -> None:
    client, _ = type_password(person)
    person.staff.left_on = timezone.localdate() - datetime.timedelta(days=1)
    person.staff.save()
    assert not is_in(client)
    assert type_password(person)[1].status_code == 422
    assert SignInEntry.objects.latest("pk").outcome == Outcome.LEFT


def test_the_log_tells_every_try_but_never_what_was_typed(person: User) -> None:
    type_password(person, "wrong-wrong-1")
    Client().post("/access/login/", {"username": "secret-typed-here", "password": "x"})
    type_password(person)
    outcomes = list(SignInEntry.objects.order_by("pk").values_list("user", "outcome"))
    assert outcomes == [(person.pk, "wrong"), (None, "wrong"), (person.pk, "let-in")]
    assert "typed" not in str(list(SignInEntry.objects.values()))


def test_the_log_is_open_to_the_security_group_and_the_secretariat_alone(house) -> None:
    secretary, _ = type_password(account(house, "secretary"))
    assert "サインインした" in text(secretary.get("/access/sign-ins/"))
    assert secretary.get("/access/sign-ins/?view=failed").status_code == 200
    staff, _ = type_password(account(house, "staff"))
    assert staff.get("/access/sign-ins/").status_code == 404
    own = text(staff.get("/sign-on/account/log/"))
    assert "サインインした" in own
    assert "見本" not in own


def test_old_entries_and_sessions_that_are_over_are_pruned(person: User, settings) -> None:
    type_password(person)
    type_password(person)
    old = timezone.now() - datetime.timedelta(days=settings.SIGN_IN_LOG_DAYS + 1)
    SignInEntry.objects.filter(pk=SignInEntry.objects.latest("pk").pk).update(at=old)
    OpenSession.objects.filter(pk=OpenSession.objects.latest("pk").pk).update(seen_at=old)
    assert (prune_log(), prune_sessions()) == (1, 1)
    assert (SignInEntry.objects.count(), OpenSession.objects.count()) == (1, 1)
