"""Reading the organisation and its staff, as of a day."""

import datetime
from typing import Annotated, Literal

from tenshu.ground.api.hubs import HubSectionOut, hub_of
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import (
    Day,
    Flag,
    OneOf,
    Text,
    Year,
    day_asked,
    fiscal_year,
)
from tenshu.ground.office.api.shapes import (
    ROUTES,
    DutyOut,
    PostOut,
    StaffOut,
    UnitBranch,
    UnitOut,
    UnitTree,
    post_out,
    staff_out,
    unit_out,
)
from tenshu.ground.office.gates import access_staff, access_unit, sees_all_details, staff_with_details
from tenshu.ground.office.models import PostRank, Unit, UnitDuty, UnitKind, search_form
from tenshu.ground.office.queries import Organisation, UnitNode, members_of, posts_as_of


class DayQuery(Paging):
    """As of which day."""

    day: Day | Literal[""] = ""


class TreeQuery(DayQuery):
    """The tree comes whole."""


class UnitQuery(DayQuery):
    """Which units."""

    q: Text = ""
    kind: Annotated[str, OneOf(UnitKind, empty=True)] = ""
    below: Text = ""


class StaffQuery(DayQuery):
    """Which people: by their post of the day."""

    q: Text = ""
    unit: Text = ""
    rank: Annotated[str, OneOf(PostRank, empty=True)] = ""
    officer: Flag | Literal[""] = ""
    concurrent: Flag = "false"
    sort: Literal["number", "-number", "name", "-name", "unit", "-unit"] = "unit"


class HubQuery(Paging):
    """The year of which is told what hangs on a unit."""

    year: Year | Literal[""] = ""


SORTS = {
    "number": ("staff__number",),
    "name": ("staff__kana_order", "staff__number"),
    "unit": ("unit__code", "staff__number"),
}


@ROUTES.get("/units", page="office:unit-tree", gives=Page[UnitOut], summary="組織の一覧（基準日現在）")
def unit_list(request: ApiRequest, query: Query[UnitQuery]) -> Page[UnitOut]:
    """Units of a day in the order of the tree; ``below`` is the code of a unit whose part is wanted."""
    organisation = Organisation.on(day_asked(query.day))
    units = [node.unit for top in organisation.tree() for node in top.walk()]
    if query.below:
        top = organisation.by_code.get(query.below)
        wanted = organisation.below(top.pk) if top else frozenset()
        units = [unit for unit in units if unit.pk in wanted]
    words = search_form(query.q)
    units = [
        unit
        for unit in units
        if query.kind in ("", unit.kind) and words in search_form(f"{unit.code}\t{unit.name}\t{unit.kana}")
    ]
    return page_of(request, units, query, unit_out)


@ROUTES.get("/units/tree", page="office:unit-tree", gives=UnitTree, summary="組織の木（基準日現在）")
def unit_tree(request: ApiRequest, query: Query[TreeQuery]) -> UnitTree:
    """The whole organisation of a day with head counts."""
    day = day_asked(query.day)
    organisation = Organisation.on(day)
    people = organisation.headcounts()

    def branch(node: UnitNode) -> UnitBranch:
        unit = node.unit
        return UnitBranch(
            id=unit.pk,
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            head_count=people.get(unit.pk, 0),
            children=[branch(child) for child in node.children],
        )

    return UnitTree(day=day, units=[branch(node) for node in organisation.tree()])


@ROUTES.get("/units/{int:unit_id}", page="office:unit-detail", gives=UnitOut, summary="組織")
def unit_detail(request: ApiRequest, unit_id: int) -> UnitOut:
    """One unit, also a former one."""
    return unit_out(access_unit(request.person, unit_id))


@ROUTES.get(
    "/units/{int:unit_id}/posts",
    page="office:staff-list",
    gives=Page[PostOut],
    summary="組織の職員（基準日現在）",
    personal=True,
)
def unit_posts(request: ApiRequest, unit_id: int, query: Query[DayQuery]) -> Page[PostOut]:
    """The posts in a unit and below it, heads first."""
    unit = access_unit(request.person, unit_id)
    return _posts(request, members_of(unit, _within(unit, day_asked(query.day))), query)


@ROUTES.get(
    "/units/{int:unit_id}/hub", page="office:unit-detail", gives=Page[HubSectionOut], summary="組織に付くもの"
)
def unit_hub(request: ApiRequest, unit_id: int, query: Query[HubQuery]) -> Page[HubSectionOut]:
    """What the rooms hang on the unit in a year, as on its page."""
    unit = access_unit(request.person, unit_id)
    return page_of(
        request, hub_of("unit_hub", unit, request.person, fiscal_year(query.year)), query, lambda part: part
    )


@ROUTES.get(
    "/units/{int:unit_id}/duties", page="office:unit-detail", gives=Page[DutyOut], summary="組織の所掌"
)
def unit_duties(request: ApiRequest, unit_id: int, query: Query[Paging]) -> Page[DutyOut]:
    """What the unit is charged with, also formerly."""
    unit = access_unit(request.person, unit_id)
    rows = UnitDuty.objects.filter(unit=unit).select_related("unit").order_by("-valid_from", "pk")
    return page_of(request, rows, query, DutyOut.of)


@ROUTES.get(
    "/staff",
    page="office:staff-list",
    gives=Page[PostOut],
    summary="職員の一覧（基準日の配属）",
    personal=True,
)
def staff_list(request: ApiRequest, query: Query[StaffQuery]) -> Page[PostOut]:
    """People with their post of a day; ``unit`` is the code of a unit, with everything below it."""
    day = day_asked(query.day)
    rows = posts_as_of(day).filter(is_concurrent=query.concurrent == "true")
    for word in search_form(query.q.replace(" ", "\t")).split("\t"):
        rows = rows.filter(staff__search_text__contains=word) if word else rows
    if query.unit:
        organisation = Organisation.on(day)
        unit = organisation.by_code.get(query.unit)
        rows = rows.filter(unit_id__in=organisation.below(unit.pk)) if unit else rows.none()
    if query.rank:
        rows = rows.filter(rank=PostRank(query.rank))
    if query.officer:
        rows = rows.filter(is_officer=query.officer == "true")
    down = "-" if query.sort.startswith("-") else ""
    return _posts(
        request, rows.order_by(*(down + name for name in SORTS[query.sort.lstrip("-")]), "pk"), query
    )


@ROUTES.get(
    "/staff/{int:staff_id}", page="office:staff-detail", gives=StaffOut, summary="職員", personal=True
)
def staff_detail(request: ApiRequest, staff_id: int) -> StaffOut:
    """One person with all posts, the newest first."""
    return staff_out(request.person, access_staff(request.person, staff_id))


def _posts(request: ApiRequest, rows: object, query: Paging) -> Page[PostOut]:
    """A page of posts; whose details may be seen is asked for the page at once."""
    page = page_of(request, rows, query, lambda post: post)  # type: ignore[arg-type]
    near = (
        None
        if sees_all_details(request.person)
        else staff_with_details(request.person, [post.staff_id for post in page.items])
    )
    items = [post_out(post, details=near is None or post.staff_id in near) for post in page.items]
    return page.holding(items)


def _within(unit: Unit, day: datetime.date) -> datetime.date:
    day = max(day, unit.valid_from)
    return day if unit.valid_until is None else min(day, unit.valid_until)
