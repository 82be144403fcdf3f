"""Counting of tries, alone and in parallel."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection

from tenshu.ground.throttle.limits import allow, forget, prune, wait
from tenshu.ground.throttle.models import Count

NOON = datetime.datetime(2024, 2, 14, 3, 0, tzinfo=datetime.UTC)


@pytest.mark.django_db
def test_the_first_tries_are_let_through_and_the_next_is_told_how_long_to_wait() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert [allow("door", "a", limit=3, seconds=60) for _ in range(3)] == [0, 0, 0]
        clock.shift(20)
        assert allow("door", "a", limit=3, seconds=60) == 40
        assert allow("door", "b", limit=3, seconds=60) == 0
        assert allow("window", "a", limit=3, seconds=60) == 0


@pytest.mark.django_db
def test_after_its_window_the_count_begins_anew() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert [allow("door", "a", limit=1, seconds=60) for _ in range(2)] == [0, 60]
        clock.shift(60)
        assert [allow("door", "a", limit=1, seconds=60) for _ in range(2)] == [0, 60]
        assert Count.objects.count() == 1


@pytest.mark.django_db
def test_asking_does_not_count_and_forgetting_opens_again() -> None:
    with time_machine.travel(NOON, tick=False):
        assert wait("door", "a", limit=1) == 0
        assert allow("door", "a", limit=1, seconds=60) == 0
        assert wait("door", "a", limit=1) == 60
        forget("door", "a")
        assert wait("door", "a", limit=1) == 0


@pytest.mark.django_db
def test_windows_that_are_over_are_pruned_and_keys_are_not_kept() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        allow("door", "1001", limit=1, seconds=60)
        clock.shift(30)
        allow("door", "1002", limit=1, seconds=60)
        clock.shift(30)
        assert prune() == 1
        assert "1002" not in Count.objects.get().key_hash


@pytest.mark.django_db(transaction=True)
def test_of_parallel_tries_exactly_the_limit_is_let_through() -> None:
    def try_once(_: int) -> int:
        try:
            return allow("door", "a", limit=7, seconds=600)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(try_once, range(40)))
    assert waits.count(0) == 7
    assert Count.objects.get().tries == 40
