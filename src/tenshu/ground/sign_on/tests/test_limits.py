"""Limits by account and by address; names cannot be probed."""

import pytest
import time_machine
from django.contrib.auth import hashers
from django.test import Client

from tenshu.ground.access.models import User
from tenshu.ground.client_address import client_address, network_of
from tenshu.ground.sign_on import entrance
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


def test_a_network_of_ipv6_counts_as_one_address(person: User, settings) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 3
    settings.CLIENT_ADDRESS_HEADER = "X-Real-IP"
    for number in range(3):
        try_name(f"nobody-{number}", **{"x-real-ip": f"2001:db8:0:7:{number}::1"})
    here, there = {"x-real-ip": "2001:db8:0:7:ffff::1"}, {"x-real-ip": "2001:db8:0:8::1"}
    assert "この場所からの失敗" in text(try_name(person.login_name, PASSWORD, **here))
    assert try_name(person.login_name, PASSWORD, **there).status_code == 302
    assert SignInEntry.objects.latest("pk").address == "2001:db8:0:8::1"


def test_what_tries_are_counted_by() -> None:
    assert network_of("192.0.2.7") == network_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") == "2001:db8::/64"
    assert network_of("fe80::1%eth0") == "fe80::/64"
    assert network_of("") == ""


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:51234", "192.0.2.7"),
        ("10.0.0.1, 192.0.2.7:443", "192.0.2.7"),
        ("[2001:db8::7]:51234", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("rubbish:1", "127.0.0.1"),
        ("[", "127.0.0.1"),
    ],
)
def test_a_proxy_may_write_the_port_beside_the_address(rf, settings, given: str, address: str) -> None:
    settings.CLIENT_ADDRESS_HEADER = "X-Forwarded-For"
    assert client_address(rf.get("/", headers={"x-forwarded-for": given})) == address


def test_where_others_have_failed_too_often_a_known_browser_still_comes_in(person: User, settings) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 4
    known, _ = type_password(person)
    known.post("/access/logout/")
    for number in range(4):
        try_name(f"nobody-{number}")
    assert "この場所からの失敗" in text(try_name(person.login_name, PASSWORD))
    assert "この場所からの失敗" in text(known.post(LOGIN, {"username": "9876", "password": PASSWORD}))
    assert type_password(person, client=known)[1].status_code == 302
    known.post("/access/logout/")
    for _ in range(5):
        assert type_password(person, "wrong-wrong-1", client=known)[1].status_code == 422
    assert "この利用者名では" in text(type_password(person, client=known)[1])


def test_another_spelling_of_a_name_gives_no_further_tries(db: None) -> None:
    for spelling in ("saburo", "Saburo", "ＳＡＢＵＲＯ", "sabu ro", "SABURO"):
        assert "利用者名かパスワードが違います" in text(try_name(spelling))
    assert "待ってください" in text(try_name("sAburo"))


def test_rubbish_that_names_nobody_does_not_fill_the_log(person: User, monkeypatch) -> None:
    monkeypatch.setattr(entrance, "MOST_IDLE_TRIES", 3)
    for _ in range(6):
        Client().post("/sign-on/passkey/", {"credential": "{}"})
    assert SignInEntry.objects.count() == 3
    type_password(person, "wrong-wrong-1")
    type_password(person)
    assert list(SignInEntry.objects.order_by("pk").values_list("outcome", flat=True))[3:] == [
        "wrong",
        "let-in",
    ]


@pytest.mark.parametrize("rubbish", ["[" * 40_000, '{"a":' * 40_000, "[" * 60_000, "x", "[]", "5"])
def test_a_passkeys_answer_that_cannot_be_read_is_refused(db: None, rubbish: str) -> None:
    assert Client().post("/sign-on/passkey/", {"credential": rubbish}).status_code == 302
