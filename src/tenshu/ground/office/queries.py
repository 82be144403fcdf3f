"""The organisation as it stood on a day. Every question costs a fixed number of queries."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from django.db.models import Case, Count, Q, When

from tenshu.ground.office.models import (
    OfficeProfile,
    Post,
    PostRank,
    Staff,
    Unit,
    UnitDuty,
    UnitDutyKind,
    UnitKind,
)
from tenshu.ground.periods import DatedQuerySet

LEVELS = 4
"""部局, 室, 課, グループ: as deep as the organisation goes."""


def units_as_of(day: datetime.date) -> DatedQuerySet[Unit]:
    """The units that stood on ``day``."""
    return Unit.objects.as_of(day)


@dataclass(frozen=True)
class UnitNode:
    """A unit in the tree with the units below it; ``depth`` is 0 for a department."""

    unit: Unit
    depth: int
    children: list["UnitNode"] = field(default_factory=list)

    def walk(self) -> Iterator["UnitNode"]:
        """The node itself and everything below, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


class Organisation:
    """All units of one day, read by one query, with their tree."""

    def __init__(self, day: datetime.date, units: Iterable[Unit]) -> None:
        self.day = day
        self.units: Mapping[int, Unit] = {unit.pk: unit for unit in units}
        for unit in self.units.values():
            if unit.parent_id in self.units:
                unit.parent = self.units[unit.parent_id]

    @classmethod
    def on(cls, day: datetime.date) -> Self:
        """The organisation of ``day`` (one query)."""
        return cls(day, units_as_of(day).order_by("sort_order", "code"))

    @cached_property
    def by_code(self) -> Mapping[str, Unit]:
        """The units by their code."""
        return {unit.code: unit for unit in self.units.values()}

    @cached_property
    def _children(self) -> Mapping[int | None, list[Unit]]:
        below: dict[int | None, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            below[unit.parent_id if unit.parent_id in self.units else None].append(unit)
        return below

    def children(self, unit_id: int) -> list[Unit]:
        """The units directly below."""
        return self._children.get(unit_id, [])

    def tree(self) -> list[UnitNode]:
        """The departments with everything below them."""
        return [self._node(unit, 0) for unit in self._children.get(None, [])]

    def _node(self, unit: Unit, depth: int) -> UnitNode:
        return UnitNode(unit, depth, [self._node(child, depth + 1) for child in self.children(unit.pk)])

    def below(self, unit_id: int) -> frozenset[int]:
        """The keys of the unit and of everything below it."""
        found = {unit_id}
        for child in self.children(unit_id):
            found |= self.below(child.pk)
        return frozenset(found)

    def path(self, unit_id: int) -> list[Unit]:
        """From the department down to the unit; empty when it did not stand on the day."""
        trail: list[Unit] = []
        unit = self.units.get(unit_id)
        while unit is not None:
            trail.append(unit)
            unit = self.units.get(unit.parent_id or 0)
        return trail[::-1]

    def department_of(self, unit_id: int) -> Unit | None:
        """The department (部局) over the unit, or the unit itself when it is one."""
        return next((unit for unit in self.path(unit_id) if unit.kind == UnitKind.DEPARTMENT), None)

    def division_of(self, unit_id: int) -> Unit | None:
        """The nearest division (所属) at or over the unit."""
        return nearest_division(self.units.get(unit_id))

    def departments(self) -> list[Unit]:
        """The departments in their order."""
        return [unit for unit in self.units.values() if unit.kind == UnitKind.DEPARTMENT]

    def divisions(self) -> list[Unit]:
        """The divisions in the order of the tree."""
        nodes = (node for top in self.tree() for node in top.walk())
        return [node.unit for node in nodes if node.unit.kind == UnitKind.DIVISION]

    def headcounts(self) -> Mapping[int, int]:
        """People whose main post is in the unit or below it (one query)."""
        direct = (
            Post.objects.as_of(self.day)
            .filter(is_concurrent=False)
            .values_list("unit_id")
            .annotate(people=Count("staff_id", distinct=True))
            .order_by()
        )
        totals: Counter[int] = Counter()
        for unit_id, count in direct:
            for unit in self.path(unit_id):
                totals[unit.pk] += count
        return totals


def nearest_division(unit: Unit | None) -> Unit | None:
    """The nearest division (所属) at or over ``unit``, walking up its parents."""
    while unit is not None and unit.kind != UnitKind.DIVISION:
        unit = unit.parent
    return unit


def unit_on(code: str, day: datetime.date) -> Unit | None:
    """The unit that bore ``code`` on ``day``."""
    return Unit.objects.as_of(day).filter(code=code).first()


def below(unit: Unit, prefix: str = "unit") -> Q:
    """Rows whose ``prefix`` is ``unit`` or any under it. Exact, as a parent outlives its children."""
    return Q(**{f"{prefix}__in": _units_below(unit)})


def _units_below(unit: Unit) -> DatedQuerySet[Unit]:
    condition, path = Q(pk=unit.pk), "parent"
    for _ in range(LEVELS - 1):
        condition |= Q(**{path: unit})
        path += "__parent"
    return Unit.objects.filter(condition).order_by()


def posts_as_of(day: datetime.date) -> DatedQuerySet[Post]:
    """The posts held on ``day`` with their staff, unit and the units above (one query)."""
    return Post.objects.as_of(day).select_related("staff", "unit__parent__parent__parent")


def main_posts(staff_ids: Iterable[int], day: datetime.date) -> Mapping[int, Post]:
    """The main post of each person on ``day``; a concurrent one where there is no other (one query)."""
    found: dict[int, Post] = {}
    posts = (
        posts_as_of(day).filter(staff_id__in=list(staff_ids)).order_by("is_concurrent", "valid_from", "pk")
    )
    for post in posts:
        found.setdefault(post.staff_id, post)
    return found


def division_of(staff: Staff, day: datetime.date) -> Unit | None:
    """The division (所属) in which ``staff`` works on ``day`` (one query)."""
    post = main_posts([staff.pk], day).get(staff.pk)
    return nearest_division(post.unit) if post else None


def members_of(unit: Unit, day: datetime.date) -> DatedQuerySet[Post]:
    """The posts in ``unit`` and below it on ``day``, heads first, then in the order of staff numbers.

    The units are asked for at once (one query): among this many joined tables PostgreSQL no longer looks for the
    units of a subquery first, and would join everybody.
    """
    keys = list(_units_below(unit).values_list("pk", flat=True))
    heads_first = Case(When(rank=PostRank.HEAD, then=0), default=1)
    return (
        posts_as_of(day)
        .filter(unit_id__in=keys)
        .order_by(heads_first, "unit__sort_order", "unit__code", "staff__number")
    )


def headcounts_below(unit: Unit, day: datetime.date) -> Mapping[int, int]:
    """People whose main post is in or below ``unit`` and each unit under it, by unit (two queries)."""
    lines = {
        line[0]: line
        for line in _units_below(unit).values_list(
            "pk", "parent_id", "parent__parent_id", "parent__parent__parent_id"
        )
    }
    posts = Post.objects.as_of(day).filter(unit_id__in=lines, is_concurrent=False)
    direct = posts.values_list("unit_id").annotate(people=Count("staff_id", distinct=True)).order_by()
    totals: Counter[int] = Counter()
    for unit_id, people in direct:
        for key in lines[unit_id]:
            if key is not None:
                totals[key] += people
    return totals


def heads_of(unit_ids: Iterable[int], day: datetime.date) -> Mapping[int, list[Post]]:
    """The head posts of each unit itself on ``day``; units without a head are missing (one query)."""
    found: dict[int, list[Post]] = defaultdict(list)
    posts = posts_as_of(day).filter(unit_id__in=list(unit_ids), rank=PostRank.HEAD)
    for post in posts.order_by("is_concurrent", "staff__number"):
        found[post.unit_id].append(post)
    return found


def names_of_heads(unit_ids: Iterable[int], day: datetime.date) -> Mapping[int, list[str]]:
    """The names of the heads of each unit itself on ``day``, for lists of many units (one query)."""
    found: dict[int, list[str]] = defaultdict(list)
    posts = Post.objects.as_of(day).filter(unit_id__in=list(unit_ids), rank=PostRank.HEAD)
    for unit_id, name in posts.order_by("is_concurrent", "staff__number").values_list(
        "unit_id", "staff__name"
    ):
        found[unit_id].append(name)
    return found


def officers_of(unit: Unit, day: datetime.date) -> DatedQuerySet[Post]:
    """The system officers (システム担当者) of ``unit`` and below on ``day``."""
    return members_of(unit, day).filter(is_officer=True)


def units_charged_with(kind: UnitDutyKind, day: datetime.date) -> list[Unit]:
    """The units that bear the duty ``kind`` on ``day`` (one query)."""
    duties = UnitDuty.objects.as_of(day).filter(kind=kind).select_related("unit__parent__parent__parent")
    return [duty.unit for duty in duties.order_by("unit__sort_order", "unit__code")]


def staff_in_service(day: datetime.date) -> Q:
    """Staff who have joined and not left on ``day``; an unknown day of joining counts as joined."""
    return Q(Q(joined_on__isnull=True) | Q(joined_on__lte=day), Q(left_on__isnull=True) | Q(left_on__gte=day))


def office_name() -> str:
    """The office's name (見本県); empty until it is entered."""
    return OfficeProfile.objects.values_list("name", flat=True).order_by("pk").first() or ""
