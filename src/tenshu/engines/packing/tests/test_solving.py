"""Plans: always sound, never below the bound, the same for the same seed."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.packing import (
    Estate,
    Host,
    HostType,
    InfeasibleError,
    PlannedHost,
    Server,
    check_plan,
    estate_from,
    solve,
)
from tenshu.engines.packing.bounds import hosts_bound
from tenshu.engines.packing.exact import cover_bound
from tenshu.engines.packing.greedy import first_fit_decreasing, greedy
from tenshu.engines.packing.neighbourhood import Search
from tenshu.engines.packing.problem import build_problems

pytestmark = pytest.mark.engine


def estate_of(sizes, capacity=(10, 10), **more):
    servers = tuple(Server(f"s{number}", tuple(map(Decimal, size))) for number, size in enumerate(sizes))
    names = tuple(f"d{number}" for number in range(len(capacity)))
    return Estate(names, (HostType("host", tuple(map(Decimal, capacity))),), servers, **more)


SIZES = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=1, max_size=9)


def fewest(estate):
    """The true optimum by trying every assignment (small estates only)."""
    demands = [server.demand for server in estate.servers]
    room = estate.host_types[0].capacity
    best = len(demands)
    bins = []

    def place(index):
        nonlocal best
        if len(bins) >= best:
            return
        if index == len(demands):
            best = len(bins)
            return
        for content in [*bins]:
            if all(a + b <= c for a, b, c in zip(content, demands[index], room, strict=True)):
                at = bins.index(content)
                bins[at] = tuple(a + b for a, b in zip(content, demands[index], strict=True))
                place(index + 1)
                bins[at] = content
        bins.append(demands[index])
        place(index + 1)
        bins.pop()

    place(0)
    return best


@settings(deadline=None, max_examples=40)
@given(SIZES)
def test_a_small_estate_is_solved_to_the_true_optimum(sizes):
    estate = estate_of(sizes)
    plan = solve(estate, seconds=3, patience=20)
    assert check_plan(estate, plan.hosts, plan.total) == []
    assert plan.bound <= fewest(estate) == plan.total


@settings(deadline=None, max_examples=60)
@given(SIZES)
def test_no_bound_is_above_the_optimum(sizes):
    estate = estate_of(sizes)
    problem = build_problems(estate)[0]
    assert hosts_bound(problem) <= cover_bound(problem) <= fewest(estate)


RULES = st.fixed_dictionaries(
    {
        "sizes": st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=4, max_size=12),
        "licensed": st.sets(st.integers(0, 11)),
        "apart": st.lists(st.sets(st.integers(0, 3), min_size=2, max_size=3), max_size=2),
        "together": st.lists(st.sets(st.integers(4, 5), min_size=2, max_size=2), max_size=1),
        "zones": st.lists(st.sampled_from(["LGWAN", "利用事務"]), min_size=12, max_size=12),
    }
)


@settings(deadline=None, max_examples=25)
@given(RULES)
def test_every_plan_keeps_every_rule_and_its_bound(rules):
    servers = [
        Server(
            f"s{number}",
            tuple(map(Decimal, size)),
            "LGWAN" if number in (4, 5) else rules["zones"][number],
            licences=frozenset({"db"} if number in rules["licensed"] else ()),
        )
        for number, size in enumerate(rules["sizes"])
    ]
    names = {server.name for server in servers}

    def groups(kind):
        named = [tuple(sorted(f"s{number}" for number in group)) for group in rules[kind]]
        return tuple(group for group in named if names.issuperset(group))

    estate = Estate(
        ("cpu", "memory"),
        (
            HostType("small", (Decimal(8), Decimal(8)), price=100),
            HostType("large", (Decimal(16), Decimal(16)), price=170),
        ),
        tuple(servers),
        together=groups("together"),
        apart=groups("apart"),
        licence_prices={("db", "small"): 80, ("db", "large"): 160},
        objective="yen",
    )
    plan = solve(estate, seconds=2, patience=30)
    assert check_plan(estate, plan.hosts, plan.total) == []
    assert plan.bound <= plan.total <= sum(zone.first_fit_decreasing for zone in plan.zones)


@settings(deadline=None, max_examples=10)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=30, max_size=40), st.integers(0, 99)
)
def test_the_search_only_improves(sizes, seed):
    problem = build_problems(estate_of(sizes))[0]
    start = first_fit_decreasing(problem)
    search = Search(problem, start, seed=seed, step=0.05)
    result = search.run(
        0, budget=0.4, deadline=float("inf"), cancelled=lambda: False, progress=lambda total: None
    )
    placed = sorted(itertools.chain.from_iterable(chosen.items for chosen in result.solution))
    assert placed == list(range(problem.size))
    assert problem.total(result.solution) <= problem.total(start)
    assert all(problem.fits(chosen.type, chosen.items) for chosen in result.solution)


def test_the_same_seed_gives_the_same_plan():
    sizes = [((7 * number) % 9 + 1, (5 * number) % 8 + 1) for number in range(60)]
    plans = [solve(estate_of(sizes), seconds=1.5, seed=4, patience=40) for _ in range(2)]
    assert plans[0].hosts == plans[1].hosts
    assert plans[0].repeatable


def test_a_cancelled_run_still_gives_a_sound_plan():
    estate = estate_of([((7 * number) % 9 + 1, (5 * number) % 8 + 1) for number in range(60)])
    plan = solve(estate, seconds=30, cancelled=lambda: True)
    assert check_plan(estate, plan.hosts, plan.total) == []


def test_a_licensed_database_does_not_spread_over_cheap_hosts():
    servers = [{"id": f"db{n}", "demand": [2], "licences": ["db"]} for n in range(4)]
    servers += [{"id": f"ap{n}", "demand": [8]} for n in range(4)]
    estate = estate_from(
        {
            "dimensions": ["cpu"],
            "objective": "yen",
            "host_types": [{"id": "h", "capacity": [10], "price": 100}],
            "licences": [{"product": "db", "price_per_host": 1000}],
            "servers": servers,
        }
    )
    plan = solve(estate, seconds=3, patience=20)
    assert plan.total == 5 * 100 + 1000
    assert plan.proven


def test_servers_stay_where_they_run_when_it_costs_nothing():
    hosts = tuple(Host(f"h{number}", "host", "") for number in range(3))
    servers = tuple(Server(f"s{n}", (Decimal(4), Decimal(4)), current=f"h{n // 2}") for n in range(6))
    estate = Estate(("a", "b"), (HostType("host", (Decimal(8), Decimal(8))),), servers, hosts)
    plan = solve(estate, seconds=1)
    assert {host.name for host in plan.hosts} == {"h0", "h1", "h2"}
    assert plan.moves == sum(s.current != h.name for h in plan.hosts for s in servers if s.name in h.servers)


def test_a_fixed_server_keeps_its_host():
    hosts = (Host("h0", "host", ""), Host("h1", "host", ""))
    servers = (
        Server("a", (Decimal(1), Decimal(1)), fixed="h0"),
        Server("b", (Decimal(1), Decimal(1)), fixed="h1"),
        Server("c", (Decimal(8), Decimal(8))),
    )
    estate = Estate(("x", "y"), (HostType("host", (Decimal(10), Decimal(10))),), servers, hosts)
    plan = solve(estate, seconds=1)
    assert check_plan(estate, plan.hosts, plan.total) == []
    assert plan.total == 2


def one(**server):
    document = {
        "dimensions": ["cpu", "memory"],
        "host_types": [
            {
                "id": "h",
                "capacity": [10, 64],
                "zones": ["LGWAN"],
                "supported_until": "2030-03-31",
                "offers": ["A社"],
            }
        ],
        "hosts": [{"id": "old", "type": "h", "zone": "LGWAN", "until": "2028-03-31"}],
        "servers": [{"id": "税務DB", "zone": "LGWAN", "demand": [1, 1], **server}],
    }
    return estate_from(document)


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        ({"demand": [1, 100]}, "税務DB は memory"),
        ({"zone": "利用事務"}, "税務DB を置ける機種がありません"),
        ({"requires": ["B社"]}, "税務DB を置ける機種がありません"),
        ({"needed_until": "2031-03-31"}, "税務DB を置ける機種がありません"),
        ({"fixed_host": "old", "needed_until": "2029-03-31"}, "old は 2028-03-31 に期限"),
    ],
)
def test_an_impossible_server_is_named_with_its_rule(server, reason):
    with pytest.raises(InfeasibleError) as error:
        solve(one(**server))
    assert any(reason in text for text in error.value.reasons)


def test_contradicting_groups_are_named():
    estate = estate_of([(1, 1), (1, 1)], together=(("s0", "s1"),), apart=(("s0", "s1"),))
    with pytest.raises(InfeasibleError, match="s0 と s1"):
        solve(estate)


def test_too_few_hosts_are_named():
    limited = Estate(
        ("a",),
        (HostType("h", (Decimal(1),), available=1),),
        (Server("x", (Decimal(1),)), Server("y", (Decimal(1),))),
    )
    with pytest.raises(InfeasibleError, match="上限"):
        solve(limited)


def test_a_plan_is_found_where_greedy_runs_out_of_hosts():
    sizes = [5, 5, 4, 4, 4, 3, 3, 2]
    estate = Estate(
        ("a",),
        (HostType("h", (Decimal(10),), available=3),),
        tuple(Server(f"s{number}", (Decimal(size),)) for number, size in enumerate(sizes)),
    )
    plan = solve(estate, seconds=3, patience=20)
    assert plan.total == 3
    assert check_plan(estate, plan.hosts, plan.total) == []


def test_fractions_are_counted_exactly():
    estate = estate_of([("0.1", 0)] * 30, capacity=("0.3", 1))
    plan = solve(estate, seconds=1)
    assert plan.total == 10
    assert plan.proven


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda h: h[:-1], "配置されていません"),
        (lambda h: [*h, h[0]], "使われています"),
        (lambda h: [PlannedHost("big", "host", "", tuple(s for x in h for s in x.servers), 1)], "超えます"),
        (lambda h: [PlannedHost(x.name, x.type, x.zone, x.servers, 2) for x in h], "費用"),
    ],
)
def test_the_checker_finds_a_broken_plan(change, fault):
    estate = estate_of([(6, 6), (6, 6), (6, 6)])
    plan = solve(estate, seconds=1)
    assert any(fault in text for text in check_plan(estate, change(list(plan.hosts))))


def test_greedy_is_never_worse_than_first_fit_decreasing():
    sizes = [((7 * number) % 9 + 1, (5 * number) % 8 + 1) for number in range(80)]
    problem = build_problems(estate_of(sizes))[0]
    assert problem.total(greedy(problem)) <= problem.total(first_fit_decreasing(problem))
