"""As-of questions answered by the database against a naive walk over all rows."""

import datetime
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenshu.ground.office.models import Post, PostRank, Staff, Unit, UnitKind
from tenshu.ground.office.queries import (
    Organisation,
    division_of,
    headcounts_below,
    heads_of,
    main_posts,
    members_of,
    units_as_of,
)

FIRST = datetime.date(2020, 4, 1)
DAYS = 60
spans = st.tuples(st.integers(0, DAYS), st.none() | st.integers(0, DAYS)).map(
    lambda pair: (pair[0], None if pair[1] is None else max(pair))
)


@dataclass(frozen=True)
class Drawn:
    """A random office: units as (parent index, span inside the parent's), posts as (staff, unit, span, …)."""

    units: list[tuple[int | None, int, int | None]]
    posts: list[tuple[int, int, int, int | None, bool, bool]]


@st.composite
def offices(draw: st.DrawFn) -> Drawn:
    units: list[tuple[int | None, int, int | None]] = []
    for index in range(draw(st.integers(1, 8))):
        parent = draw(st.none() | st.integers(0, index - 1)) if index else None
        first, last = draw(spans)
        if parent is not None:
            outer_first, outer_last = units[parent][1:]
            first = max(first, outer_first)
            if outer_last is not None:
                first, last = min(first, outer_last), outer_last if last is None else min(last, outer_last)
            last = None if last is None else max(first, last)
            if _depth(units, parent) >= 3:
                parent, (first, last) = None, draw(spans)
        units.append((parent, first, last))
    posts = {}
    for _ in range(draw(st.integers(0, 12))):
        staff, unit = draw(st.integers(0, 3)), draw(st.integers(0, len(units) - 1))
        first, last = draw(spans)
        posts[staff, unit, first] = (staff, unit, first, last, draw(st.booleans()), draw(st.booleans()))
    return Drawn(units, list(posts.values()))


def _depth(units: list[tuple[int | None, int, int | None]], index: int) -> int:
    parent = units[index][0]
    return 0 if parent is None else 1 + _depth(units, parent)


def date(offset: int | None) -> datetime.date | None:
    return None if offset is None else FIRST + datetime.timedelta(days=offset)


def holds(first: int, last: int | None, asked: int) -> bool:
    return first <= asked and (last is None or asked <= last)


KINDS = [UnitKind.DEPARTMENT, UnitKind.DIVISION, UnitKind.DIVISION, UnitKind.GROUP]


def store(drawn: Drawn) -> tuple[list[Unit], list[Staff]]:
    units: list[Unit] = []
    for index, (parent, first, last) in enumerate(drawn.units):
        units.append(
            Unit.objects.create(
                code=f"{index:02}",
                kind=KINDS[_depth(drawn.units, index)],
                name=f"組織{index}",
                parent=None if parent is None else units[parent],
                valid_from=date(first),
                valid_until=date(last),
            )
        )
    staff = [Staff.objects.create(number=str(n), name=f"職員{n}") for n in range(4)]
    Post.objects.bulk_create(
        Post(
            staff=staff[s],
            unit=units[u],
            valid_from=date(first),
            valid_until=date(last),
            rank=PostRank.HEAD if head else PostRank.MEMBER,
            is_concurrent=concurrent,
        )
        for s, u, first, last, head, concurrent in drawn.posts
    )
    return units, staff


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=offices(), asked=st.integers(-1, DAYS + 1))
def test_every_question_as_of_a_day_agrees_with_a_naive_walk(db: None, drawn: Drawn, asked: int) -> None:
    with transaction.atomic():
        units, staff = store(drawn)
        day = FIRST + datetime.timedelta(days=asked)
        standing = {i for i, (_, first, last) in enumerate(drawn.units) if holds(first, last, asked)}
        assert set(units_as_of(day)) == {units[i] for i in standing}

        organisation = Organisation.on(day)
        held = [post for post in drawn.posts if holds(post[2], post[3], asked)]
        for index in standing:
            inside = {i for i in standing if index in ancestors(drawn, i)}
            assert organisation.below(units[index].pk) == {units[i].pk for i in inside}
            path = [units[i] for i in reversed(ancestors(drawn, index))]
            assert organisation.path(units[index].pk) == path
            members = sorted((post.staff.number, post.unit.code) for post in members_of(units[index], day))
            everywhere = {i for i in range(len(units)) if index in ancestors(drawn, i)}
            assert members == sorted((str(s), f"{u:02}") for s, u, *_ in held if u in everywhere)
            heads = heads_of([units[index].pk], day).get(units[index].pk, [])
            assert sorted(p.staff.number for p in heads) == sorted(
                str(s) for s, u, _, _, head, _ in held if u == index and head
            )
            people = {(s, u) for s, u, _, _, _, concurrent in held if u in inside and not concurrent}
            assert organisation.headcounts().get(units[index].pk, 0) == len(people)
            assert headcounts_below(units[index], day).get(units[index].pk, 0) == len(
                {(s, u) for s, u, _, _, _, concurrent in held if u in everywhere and not concurrent}
            )

        mains = main_posts([person.pk for person in staff], day)
        for number, person in enumerate(staff):
            own = sorted((c, first) for s, _, first, _, _, c in held if s == number)
            assert (person.pk in mains) == bool(own)
            if own:
                post = mains[person.pk]
                assert (post.is_concurrent, post.valid_from) == (own[0][0], date(own[0][1]))
                at = next(i for i in range(len(units)) if units[i].pk == post.unit_id)
                division = next((i for i in ancestors(drawn, at) if units[i].kind == UnitKind.DIVISION), None)
                assert division_of(person, day) == (None if division is None else units[division])
        transaction.set_rollback(True)


def ancestors(drawn: Drawn, index: int) -> list[int]:
    line = [index]
    while (parent := drawn.units[line[-1]][0]) is not None:
        line.append(parent)
    return line


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_reorganisations_at_random_keep_people_and_the_tree_whole(db: None, data: st.DataObject) -> None:
    from tenshu.ground.office.actions import do_end_unit, do_rename_unit
    from tenshu.ground.office.actions.units import spans as within
    from tenshu.ground.office.tests.building import START, House

    with transaction.atomic():
        house = House.build()
        people = set(house.staff.values())
        on = START
        history = {on: {(p.staff_id, p.unit_id) for p in Post.objects.as_of(on)}}
        for _ in range(data.draw(st.integers(1, 5))):
            on += datetime.timedelta(days=data.draw(st.integers(1, 400)))
            unit = data.draw(st.sampled_from(sorted(units_as_of(on), key=lambda u: u.pk)))
            others = [u for u in units_as_of(on) if u.kind == unit.kind and not within_line(u, unit)]
            if others and data.draw(st.booleans()):
                do_end_unit(
                    unit,
                    on - datetime.timedelta(days=1),
                    successors=[others[0]],
                    with_children=True,
                    acting_user=house.machine,
                )
            else:
                do_rename_unit(unit, on, name=f"{unit.name}改", acting_user=house.machine)
            history[on] = {(p.staff_id, p.unit_id) for p in Post.objects.as_of(on)}
        for unit in Unit.objects.select_related("parent"):
            assert unit.parent is None or within(unit.parent, unit)
        for day, posts in history.items():
            now = list(Post.objects.as_of(day).select_related("unit"))
            assert {(p.staff_id, p.unit_id) for p in now} == posts
            assert {p.staff for p in now} == people
            assert len(now) == len(people)
            assert all(p.unit.holds_on(day) for p in now)
        transaction.set_rollback(True)


def within_line(unit: Unit, other: Unit) -> bool:
    """Whether one stands at or below the other."""
    return any(
        line is not None and _reaches(a, b) for a, b in ((unit, other), (other, unit)) for line in (a,)
    )


def _reaches(unit: Unit | None, target: Unit) -> bool:
    while unit is not None:
        if unit == target:
            return True
        unit = unit.parent
    return False
