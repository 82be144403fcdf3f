"""Task forces, working groups, their members and meetings."""

from typing import Annotated, Literal

from pydantic import Field

from tenshu.dx.taskforce.api.shapes import (
    ROUTES,
    ForceGroup,
    GroupOut,
    GroupRef,
    MeetingOut,
    MembershipOut,
    TaskForceOut,
)
from tenshu.dx.taskforce.models import Meeting, TaskForce
from tenshu.dx.taskforce.queries import (
    access_group,
    members_of,
    secretariats_of,
    task_forces,
    visible_groups,
    visible_meetings,
)
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import DIGITS, SystemRef, UnitRef, Year, fiscal_year
from tenshu.ground.systems.models import System

ONE = "/working-groups/{int:group_id}"


class YearQuery(Paging):
    """Of which year."""

    year: Year | Literal[""] = ""


class OfGroupQuery(YearQuery):
    """Of which year, and perhaps of one group."""

    working_group: Annotated[int, Field(ge=1, le=2**62), DIGITS] | Literal[""] = ""


@ROUTES.get(
    "/task-forces",
    page="taskforce:overview",
    gives=Page[TaskForceOut],
    summary="タスクフォースの一覧（年度）",
)
def task_force_list(request: ApiRequest, query: Query[YearQuery]) -> Page[TaskForceOut]:
    """Task forces of a year with their secretariat and groups, as the report prints them."""
    year = fiscal_year(query.year)
    forces = list(task_forces(year))
    secretariats = secretariats_of(forces, year)

    def shape(force: TaskForce) -> TaskForceOut:
        return TaskForceOut(
            id=force.pk,
            name=force.name,
            purpose=force.purpose,
            valid_from=force.valid_from,
            valid_until=force.valid_until,
            secretariat=[UnitRef.of(unit) for unit in secretariats[force.pk]],
            working_groups=[
                ForceGroup(
                    id=group.pk,
                    name=str(group),
                    migration=str(group.migration),
                    system_count=group.system_count,  # type: ignore[attr-defined]
                    open_issues=group.open_issues,  # type: ignore[attr-defined]
                )
                for group in force.working_groups.all()
            ],
        )

    return page_of(request, forces, query, shape)


@ROUTES.get("/working-groups", page="taskforce:overview", gives=Page[GroupOut], summary="WGの一覧（年度）")
def group_list(request: ApiRequest, query: Query[YearQuery]) -> Page[GroupOut]:
    """Working groups of a year that the person may open."""
    year = fiscal_year(query.year)
    rows = visible_groups(request.person).within(year.start, year.end).order_by("order", "pk")
    return page_of(request, rows, query, GroupOut.of)


@ROUTES.get(ONE, page="taskforce:group-detail", gives=GroupOut, summary="WG")
def group_detail(request: ApiRequest, group_id: int) -> GroupOut:
    """One working group."""
    return GroupOut.of(access_group(request.person, group_id))


@ROUTES.get(
    f"{ONE}/systems", page="taskforce:group-detail", gives=Page[SystemRef], summary="WGの対象システム"
)
def group_systems(request: ApiRequest, group_id: int, query: Query[Paging]) -> Page[SystemRef]:
    """The systems that the group deals with."""
    group = access_group(request.person, group_id)
    rows = System.objects.filter(wg_targets__working_group=group).order_by("number")
    return page_of(request, rows, query, SystemRef.of)


@ROUTES.get(
    "/memberships", page="taskforce:overview", gives=Page[MembershipOut], summary="WGの構成所属（年度）"
)
def membership_list(request: ApiRequest, query: Query[OfGroupQuery]) -> Page[MembershipOut]:
    """Divisions that take part in the groups of a year that the person may open."""
    year = fiscal_year(query.year)
    groups = visible_groups(request.person).within(year.start, year.end).order_by("order", "pk")
    if query.working_group != "":
        groups = groups.filter(pk=query.working_group)
    members = members_of(list(groups), year)
    rows = [member for found in members.values() for member in found]
    return page_of(request, rows, query, MembershipOut.of)


@ROUTES.get(
    "/task-force-meetings",
    page="taskforce:meeting-list",
    gives=Page[MeetingOut],
    summary="タスクフォースとWGの会議（年度）",
)
def meeting_list(request: ApiRequest, query: Query[OfGroupQuery]) -> Page[MeetingOut]:
    """Meetings of a year of the groups that the person may open, and of their task forces."""
    year = fiscal_year(query.year)
    rows = visible_meetings(request.person).filter(gathering__held_on__range=(year.start, year.end))
    if query.working_group != "":
        rows = rows.filter(working_group=query.working_group)

    def shape(meeting: Meeting) -> MeetingOut:
        return MeetingOut(
            id=meeting.pk,
            task_force_id=meeting.task_force_id,
            working_group=GroupRef.of(meeting.working_group) if meeting.working_group else None,
            number=meeting.number,
            gathering_id=meeting.gathering_id,
            title=meeting.gathering.title,
            held_on=meeting.gathering.held_on,
            state=meeting.gathering.state,
        )

    rows = rows.select_related("gathering", "working_group").order_by("gathering__held_on", "number", "pk")
    return page_of(request, rows, query, shape)
