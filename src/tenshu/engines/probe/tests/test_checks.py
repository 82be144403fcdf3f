"""Single checks against real servers: phases, trust, redirects, addresses, limits."""

from __future__ import annotations

import hashlib
import math

import pytest

from tenshu.engines.probe import Prober, Sample
from tenshu.engines.probe.tests.conftest import Town
from tenshu.engines.probe.tests.name_server import Answer
from tenshu.engines.probe.tests.odd_server import FullHouse, Manner, gzip_bomb

pytestmark = [pytest.mark.engine, pytest.mark.servers]

PHASES = ("dns_ms", "connect_ms", "tls_ms", "first_byte_ms", "transfer_ms")


def test_the_five_phases_add_up_to_the_total(town: Town) -> None:
    sample = town.check(f"https://www.site.test:{town.https}/")
    assert sample.outcome == "ok"
    assert sample.status == 200
    phases = [getattr(sample, name) for name in PHASES]
    assert all(phase >= 0 for phase in phases)
    assert sample.tls_ms > 0
    assert sum(phases) == pytest.approx(sample.total_ms)


def test_a_plain_http_check_has_an_empty_tls_phase(town: Town) -> None:
    sample = town.check(f"http://www.site.test:{town.http}/")
    assert (sample.outcome, sample.tls_ms, sample.chain) == ("ok", 0.0, ())
    assert math.isnan(sample.days_left)


def test_the_body_hash_is_that_of_the_decoded_body(town: Town) -> None:
    sample, body = town.fetch(f"https://www.site.test:{town.https}/")
    assert sample.sha256 == hashlib.sha256(body).hexdigest()
    assert sample.size_bytes == len(body)
    assert 0 < sample.wire_bytes < sample.size_bytes  # nginx compressed it


def test_the_chain_and_the_days_left_are_read(town: Town) -> None:
    sample = town.check(f"https://www.site.test:{town.https}/")
    assert [item.issuer for item in sample.chain] == ["CN=Loopback Test Root"] * 2
    assert sample.chain[0].names == ("*.site.test", "site.test")
    assert sample.days_left == pytest.approx(30, abs=0.1)
    assert sample.tls_version == "TLSv1.3"
    assert sample.protocol == "HTTP/1.1"


@pytest.mark.parametrize("name", ["expired", "other", "foreign"])
def test_an_untrusted_certificate_fails_the_check_and_its_chain_is_shown(town: Town, name: str) -> None:
    sample = town.check(f"https://{name}.site.test:{town.https}/")
    assert sample.outcome == "tls_untrusted"
    assert sample.status == 0
    assert sample.chain
    assert math.isnan(sample.first_byte_ms)
    assert sample.tls_ms > 0
    assert (sample.days_left < 0) == (name == "expired")


def test_http2_is_spoken_when_the_target_asks_for_it(town: Town) -> None:
    url = f"https://www.site.test:{town.https}/"
    samples: list[Sample] = []
    plan = town.plan([{"id": "two", "url": url, "http2": True, "family": "4"}])
    Prober(plan, on_sample=samples.append).run(at_once=True)
    assert (samples[0].outcome, samples[0].protocol) == ("ok", "HTTP/2")
    assert sum(getattr(samples[0], name) for name in PHASES) == pytest.approx(samples[0].total_ms)


def test_redirects_are_followed_and_recorded(town: Town) -> None:
    sample = town.check(f"http://site.test:{town.http}/hop1")
    assert sample.outcome == "ok"
    assert [hop.status for hop in sample.redirects] == [301, 302]
    assert sample.final_url == f"https://site.test:{town.https}/"
    assert sample.total_ms == pytest.approx(sum(getattr(sample, name) for name in PHASES))
    assert sample.total_ms > sum(hop.total_ms for hop in sample.redirects)


def test_a_redirect_loop_ends(town: Town) -> None:
    assert town.check(f"http://site.test:{town.http}/loop").outcome == "redirect_loop"


def test_an_endless_chain_of_redirects_ends_at_the_limit(town: Town) -> None:
    sample = town.check(f"http://site.test:{town.http}/long/", limits={"redirects": 3})
    assert sample.outcome == "too_many_redirects"
    assert len(sample.redirects) == 4


@pytest.mark.parametrize(
    ("path", "outcome"),
    [("/inside", "refused_address"), ("/inside-by-name", "refused_address"), ("/file", "refused_url")],
)
def test_a_redirect_to_a_forbidden_place_is_not_followed(town: Town, path: str, outcome: str) -> None:
    town.zone["inner.site.test"] = [Answer(["127.0.0.3"])]
    assert town.check(f"http://site.test:{town.http}{path}").outcome == outcome


def test_an_error_page_is_a_complete_sample_with_its_status(town: Town) -> None:
    sample = town.check(f"http://site.test:{town.http}/missing")
    assert (sample.outcome, sample.status) == ("ok", 404)


def test_a_private_address_is_refused_unless_the_plan_allows_it(town: Town) -> None:
    url = f"http://site.test:{town.http}/"
    assert town.check(url, network=town.network(allowed=[])).outcome == "refused_address"
    assert town.check(url, network=town.network(allowed=[], allow_private=True)).outcome == "ok"
    assert town.check(url.replace("site.test", "127.0.0.9")).outcome == "refused_address"


def test_a_name_that_also_points_inside_is_refused_as_a_whole(town: Town) -> None:
    town.zone["mixed.site.test"] = [Answer(["127.0.0.1", "10.0.0.1"])]
    sample = town.check(f"http://mixed.site.test:{town.http}/")
    assert (sample.outcome, sample.address) == ("refused_address", "10.0.0.1")


def test_a_name_that_changes_between_hops_is_judged_again(town: Town) -> None:
    town.zone["site.test"] = [Answer(["127.0.0.1"]), Answer(["127.0.0.1"]), Answer(["127.9.9.9"])]
    sample = town.check(f"http://site.test:{town.http}/hop1")
    assert sample.outcome == "refused_address"
    assert len(sample.redirects) == 2


def test_the_connection_goes_to_the_address_that_was_judged(town: Town) -> None:
    town.zone["once.site.test"] = [Answer(["127.0.0.1"]), Answer(["127.9.9.9"])]
    sample = town.check(f"http://once.site.test:{town.http}/")
    assert (sample.outcome, sample.address) == ("ok", "127.0.0.1")
    assert [name for name, _kind in town.names.queries] == ["once.site.test"]


def test_ipv6_is_used_when_asked_for(town: Town) -> None:
    sample = town.check(f"https://www.site.test:{town.https}/", family="6")
    assert (sample.outcome, sample.address) == ("ok", "::1")


def test_both_families_are_recorded_and_the_other_address_is_tried_when_one_refuses(town: Town) -> None:
    town.zone["two.site.test"] = [Answer(["127.0.0.1", "::1"])]
    sample = town.check(f"http://two.site.test:{town.http}/", family="any")
    assert sample.addresses == ("127.0.0.1", "::1")
    assert sample.address == "127.0.0.1"
    sample = town.check(f"http://two.site.test:{town.odd.port}/", family="6")
    assert sample.outcome == "connect_error"  # the odd server listens on IPv4 only
    town.zone["two.site.test"] = [Answer(["127.0.0.1", "::1"])]
    sample = town.check("http://two.site.test:1/", family="any")
    assert (sample.outcome, sample.address) == ("connect_error", "::1")


@pytest.mark.parametrize(
    ("manner", "slow"),
    [
        (Manner(tls_delay=0.3), "tls_ms"),
        (Manner(header_delay=0.3), "first_byte_ms"),
        (Manner(body_delay=0.3), "transfer_ms"),
    ],
)
def test_a_delay_shows_in_its_own_phase_only(town: Town, manner: Manner, slow: str) -> None:
    town.odd_tls.manner = manner
    sample = town.check(f"https://odd.site.test:{town.odd_tls.port}/")
    assert sample.outcome == "ok"
    slowest = max(PHASES, key=lambda name: getattr(sample, name))
    assert slowest == slow
    assert getattr(sample, slow) >= 200  # the neighbouring phases may take some of it


@pytest.mark.parametrize(
    ("manner", "timeouts", "outcome", "phase"),
    [
        (Manner(tls_delay=5), {"tls_s": 0.2}, "tls_timeout", "tls_ms"),
        (Manner(header_delay=5), {"first_byte_s": 0.2}, "first_byte_timeout", "first_byte_ms"),
        (Manner(body_delay=5), {"transfer_s": 0.2}, "transfer_timeout", "transfer_ms"),
    ],
)
def test_each_phase_has_its_own_limit(
    town: Town, manner: Manner, timeouts: dict[str, float], outcome: str, phase: str
) -> None:
    town.odd_tls.manner = manner
    sample = town.check(f"https://odd.site.test:{town.odd_tls.port}/", timeouts={"connect_s": 0.3} | timeouts)
    assert sample.outcome == outcome
    assert getattr(sample, phase) >= 200


def test_a_connection_that_nobody_answers_ends_at_the_limit(town: Town) -> None:
    house = FullHouse()
    sample = town.check(f"http://site.test:{house.port}/", timeouts={"connect_s": 0.3})
    house.close()
    assert sample.outcome == "connect_timeout"
    assert sample.connect_ms >= 290
    assert math.isnan(sample.first_byte_ms)


def test_a_closed_port_is_a_connect_error(town: Town) -> None:
    assert town.check("http://site.test:1/").outcome == "connect_error"


def test_a_dripping_body_is_cut_off(town: Town) -> None:
    town.odd.manner = Manner(body=b"x" * 1000, drip=0.05)
    limits = {"slow_bytes_per_s": 500, "slow_window_s": 0.2}
    sample = town.check(f"http://odd.site.test:{town.odd.port}/", limits=limits, timeouts={"connect_s": 0.1})
    assert sample.outcome == "slow_body"


@pytest.mark.parametrize("declared", [None, 5])
def test_a_body_above_the_limit_is_refused(town: Town, declared: int | None) -> None:
    town.odd.manner = Manner(body=b"x" * 50_000)
    sample = town.check(f"http://odd.site.test:{town.odd.port}/", limits={"body_bytes": 10_000})
    assert sample.outcome == "body_too_large"


def test_a_decompression_bomb_is_refused(town: Town) -> None:
    town.odd.manner = Manner(head=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n", body=gzip_bomb(64))
    url = f"http://odd.site.test:{town.odd.port}/"
    assert town.check(url).outcome == "expands_too_much"
    assert town.check(url, limits={"body_bytes": 1_000_000}).outcome == "body_too_large"


def test_a_body_cut_short_is_an_http_error(town: Town) -> None:
    town.odd.manner = Manner(declared=100)
    assert town.check(f"http://odd.site.test:{town.odd.port}/").outcome == "http_error"


def test_a_server_without_http_is_an_http_error(town: Town) -> None:
    town.odd.manner = Manner(head=b"SSH-2.0-odd\r\n")
    assert town.check(f"http://odd.site.test:{town.odd.port}/").outcome == "http_error"


def test_a_plain_server_on_a_tls_port_is_a_tls_error(town: Town) -> None:
    sample = town.check(f"https://site.test:{town.http}/")
    assert sample.outcome == "tls_error"
