"""The shapes of task forces, groups, issues and steps."""

from typing import Annotated

from pydantic import Field

from tenshu.dx.taskforce.models import Issue, IssueState, RoadmapItem, WorkingGroup
from tenshu.dx.taskforce.queries import Member
from tenshu.ground.api.routes import Routes
from tenshu.ground.api.values import (
    PLAIN,
    Body,
    Day,
    LongText,
    OneOf,
    Out,
    StaffRef,
    SystemRef,
    Text,
    UnitRef,
)
from tenshu.mechanisms.gathering.models import GatheringState

ROUTES = Routes("taskforce", "タスクフォース")

StateWord = Annotated[str, OneOf(IssueState)]
Number = Annotated[str, Field(max_length=20), PLAIN]


class GroupRef(Out):
    """A working group as others name it."""

    id: int
    name: str

    @classmethod
    def of(cls, group: WorkingGroup) -> "GroupRef":
        """The reference to ``group``."""
        return cls(id=group.pk, name=str(group))


class ForceGroup(GroupRef):
    """A group in its task force; ``migration`` is R10.1, R8～ or -."""

    migration: str
    system_count: int
    open_issues: int


class TaskForceOut(Out):
    """A task force of a year with its groups, as the report prints it."""

    id: int
    name: str
    purpose: str
    valid_from: Day
    valid_until: Day | None
    secretariat: list[UnitRef]
    working_groups: list[ForceGroup]


class MembershipOut(Out):
    """A division that takes part, under the name of the day that is shown."""

    id: int
    working_group_id: int
    unit: UnitRef
    part: str
    valid_from: Day
    valid_until: Day | None

    @classmethod
    def of(cls, member: Member) -> "MembershipOut":
        """The member as it is answered."""
        row = member.membership
        return cls(
            id=row.pk,
            working_group_id=row.working_group_id,
            unit=UnitRef.of(member.unit),
            part=row.part,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )


class GroupOut(Out):
    """A working group."""

    id: int
    name: str
    task_force_id: int
    problem: str
    migration: str
    valid_from: Day
    valid_until: Day | None

    @classmethod
    def of(cls, group: WorkingGroup) -> "GroupOut":
        """The group as it is answered."""
        return cls(
            id=group.pk,
            name=str(group),
            task_force_id=group.task_force_id,
            problem=group.problem,
            migration=str(group.migration),
            valid_from=group.valid_from,
            valid_until=group.valid_until,
        )


class MeetingOut(Out):
    """A meeting of a task force or of one of its groups; the rest is at ``/gatherings/{gathering_id}``."""

    id: int
    task_force_id: int
    working_group: GroupRef | None
    number: int
    gathering_id: int
    title: str
    held_on: Day
    state: Annotated[str, OneOf(GatheringState)]


class IssueOut(Out):
    """A problem that a working group works on."""

    id: int
    working_group: GroupRef
    system: SystemRef | None
    title: str
    detail: str
    state: StateWord
    owner_unit: UnitRef
    owner: StaffRef | None
    opened_on: Day
    due: Day | None
    done_on: Day | None

    @classmethod
    def of(cls, issue: Issue) -> "IssueOut":
        """The issue as it is answered."""
        return cls(
            id=issue.pk,
            working_group=GroupRef.of(issue.working_group),
            system=SystemRef.of(issue.system) if issue.system else None,
            title=issue.title,
            detail=issue.detail,
            state=issue.state,
            owner_unit=UnitRef.of(issue.owner_unit),
            owner=StaffRef.of(issue.owner) if issue.owner else None,
            opened_on=issue.opened_on,
            due=issue.due,
            done_on=issue.done_on,
        )


class IssuePatch(Body):
    """What may be changed; ``system`` is a number, ``owner_unit`` a code, ``owner`` a staff number."""

    title: Text | None = None
    detail: LongText | None = None
    system: Number | None = None
    owner_unit: Text | None = None
    owner: Number | None = None
    opened_on: Day | None = None
    due: Day | None = None


class IssueIn(IssuePatch):
    """A new problem."""

    title: Text
    owner_unit: Text
    opened_on: Day


class MoveIn(Body):
    """The new state and the day of the change."""

    state: StateWord
    on: Day


class RoadmapItemOut(Out):
    """A step of the roadmap; a single day is a milestone."""

    id: int
    working_group: GroupRef
    system: SystemRef | None
    title: str
    starts_on: Day
    ends_on: Day
    done: bool

    @classmethod
    def of(cls, item: RoadmapItem) -> "RoadmapItemOut":
        """The step as it is answered."""
        return cls(
            id=item.pk,
            working_group=GroupRef.of(item.working_group),
            system=SystemRef.of(item.system) if item.system else None,
            title=item.title,
            starts_on=item.starts_on,
            ends_on=item.ends_on,
            done=item.done,
        )


class RoadmapItemPatch(Body):
    """What may be changed of a step."""

    title: Text | None = None
    system: Number | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    done: bool | None = None


class RoadmapItemIn(RoadmapItemPatch):
    """A new step."""

    title: Text
    starts_on: Day
    ends_on: Day
