"""Solving an estate: bounds, greedy, search and proof for each zone, then names and moves."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from typing import NamedTuple

from tenshu.engines.packing.exact import construct, cover_bound, fits_one_model, prove
from tenshu.engines.packing.greedy import first_fit_decreasing, greedy
from tenshu.engines.packing.levelling import level, suits
from tenshu.engines.packing.model import Estate, InfeasibleError
from tenshu.engines.packing.naming import name_hosts
from tenshu.engines.packing.neighbourhood import Search
from tenshu.engines.packing.plan import Plan, ZoneResult
from tenshu.engines.packing.problem import Bin, Problem, build_problems

Progress = Callable[[str, int, int], None]

_STEP = 0.25
"""Deterministic time of one step of the search."""

_LEVELLING = 0.2
"""Part of the budget that levelling may take before the search begins."""

_PROVABLE_GAP = 2


class _Clock(NamedTuple):
    started: float
    deadline: float
    budget: float


class _Zone:
    """The state of one zone while it is solved."""

    def __init__(self, problem: Problem, seed: int, clock: _Clock) -> None:
        self.problem = problem
        self.solution = _start(problem, seed, clock)
        self.yardstick = _yardstick(problem, self.solution)
        self.bound = cover_bound(problem)
        self.engine = "greedy"
        self.rounds = 0
        self.spent = 0.0
        self.cut = False

    @property
    def total(self) -> int:
        return self.problem.total(self.solution)

    @property
    def open(self) -> bool:
        return self.total > self.bound


def _start(problem: Problem, seed: int, clock: _Clock) -> list[Bin]:
    """A first solution: greedy, and where numbers of hosts are limited, by search."""
    try:
        return greedy(problem)
    except InfeasibleError as trouble:
        wall = max(1.0, clock.deadline - time.monotonic())
        names = "、".join(f"{t.name} {n} 台" for t, n in zip(problem.types, problem.available, strict=True))
        try:
            found = construct(problem, seed=seed, budget=clock.budget, wall=wall)
        except TimeoutError:
            doubt = f"区分「{problem.zone}」（上限 {names}）の配置は時間内に見つかりません（不能の証明もありません）"
            raise InfeasibleError([*trouble.reasons, doubt]) from trouble
        if found is None:
            proof = f"区分「{problem.zone}」は、上限 {names} では配置できないことが証明されました"
            raise InfeasibleError([*trouble.reasons, proof]) from trouble
        return found


def _yardstick(problem: Problem, solution: list[Bin]) -> int:
    try:
        return problem.total(first_fit_decreasing(problem))
    except InfeasibleError:
        return problem.total(solution)


def _level(zone: _Zone, seed: int, budget: float, clock: _Clock, report: Progress) -> float:
    """Try the fewest hosts that the bound allows, then one more, and so on; returns the time spent."""
    spent, bound = 0.0, zone.bound // max(zone.problem.cost[0], 1)
    for hosts in range(bound, len(zone.solution)):
        last = hosts == len(zone.solution) - 1
        left = (budget - spent) * (1.0 if last else 0.5)
        if not suits(zone.problem, hosts) or left <= 0 or time.monotonic() > clock.deadline:
            break
        found = level(zone.problem, hosts, seed=seed, budget=left)
        spent += found.spent
        if found.solution is not None:
            zone.solution, zone.engine = found.solution, "levelling"
            report(zone.problem.zone, zone.total, zone.bound)
            break
    zone.spent += spent
    return spent


def _search(
    zone: _Zone, seed: int, share: float, clock: _Clock, cancelled: Callable[[], bool], report: Progress
) -> None:
    run = Search(zone.problem, zone.solution, seed=seed, step=_STEP)
    result = run.run(
        zone.bound,
        budget=share,
        deadline=clock.deadline,
        cancelled=cancelled,
        progress=lambda total: report(zone.problem.zone, total, zone.bound),
    )
    zone.solution, zone.rounds, zone.engine = result.solution, result.rounds, "search"
    zone.spent += result.spent
    zone.cut |= result.cut


def _prove(zone: _Zone, seed: int, share: float, clock: _Clock, report: Progress) -> None:
    wall = clock.deadline - time.monotonic()
    if wall <= 0:
        zone.cut = True
        return
    result = prove(zone.problem, zone.solution, zone.bound, seed=seed, budget=share, wall=wall)
    zone.solution, zone.bound, zone.engine = result.solution, max(zone.bound, result.bound), "exact"
    zone.spent += result.spent
    zone.cut |= result.cut
    report(zone.problem.zone, zone.total, zone.bound)


def solve(
    estate: Estate,
    *,
    seconds: float = 15.0,
    seed: int = 1,
    patience: float = 1.0,
    cancelled: Callable[[], bool] | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Plan an estate.

    ``seconds`` is the budget of search in the solver's deterministic time, which passes about as fast as
    a free core;
    the wall clock stops the run after ``seconds × patience``. A run that the wall clock did not cut
    gives the same plan
    for the same seed (``Plan.repeatable``). ``progress`` gets zone, total and bound. Raises InfeasibleError.
    """
    report: Progress = progress or (lambda zone, total, bound: None)
    stop = cancelled or (lambda: False)
    started = time.monotonic()
    clock = _Clock(started, started + seconds * patience, seconds)
    zones = [_Zone(problem, seed, clock) for problem in build_problems(estate)]
    for zone in zones:
        report(zone.problem.zone, zone.total, zone.bound)
    reserve = _LEVELLING * clock.budget
    for zone in sorted((zone for zone in zones if zone.open), key=lambda zone: zone.problem.size):
        reserve -= _level(zone, seed, reserve, clock, report)
    waiting = sorted((zone for zone in zones if zone.open), key=lambda zone: zone.problem.size)
    budget = 0.9 * clock.budget - (_LEVELLING * clock.budget - reserve)
    while waiting:
        zone = waiting.pop(0)
        weight = zone.problem.size / (zone.problem.size + sum(other.problem.size for other in waiting))
        share = budget * weight
        # A proof by search pays only where little is missing; elsewhere the whole share goes to the search.
        provable = fits_one_model(zone.problem, zone.solution) and (
            not zone.problem.uniform or zone.total - zone.bound <= _PROVABLE_GAP
        )
        _search(zone, seed, share * (0.4 if provable else 1.0), clock, stop, report)
        if zone.open and provable and not stop():
            _prove(zone, seed, share * 0.6, clock, report)
        budget -= share if zone.open else min(share, zone.spent)
    return _plan(estate, zones, seed, seconds, time.monotonic() - started)


def _plan(estate: Estate, zones: list[_Zone], seed: int, seconds: float, wall: float) -> Plan:
    hosts, moves = name_hosts(estate, [(zone.problem, zone.solution) for zone in zones])
    results = [
        ZoneResult(
            zone.problem.zone,
            len(zone.solution),
            zone.total,
            zone.bound,
            zone.yardstick,
            zone.engine,
            zone.rounds,
        )
        for zone in zones
    ]
    return Plan(
        estate.objective,
        sum(result.total for result in results),
        sum(result.bound for result in results),
        tuple(hosts),
        tuple(results),
        moves,
        seed,
        seconds,
        round(wall, 3),
        not any(zone.cut for zone in zones),
        f"tenshu.packing, ortools {version('ortools')}",
        digest(estate),
    )


def digest(estate: Estate) -> str:
    """SHA-256 of an estate's values."""
    values = asdict(estate)
    values["licence_prices"] = sorted(values["licence_prices"].items())
    for key in ("host_types", "servers"):
        for value in values[key]:
            for name, field in value.items():
                if isinstance(field, frozenset):
                    value[name] = sorted(field)
    return hashlib.sha256(repr(values).encode()).hexdigest()


__all__ = ["InfeasibleError", "digest", "solve"]
