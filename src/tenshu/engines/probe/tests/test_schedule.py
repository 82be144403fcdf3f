"""When targets are due, and how the brakes space starts."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.probe.pacing import Doorkeeper, Rate
from tenshu.engines.probe.plan import Target
from tenshu.engines.probe.schedule import Schedule
from tenshu.engines.probe.settings import Politeness

pytestmark = pytest.mark.engine

START = 1_795_000_000.0


def dues(
    count: int, interval: float, start: float, seconds: float, jitter: float = 0.05
) -> list[tuple[float, int]]:
    """What a schedule that is served in time hands out."""
    items = [Target(f"id{n}", "https://a.test/") for n in range(count)]
    schedule = Schedule(items, interval_s=interval, seed=1, jitter=jitter, start=start)
    found = []
    while schedule.next_at < start + seconds:
        now = schedule.next_at
        entry = schedule.pop_due(now)
        assert entry is not None
        found.append((entry[1], entry[0]))
        schedule.plan_next(*entry, now)
    return found


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 20), st.floats(1, 600), st.floats(0, 0.3), st.integers(0, 10**6))
def test_each_target_is_due_once_an_interval(count: int, interval: float, jitter: float, offset: int) -> None:
    found = dues(count, interval, START + offset, interval * 5, jitter)
    for number in range(count):
        times = [when for when, target in found if target == number]
        assert 4 <= len(times) <= 6
        for earlier, later in itertools.pairwise(times):
            assert abs(later - earlier - interval) <= jitter * interval + 1e-3


@given(st.floats(0, 5000))
def test_a_restart_keeps_the_rhythm(pause: float) -> None:
    whole = dues(5, 300, START, 12_000)
    restarted = dues(5, 300, START + pause, 12_000 - pause)
    assert restarted == [entry for entry in whole if entry[0] >= START + pause]


def test_targets_are_spread_over_the_interval() -> None:
    found = dues(1000, 300, START, 300, jitter=0)
    tenths = [sum(1 for when, _ in found if int((when - START) // 30) == part) for part in range(10)]
    assert sum(tenths) == 1000
    assert min(tenths) > 60


def test_cycles_that_are_over_are_skipped_and_counted() -> None:
    schedule = Schedule([Target("a", "https://a.test/")], interval_s=10, seed=1, jitter=0.05, start=START)
    number, due = schedule.pop_due(START + 10) or (0, 0.0)
    schedule.plan_next(number, due, due + 45)
    assert schedule.skipped == 3
    assert schedule.next_at > due + 35


def test_a_deferred_target_stays_due_since_its_time() -> None:
    schedule = Schedule([Target("a", "https://a.test/")], interval_s=10, seed=1, jitter=0, start=START)
    number, due = schedule.pop_due(START + 10) or (0, 0.0)
    schedule.defer(number, due, START + 12)
    assert schedule.pop_due(START + 11) is None
    assert schedule.pop_due(START + 12) == (number, due)


@given(st.lists(st.floats(0, 0.2), min_size=5, max_size=50))
def test_a_rate_allows_no_more_than_a_short_burst(steps: list[float]) -> None:
    now, rate, starts = 0.0, Rate(20.0, 0.0), []
    for step in steps:
        now += step
        while rate.wait(now) == 0:
            rate.started(now)
            starts.append(now)
    for first in starts:
        assert sum(1 for when in starts if first <= when < first + 1) <= 20 + 2


def test_a_host_and_an_address_have_their_own_limits() -> None:
    door = Doorkeeper(Politeness(per_host=1, per_address=2, host_gap_s=0.0))
    door.enter("a.test", "192.0.2.1", 0.0)
    assert door.wait("a.test", "192.0.2.9", 1.0) > 0
    assert door.wait("b.test", "192.0.2.1", 1.0) == 0
    door.enter("b.test", "192.0.2.1", 1.0)
    assert door.wait("c.test", "192.0.2.1", 2.0) > 0
    door.leave("a.test", "192.0.2.1")
    assert door.wait("c.test", "192.0.2.1", 2.0) == 0
    assert door.wait("a.test", "192.0.2.1", 2.0) == 0
