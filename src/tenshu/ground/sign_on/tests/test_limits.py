"""Limits by account and by address; names cannot be probed."""

import pytest
import time_machine
from django.contrib.auth import hashers
from django.test import Client

from tenshu.ground.access.models import User
from tenshu.ground.sign_on.models import Outcome, SignInEntry
from tenshu.ground.sign_on.tests.building import LOGIN, PASSWORD, text, type_password

pytestmark = pytest.mark.django_db


def try_name(name: str, password: str = "wrong-wrong-1", **headers):
    return Client(headers=headers).post(LOGIN, {"username": name, "password": password})


def test_a_known_and_an_unknown_name_are_answered_alike_until_and_during_the_lock(person: User) -> None:
    with time_machine.travel("2026-02-14T09:00+09:00", tick=False) as clock:
        for turn in range(12):
            known, unknown = try_name(person.login_name), try_name("9876")
            words = [
                text(one).replace(person.login_name, "N").replace("9876", "N") for one in (known, unknown)
            ]
            tokens = [word.split("csrf")[0] for word in words]
            assert tokens[0] == tokens[1], turn
            assert known.status_code == unknown.status_code == 422
            assert ("分待ってください" in words[0]) == (turn >= 5)
            clock.shift(30)


def test_the_lock_tells_the_waiting_time_and_opens_after_it(person: User) -> None:
    with time_machine.travel("2026-02-14T09:00+09:00", tick=False) as clock:
        for _ in range(5):
            type_password(person, "wrong-wrong-1")
        clock.shift(60)
        _, locked = type_password(person)
        assert "あと14分待ってください" in text(locked)
        clock.shift(14 * 60 + 1)
        assert type_password(person)[1].status_code == 302


def test_a_known_and_an_unknown_name_cost_the_same_hashing(person: User, monkeypatch) -> None:
    worked = []
    hasher = hashers.get_hasher()
    original = type(hasher).encode

    def counted(self, *args, **kwargs):
        worked.append(1)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(type(hasher), "encode", counted)
    try_name(person.login_name)
    known = len(worked)
    try_name("9876")
    assert len(worked) == 2 * known > 0


def test_many_failures_from_one_address_stop_that_address_and_no_other(person: User, settings) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 8
    settings.CLIENT_ADDRESS_HEADER = "X-Real-IP"
    for number in range(8):
        try_name(f"nobody-{number}", **{"x-real-ip": "192.0.2.7"})
    stopped = try_name(person.login_name, PASSWORD, **{"x-real-ip": "192.0.2.7"})
    assert stopped.status_code == 422
    assert "あと10分待つか" in text(stopped)
    assert SignInEntry.objects.latest("pk").outcome == Outcome.LIMITED
    assert try_name(person.login_name, PASSWORD, **{"x-real-ip": "192.0.2.8"}).status_code == 302


def test_a_forged_address_header_is_not_believed_unless_the_office_names_it(person: User, settings) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 3
    for number in range(3):
        try_name("nobody", **{"x-forwarded-for": f"192.0.2.{number}"})
    assert try_name(person.login_name, PASSWORD, **{"x-forwarded-for": "192.0.2.99"}).status_code == 422
    settings.CLIENT_ADDRESS_HEADER = "X-Forwarded-For"
    forged = {"x-forwarded-for": "10.0.0.1, 192.0.2.50"}  # the last entry is the proxy's own
    assert try_name(person.login_name, PASSWORD, **forged).status_code == 302
    assert SignInEntry.objects.latest("pk").address == "192.0.2.50"


def test_a_pile_of_successes_stops_nobody(person: User, settings) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 2
    assert [type_password(person)[1].status_code for _ in range(5)] == [302] * 5
