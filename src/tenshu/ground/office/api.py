"""The organisation and its staff over the API, as of a day."""

import datetime
from typing import Annotated, Literal

from tenshu.ground.api.hubs import HubSectionOut, hub_of
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import (
    Day,
    Flag,
    OneOf,
    Out,
    StaffRef,
    Text,
    UnitRef,
    Year,
    day_asked,
    fiscal_year,
)
from tenshu.ground.office.gates import access_staff, access_unit, sees_all_details, staff_with_details
from tenshu.ground.office.models import Post, PostRank, Staff, Unit, UnitKind, search_form
from tenshu.ground.office.queries import (
    Organisation,
    UnitNode,
    main_posts,
    members_of,
    nearest_division,
    posts_as_of,
)

ROUTES = Routes("office", "組織と職員")
PARENTS = "parent__parent__parent"


class UnitOut(Out):
    """A unit for as long as it had this name and parent."""

    id: int
    code: str
    name: str
    kana: str
    kind: Annotated[str, OneOf(UnitKind)]
    full_name: str
    parent: UnitRef | None
    valid_from: Day
    valid_until: Day | None


class UnitBranch(Out):
    """A unit with what is below it, and the people with their main post in it or below."""

    id: int
    code: str
    name: str
    kind: Annotated[str, OneOf(UnitKind)]
    head_count: int
    children: list["UnitBranch"]


class UnitTree(Out):
    """The organisation of a day."""

    day: Day
    units: list[UnitBranch]


class PostOut(Out):
    """Where somebody works. ``mail`` and ``employment`` are null for whom it does not concern."""

    staff: StaffRef
    kana: str
    unit: UnitRef
    division: UnitRef
    rank: Annotated[str, OneOf(PostRank)]
    title: str
    is_officer: bool
    is_concurrent: bool
    valid_from: Day
    valid_until: Day | None
    mail: str | None
    employment: str | None


class StaffOut(Out):
    """A member of staff with all posts. ``mail`` and ``employment`` are null for whom it does not concern."""

    id: int
    number: str
    name: str
    kana: str
    joined_on: Day | None
    left_on: Day | None
    mail: str | None
    employment: str | None
    division: UnitRef | None
    posts: list[PostOut]


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


def unit_out(unit: Unit) -> UnitOut:
    """The unit as it is answered."""
    return UnitOut(
        id=unit.pk,
        code=unit.code,
        name=unit.name,
        kana=unit.kana,
        kind=unit.kind,
        full_name=unit.full_name,
        parent=UnitRef.of(unit.parent) if unit.parent else None,
        valid_from=unit.valid_from,
        valid_until=unit.valid_until,
    )


def post_out(post: Post, *, details: bool) -> PostOut:
    """The post as it is answered, with ``details`` for those whom they concern."""
    return PostOut(
        staff=StaffRef.of(post.staff),
        kana=post.staff.kana,
        unit=UnitRef.of(post.unit),
        division=UnitRef.of(nearest_division(post.unit) or post.unit),
        rank=post.rank,
        title=post.title,
        is_officer=post.is_officer,
        is_concurrent=post.is_concurrent,
        valid_from=post.valid_from,
        valid_until=post.valid_until,
        mail=post.staff.mail if details else None,
        employment=post.staff.employment if details else None,
    )


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
    staff: Staff = access_staff(request.person, staff_id)
    details = bool(staff_with_details(request.person, [staff.pk]))
    day = day_asked("")
    post = main_posts([staff.pk], day).get(staff.pk)
    division = nearest_division(post.unit) if post else None
    posts = staff.posts.select_related("staff", f"unit__{PARENTS}").order_by(
        "-valid_from", "is_concurrent", "pk"
    )
    return StaffOut(
        id=staff.pk,
        number=staff.number,
        name=staff.name,
        kana=staff.kana,
        joined_on=staff.joined_on,
        left_on=staff.left_on,
        mail=staff.mail if details else None,
        employment=staff.employment if details else None,
        division=UnitRef.of(division) if division else None,
        posts=[post_out(row, details=details) for row in posts],
    )


def _posts(request: ApiRequest, rows: object, query: Paging) -> Page[PostOut]:
    """A page of posts; whose details may be seen is asked for the page at once."""
    page = page_of(request, rows, query, lambda post: post)  # type: ignore[arg-type]
    near = (
        None
        if sees_all_details(request.person)
        else staff_with_details(request.person, [post.staff_id for post in page.items])
    )
    items = [post_out(post, details=near is None or post.staff_id in near) for post in page.items]
    return Page(count=page.count, next=page.next, previous=page.previous, items=items)


def _within(unit: Unit, day: datetime.date) -> datetime.date:
    day = max(day, unit.valid_from)
    return day if unit.valid_until is None else min(day, unit.valid_until)
