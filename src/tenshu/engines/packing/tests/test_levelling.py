"""Levelling keeps every rule and meets hosts that must be nearly full."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.packing import check_plan, estate_from, solve
from tenshu.engines.packing.levelling import level, suits
from tenshu.engines.packing.problem import Problem, build_problems

pytestmark = pytest.mark.engine


def _perfect(hosts: int, items: int, seed: int, *, pairs: int = 0) -> Problem:
    """A zone cut from `hosts` hosts that are exactly full in two dimensions, `items` pieces each."""
    dice = np.random.default_rng(seed)
    servers = []
    for host in range(hosts):
        cuts = [np.sort(dice.choice(np.arange(1, 2_000), items - 1, replace=False)) for _ in range(2)]
        sizes = [np.diff(np.concatenate([[0], cut, [2_000]])) for cut in cuts]
        servers += [
            {"id": f"s{host}-{k}", "zone": "Z", "demand": [str(sizes[0][k]), str(sizes[1][k])]}
            for k in range(items)
        ]
    for number in range(pairs):
        for host in (0, 1):
            servers[host * items + number]["ha_group"] = f"g{number}"
    estate = estate_from(
        {
            "dimensions": ["cpu", "memory"],
            "objective": "hosts",
            "host_types": [{"id": "standard", "capacity": ["2000", "2000"]}],
            "servers": servers,
        }
    )
    return build_problems(estate)[0]


def test_hosts_that_must_be_exactly_full_in_two_dimensions_are_met() -> None:
    problem = _perfect(4, 12, 3)
    found = level(problem, 4, seed=1, budget=20.0).solution
    assert found is not None
    assert sorted(item for chosen in found for item in chosen.items) == list(range(problem.size))
    assert all(problem.fits(chosen.type, chosen.items) for chosen in found)


def test_the_same_seed_gives_the_same_hosts() -> None:
    problem = _perfect(5, 12, 5)
    first = level(problem, 6, seed=2, budget=2.0)
    assert first.solution is not None
    assert first == level(problem, 6, seed=2, budget=2.0)


def test_it_gives_up_when_the_budget_is_over() -> None:
    problem = _perfect(3, 10, 5)
    result = level(problem, 2, seed=1, budget=0.05)
    assert result.solution is None
    assert result.spent >= 0.05


def test_few_large_items_are_left_to_the_search() -> None:
    assert not suits(_perfect(6, 4, 1), 6)
    assert suits(_perfect(6, 5, 1), 6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.integers(0, 4))
def test_separation_and_capacity_hold_in_whatever_is_found(seed: int, hosts: int, pairs: int) -> None:
    problem = _perfect(hosts, 8, seed, pairs=pairs)
    found = level(problem, hosts + 1, seed=seed, budget=0.2).solution
    if found is not None:
        assert sorted(item for chosen in found for item in chosen.items) == list(range(problem.size))
        assert all(problem.fits(chosen.type, chosen.items) for chosen in found)


def test_a_zone_that_levels_is_proven_without_search() -> None:
    servers = [
        {"id": f"s{number}", "zone": "Z", "demand": [str(3 + number % 5), str(7 - number % 4)]}
        for number in range(60)
    ]
    total = max(sum(int(server["demand"][d]) for server in servers) for d in (0, 1))
    estate = estate_from(
        {
            "dimensions": ["cpu", "memory"],
            "objective": "hosts",
            "host_types": [{"id": "standard", "capacity": [str(-(-total // 6))] * 2}],
            "servers": servers,
        }
    )
    plan = solve(estate, seconds=5.0, seed=1)
    assert (plan.total, plan.bound) == (6, 6)
    assert check_plan(estate, plan.hosts, plan.total) == []
