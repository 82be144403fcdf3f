"""Runs of the prober: coverage, politeness, brakes, honesty about itself and about its own line."""

from __future__ import annotations

import itertools
import time

import pytest

from tenshu.engines.probe import Prober, Sample
from tenshu.engines.probe.tests.conftest import Town
from tenshu.engines.probe.tests.name_server import Answer
from tenshu.engines.probe.tests.odd_server import FullHouse, Manner
from tenshu.engines.probe.tests.web_server import free_port

pytestmark = [pytest.mark.engine, pytest.mark.servers]


def targets(town: Town, count: int, **more: object) -> list[dict[str, object]]:
    return [
        {"id": f"t{n}", "url": f"http://s{n}.site.test:{town.http}/", "family": "4"} | more
        for n in range(count)
    ]


def test_every_target_is_checked_once(town: Town) -> None:
    samples: list[Sample] = []
    prober = Prober(town.plan(targets(town, 60)), on_sample=samples.append)
    summary = prober.run(at_once=True)
    assert sorted(sample.target for sample in samples) == sorted(f"t{n}" for n in range(60))
    assert (summary.expected, summary.done, summary.coverage) == (60, 60, 1.0)
    assert summary.outcomes == {"ok": 60}


def test_a_plan_in_seconds_is_kept_by_the_clock(town: Town) -> None:
    samples: list[Sample] = []
    plan = town.plan(targets(town, 8), interval_s=1)
    summary = Prober(plan, on_sample=samples.append).run(seconds=2.5)
    assert 16 <= summary.done <= 24
    assert summary.coverage == 1.0
    per_target = [sample.scheduled_at for sample in samples if sample.target == "t0"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(per_target)]
    assert all(0.9 <= gap <= 1.1 for gap in gaps)


def test_shards_share_the_targets_without_overlap(town: Town) -> None:
    plan = town.plan(targets(town, 50))
    parts = [
        {item.id for item in Prober(plan, on_sample=lambda _s: None, shard=(part, 3)).targets}
        for part in range(3)
    ]
    assert set.union(*parts) == {f"t{n}" for n in range(50)}
    assert sum(map(len, parts)) == 50


def test_checks_of_one_host_keep_their_distance(town: Town) -> None:
    plan = town.plan(
        [{"id": f"p{n}", "url": f"http://site.test:{town.http}/?{n}"} for n in range(4)],
        politeness={"host_gap_s": 0.2},
    )
    samples: list[Sample] = []
    Prober(plan, on_sample=samples.append).run(at_once=True)
    starts = sorted(sample.started_at for sample in samples)
    assert all(b - a >= 0.19 for a, b in itertools.pairwise(starts))


def test_no_more_checks_are_under_way_than_allowed(town: Town) -> None:
    town.odd.manner = Manner(header_delay=0.05)
    plan = town.plan(
        [{"id": f"t{n}", "url": f"http://s{n}.site.test:{town.odd.port}/"} for n in range(20)],
        pace={"max_in_flight": 4, "core_share": 1.0},
        politeness={"host_gap_s": 0, "per_address": 100},
    )
    summary = Prober(plan, on_sample=lambda _s: None).run(at_once=True)
    assert (summary.most_in_flight, summary.done) == (4, 20)


def test_a_rate_is_not_exceeded(town: Town) -> None:
    samples: list[Sample] = []
    Prober(town.plan(targets(town, 30)), on_sample=samples.append).run(at_once=True, rate=50)
    starts = sorted(sample.started_at for sample in samples)
    assert starts[-1] - starts[0] >= 29 / 50 - 0.06


def test_a_prober_that_cannot_keep_up_says_so_and_marks_late_samples(town: Town) -> None:
    events: list[dict[str, object]] = []
    samples: list[Sample] = []
    plan = town.plan(targets(town, 40), pace={"late_ms": 100, "core_share": 1.0})
    summary = Prober(plan, on_sample=samples.append, on_event=events.append).run(at_once=True, rate=40)
    assert summary.behind
    assert any(event["event"] == "behind" for event in events)
    assert summary.late == sum(sample.late for sample in samples) > 20
    assert all(sample.late == (sample.late_ms > 100) for sample in samples)


def test_missed_cycles_lower_the_coverage(town: Town) -> None:
    plan = town.plan(targets(town, 40), interval_s=1)
    summary = Prober(plan, on_sample=lambda _s: None).run(seconds=3.2, rate=10)
    assert summary.done < summary.expected
    assert summary.coverage < 0.8


def test_the_core_share_brakes_the_prober(town: Town) -> None:
    plan = town.plan(targets(town, 3000), pace={"core_share": 0.05})
    prober = Prober(plan, on_sample=lambda _s: None)
    prober.loop.call_later(1.5, prober.stop)
    summary = prober.run(at_once=True, drain_s=5)
    assert summary.braked_s > 0
    assert summary.done < 3000


def test_every_sample_carries_the_lag_and_the_canary(town: Town) -> None:
    samples: list[Sample] = []
    Prober(town.plan(targets(town, 10)), on_sample=samples.append).run(at_once=True, rate=20)
    assert all(sample.lag_ms > 0 and sample.canary_ms > 0 for sample in samples)
    assert all(sample.in_flight >= 1 for sample in samples)


def test_samples_taken_while_the_prober_was_stuck_are_not_reliable(town: Town) -> None:
    samples: list[Sample] = []

    def slow(sample: Sample) -> None:
        samples.append(sample)
        if len(samples) == 1:
            time.sleep(0.4)

    town.odd.manner = Manner(header_delay=0.1)
    urls = [f"http://s1.site.test:{town.http}/", f"http://s2.site.test:{town.odd.port}/"]
    plan = town.plan([{"id": url, "url": url} for url in urls])
    Prober(plan, on_sample=slow).run(at_once=True)
    assert samples[1].lag_ms >= 300
    assert not samples[1].reliable


def test_a_conditional_check_gets_304_and_keeps_the_hash(town: Town) -> None:
    samples: list[Sample] = []
    plan = town.plan(targets(town, 1, conditional=True), interval_s=1)
    Prober(plan, on_sample=samples.append).run(seconds=2.4)
    assert samples[0].status == 200
    assert samples[1].status == 304
    assert samples[1].not_modified
    assert samples[1].sha256 == samples[0].sha256
    known = {"etag": samples[0].etag, "sha256": samples[0].sha256}
    samples.clear()
    Prober(town.plan(targets(town, 1, conditional=True, **known)), on_sample=samples.append).run(at_once=True)
    assert (samples[0].status, samples[0].sha256) == (304, known["sha256"])


def test_a_chain_is_read_again_when_its_time_is_over(town: Town) -> None:
    samples: list[Sample] = []
    url = f"https://www.site.test:{town.https}/"
    for chain_s, reads in ((0.0, 3), (3600.0, 1)):
        samples.clear()
        pace = {"core_share": 1.0, "chain_s": chain_s}
        plan = town.plan([{"id": "a", "url": url}], interval_s=1, pace=pace)
        prober = Prober(plan, on_sample=samples.append)
        prober.run(seconds=3.1)
        assert len({sample.chain_read_at for sample in samples}) == pytest.approx(reads, abs=reads - 1)
        assert all(sample.chain == samples[0].chain and sample.days_left > 29 for sample in samples)


def test_failures_are_our_side_while_no_reference_answers(town: Town) -> None:
    house = FullHouse()
    plan = town.plan(
        [
            {"id": "dead", "url": "http://site.test:1/"},
            {"id": "alive", "url": f"http://site.test:{town.http}/"},
        ],
        network=town.network(references=[f"tcp://127.0.0.1:{house.port}"], reference_s=0.2),
    )
    events: list[dict[str, object]] = []
    samples: list[Sample] = []
    summary = Prober(plan, on_sample=samples.append, on_event=events.append).run(at_once=True)
    house.close()
    by_id = {sample.target: sample for sample in samples}
    assert by_id["dead"].our_side
    assert not by_id["dead"].reliable
    assert not by_id["alive"].our_side  # an answer proves the line
    assert summary.our_side == 1
    assert events[0]["event"] == "network_down"


def test_failures_are_the_sites_while_a_reference_answers(town: Town) -> None:
    # A refused connection is an answer too: the packet came back.
    for port in (town.http, free_port()):
        network = town.network(references=[f"tcp://127.0.0.1:{port}"], reference_s=0.2)
        samples: list[Sample] = []
        plan = town.plan([{"id": "dead", "url": "http://site.test:1/"}], network=network)
        Prober(plan, on_sample=samples.append).run(at_once=True)
        assert [sample.our_side for sample in samples] == [False]
        assert samples[0].reference_ms > 0


def test_stop_ends_a_run_and_keeps_what_was_finished(town: Town) -> None:
    samples: list[Sample] = []
    prober = Prober(town.plan(targets(town, 200)), on_sample=samples.append)
    prober.loop.call_later(0.3, prober.stop)
    summary = prober.run(at_once=True, rate=100)
    assert 0 < len(samples) == summary.done < 200
    assert summary.expected == 200


def test_bodies_are_handed_over_when_asked_for(town: Town) -> None:
    bodies: dict[str, bytes] = {}
    town.zone["gone.site.test"] = [Answer(rcode=3)]
    plan = town.plan([*targets(town, 2), {"id": "gone", "url": "http://gone.site.test/"}])
    Prober(plan, on_sample=lambda _s: None, on_body=lambda s, body: bodies.update({s.target: body})).run(
        at_once=True
    )
    assert set(bodies) == {"t0", "t1"}
    assert all(len(body) > 1000 for body in bodies.values())
