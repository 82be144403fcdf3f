"""The shapes of the organisation and its staff, and the way to a record that is to be changed."""

from typing import Annotated

from pydantic import Field

from tenshu.ground.access.models import User
from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.routes import ApiRequest, Routes
from tenshu.ground.api.values import (
    PLAIN,
    Body,
    Day,
    OneOf,
    Out,
    StaffRef,
    Text,
    UnitRef,
    day_asked,
)
from tenshu.ground.office.gates import access_staff, access_unit, staff_with_details
from tenshu.ground.office.models import (
    EmploymentKind,
    Post,
    PostRank,
    Staff,
    Unit,
    UnitDuty,
    UnitDutyKind,
    UnitKind,
)
from tenshu.ground.office.queries import main_posts, nearest_division

ROUTES = Routes("office", "組織と職員")
PARENTS = "parent__parent__parent"

Code = Annotated[str, Field(max_length=20), PLAIN]
Name = Annotated[str, Field(max_length=100), PLAIN]
Order = Annotated[int, Field(ge=0, le=2**31 - 1)]


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


class DutyOut(Out):
    """A charge of a unit (所掌)."""

    id: int
    unit: UnitRef
    kind: Annotated[str, OneOf(UnitDutyKind)]
    valid_from: Day
    valid_until: Day | None

    @classmethod
    def of(cls, duty: UnitDuty) -> "DutyOut":
        """The charge as it is answered."""
        return cls(
            id=duty.pk,
            unit=UnitRef.of(duty.unit),
            kind=duty.kind,
            valid_from=duty.valid_from,
            valid_until=duty.valid_until,
        )


class UnitIn(Body):
    """A new unit; ``parent`` is the code of a unit of that day."""

    valid_from: Day
    kind: Annotated[str, OneOf(UnitKind)]
    code: Code
    name: Name
    kana: Text | None = None
    parent: Text | None = None
    sort_order: Order | None = None


class UnitCorrection(Body):
    """A slip, with the reason that stands in the record."""

    reason: Annotated[str, Field(min_length=1, max_length=300), PLAIN]
    name: Name | None = None
    kana: Text | None = None
    sort_order: Order | None = None


class UnitRename(Body):
    """A new name, place or code from a day on; what is left out stays."""

    on: Day
    name: Name | None = None
    kana: Text | None = None
    parent: Text | None = None
    code: Code | None = None


class UnitEnd(Body):
    """The last day, and the codes of those who take over: the main one first; none when the unit is abolished."""

    valid_until: Day
    successors: Annotated[list[Text], Field(max_length=3)] = []
    with_children: bool = False


class DutyIn(Body):
    """A charge from a day on."""

    kind: Annotated[str, OneOf(UnitDutyKind)]
    valid_from: Day


class LastDayIn(Body):
    """The last day."""

    last_day: Day


class StaffPatch(Body):
    """Facts of a person that may be corrected."""

    name: Name | None = None
    kana: Text | None = None
    mail: Annotated[str, Field(max_length=254), PLAIN] | None = None
    employment: Annotated[str, OneOf(EmploymentKind)] | None = None
    joined_on: Day | None = None


class StaffIn(StaffPatch):
    """A new member of staff with the first post; ``unit`` is a code."""

    number: Code
    name: Name
    joined_on: Day
    unit: Text
    rank: Annotated[str, OneOf(PostRank)] = PostRank.MEMBER.value
    title: Annotated[str, Field(max_length=60), PLAIN] = ""


class TransferIn(Body):
    """A new post from a day on; ``unit`` is a code."""

    valid_from: Day
    unit: Text
    rank: Annotated[str, OneOf(PostRank)] = PostRank.MEMBER.value
    title: Annotated[str, Field(max_length=60), PLAIN] = ""
    is_officer: bool = False
    concurrent: bool = False
    keep_concurrent: bool = False


class OfficerIn(Body):
    """Whether somebody is a system officer, from a day on; without one from today on."""

    is_officer: bool
    on: Day | None = None


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


def staff_out(person: User, staff: Staff) -> StaffOut:
    """A member of staff with all posts, the newest first, as ``person`` may see it."""
    details = bool(staff_with_details(person, [staff.pk]))
    post = main_posts([staff.pk], day_asked("")).get(staff.pk)
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


def locked_unit(request: ApiRequest, unit_id: int) -> Unit:
    """The unit to be changed, locked and as the asker has read it."""
    access_unit(request.person, unit_id, "change")
    unit = Unit.objects.select_for_update(of=("self",)).select_related(PARENTS).get(pk=unit_id)
    unchanged_since(request, lambda: unit_out(unit))
    return unit


def locked_staff(request: ApiRequest, staff_id: int) -> Staff:
    """The member of staff to be changed, locked and as the asker has read it."""
    access_staff(request.person, staff_id, "change")
    staff = Staff.objects.select_for_update().get(pk=staff_id)
    unchanged_since(request, lambda: staff_out(request.person, staff))
    return staff
