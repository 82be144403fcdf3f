"""The DNS stage: servers that are silent, wrong, long-winded or indirect; and the message format."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenshu.engines.probe.name_message import (
    TYPE_A,
    MessageError,
    encode_name,
    make_question,
    read_answer,
)
from tenshu.engines.probe.tests.conftest import Town
from tenshu.engines.probe.tests.name_server import Answer, NameServer

pytestmark = [pytest.mark.engine, pytest.mark.servers]


def test_an_unknown_name_is_a_dns_error(town: Town) -> None:
    sample = town.check("http://nowhere.test/")
    assert (sample.outcome, sample.detail) == ("dns_error", "NXDOMAIN")
    assert sample.dns_ms > 0


def test_a_name_without_addresses_is_a_dns_error(town: Town) -> None:
    town.zone["empty.site.test"] = [Answer([])]
    assert town.check("http://empty.site.test/").detail == "no address"


def test_silent_servers_are_a_timeout(town: Town) -> None:
    town.zone["mute.site.test"] = [Answer(silent=True)]
    sample = town.check("http://mute.site.test/", timeouts={"dns_s": 0.3})
    assert sample.outcome == "dns_timeout"
    assert sample.dns_ms >= 300


def test_the_next_server_is_asked_when_the_first_is_silent(town: Town) -> None:
    mute = NameServer(lambda _name, _kind: Answer(silent=True))
    servers = [f"127.0.0.1:{mute.port}", f"127.0.0.1:{town.names.port}"]
    sample = town.check(f"http://site.test:{town.http}/", network=town.network(dns_servers=servers))
    mute.close()
    assert sample.outcome == "ok"
    assert sample.dns_ms >= 1000
    assert sample.dns_server == f"127.0.0.1#{town.names.port}"


def test_the_next_server_is_asked_when_the_first_fails(town: Town) -> None:
    broken = NameServer(lambda _name, _kind: Answer(rcode=2))
    servers = [f"127.0.0.1:{broken.port}", f"127.0.0.1:{town.names.port}"]
    assert (
        town.check(f"http://site.test:{town.http}/", network=town.network(dns_servers=servers)).outcome
        == "ok"
    )
    only = town.network(dns_servers=[f"127.0.0.1:{broken.port}"])
    sample = town.check("http://site.test/", network=only, timeouts={"dns_s": 2.5})
    broken.close()
    assert (sample.outcome, sample.detail) == ("dns_error", "SERVFAIL")


def test_an_answer_too_long_for_a_datagram_is_fetched_over_tcp(town: Town) -> None:
    town.zone["long.site.test"] = [Answer(["127.0.0.1"], truncate=True)]
    sample = town.check(f"http://long.site.test:{town.http}/")
    assert (sample.outcome, sample.address) == ("ok", "127.0.0.1")


def test_aliases_and_the_life_of_the_answer_are_recorded(town: Town) -> None:
    town.zone["alias.site.test"] = [Answer(["127.0.0.1"], cname=["www.cdn.test", "edge.cdn.test"], ttl=60)]
    sample = town.check(f"http://alias.site.test:{town.http}/")
    assert sample.aliases == ("www.cdn.test", "edge.cdn.test")
    assert sample.dns_ttl_s == 60


def test_every_check_asks_anew(town: Town) -> None:
    town.zone["again.site.test"] = [Answer(["127.0.0.1"], ttl=3600)]
    for _ in range(2):
        town.check(f"http://again.site.test:{town.http}/")
    assert len(town.names.queries) == 2


@given(st.binary(max_size=200), st.integers(0, 200))
def test_no_reply_can_do_more_than_be_rejected(noise: bytes, cut: int) -> None:
    question = make_question("www.example.test", TYPE_A, 7)
    header = question.wire[:2] + b"\x81\x80\x00\x01\x00\x02\x00\x00\x00\x00"
    reply = header + question.name + b"\x00\x01\x00\x01" + noise
    for message in (reply, reply[:cut], noise):
        try:
            answer = read_answer(message, question)
        except MessageError:
            continue
        assert all(socket.inet_pton(socket.AF_INET, text) for text in answer.addresses)


def test_a_reply_to_another_question_is_rejected() -> None:
    question, other = make_question("a.test", TYPE_A, 1), make_question("b.test", TYPE_A, 1)
    reply = other.wire[:2] + b"\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00" + other.name + b"\x00\x01\x00\x01"
    assert read_answer(reply, other).addresses == ()
    with pytest.raises(MessageError):
        read_answer(reply, question)
    with pytest.raises(MessageError):
        read_answer(b"\x00\x02" + reply[2:], other)


def test_addresses_of_names_that_were_not_asked_for_are_ignored() -> None:
    question = make_question("a.test", TYPE_A, 1)
    head = (
        question.wire[:2] + b"\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + question.name + b"\x00\x01\x00\x01"
    )
    record = encode_name("evil.test") + b"\x00\x01\x00\x01\x00\x00\x00\x05\x00\x04\x7f\x00\x00\x01"
    assert read_answer(head + record, question).addresses == ()


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".test", ".".join(["abcdefgh"] * 32)])
def test_names_that_dns_cannot_hold_are_refused(name: str) -> None:
    with pytest.raises(MessageError):
        encode_name(name)
