"""The shapes of sessions and of what hangs on them, and the way to one that is to be changed."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.routes import ApiRequest, Routes
from tenshu.ground.api.values import (
    PLAIN,
    Body,
    Clock,
    Day,
    HeadCountIn,
    HeadCountOut,
    LongText,
    OneOf,
    Out,
    Reason,
    StaffRef,
    Text,
    UnitRef,
)
from tenshu.mechanisms.gathering.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    AttendanceState,
    Decision,
    Form,
    Gathering,
    GatheringKind,
    GatheringState,
)
from tenshu.mechanisms.gathering.queries import access_gathering

ROUTES = Routes("gatherings", "会議・研修")

Kind = Annotated[str, OneOf(GatheringKind)]
SessionForm = Annotated[str, OneOf(Form)]
State = Annotated[str, OneOf(GatheringState)]
Came = Annotated[str, OneOf(AttendanceState)]


def _one_line(value: str) -> str:
    if not value.strip() or len(value.splitlines()) > 1:
        raise ValueError("議題は1行で書いてください。")
    return value


class GatheringOut(Out):
    """A session."""

    id: int
    kind: Kind
    title: str
    host: UnitRef
    held_on: Day
    starts_at: str | None
    ends_at: str | None
    form: SessionForm
    place: str
    state: State
    outline: str
    minutes: str
    attendance: HeadCountOut | None


class GatheringIn(Body):
    """A session as it may be corrected; ``host`` is the code of a unit of the day."""

    title: Text | None = None
    held_on: Day | None = None
    starts_at: Clock | None = None
    ends_at: Clock | None = None
    form: SessionForm | None = None
    place: Text | None = None
    host: Text | None = None
    outline: LongText | None = None


class NewGatheringIn(GatheringIn):
    """A session that no room enters by itself."""

    kind: Kind
    title: Text
    held_on: Day
    form: SessionForm = Form.IN_PERSON.value
    host: Text


class HoldIn(Body):
    """How many came; ``null`` when nobody knows."""

    attendance: HeadCountIn | None = None


class ReasonIn(Body):
    """Why."""

    reason: Reason


class ReasonQuery(BaseModel):
    """Why something is taken away; stands in the record."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class MinutesIn(Body):
    """The minutes."""

    minutes: LongText


class AgendaItemIn(Body):
    """An item of the agenda."""

    title: Annotated[str, Field(min_length=1, max_length=300), PLAIN, AfterValidator(_one_line)]
    presenter: Text = ""


class AgendaIn(Body):
    """The whole agenda in order."""

    items: Annotated[list[AgendaItemIn], Field(max_length=200)]


class AgendaItemOut(Out):
    """An item of the agenda."""

    id: int
    order: int
    title: str
    presenter: str

    @classmethod
    def of(cls, item: AgendaItem) -> "AgendaItemOut":
        """The item as it is answered."""
        return cls(id=item.pk, order=item.order, title=item.title, presenter=item.presenter)


class AttendanceOut(Out):
    """Somebody who was asked to come."""

    id: int
    staff: StaffRef | None
    unit: UnitRef | None
    guest: str
    state: Came

    @classmethod
    def of(cls, row: Attendance) -> "AttendanceOut":
        """The attendance as it is answered."""
        return cls(
            id=row.pk,
            staff=StaffRef.of(row.staff) if row.staff else None,
            unit=UnitRef.of(row.unit) if row.unit else None,
            guest=row.guest,
            state=row.state,
        )


class AttendanceIn(Body):
    """Somebody to be asked: a member of staff by number, a unit by code, a guest by name."""

    staff: Annotated[str, Field(max_length=20), PLAIN] = ""
    unit: Text = ""
    guest: Text = ""


class MarkIn(Body):
    """Whether somebody came."""

    state: Came


class DecisionOut(Out):
    """What was decided."""

    id: int
    text: str

    @classmethod
    def of(cls, decision: Decision) -> "DecisionOut":
        """The decision as it is answered."""
        return cls(id=decision.pk, text=decision.text)


class DecisionIn(Body):
    """What was decided."""

    text: LongText


class ActionItemOut(Out):
    """What somebody has to do after a session."""

    id: int
    gathering_id: int
    text: str
    owner_unit: UnitRef
    owner: StaffRef | None
    due: Day | None
    done_on: Day | None

    @classmethod
    def of(cls, item: ActionItem) -> "ActionItemOut":
        """The item as it is answered."""
        return cls(
            id=item.pk,
            gathering_id=item.gathering_id,
            text=item.text,
            owner_unit=UnitRef.of(item.owner_unit),
            owner=StaffRef.of(item.owner) if item.owner else None,
            due=item.due,
            done_on=item.done_on,
        )


class ActionItemPatch(Body):
    """What may be changed; ``owner_unit`` is a code, ``owner`` a staff number."""

    text: LongText | None = None
    owner_unit: Text | None = None
    owner: Annotated[str, Field(max_length=20), PLAIN] | None = None
    due: Day | None = None


class ActionItemIn(ActionItemPatch):
    """Something to do."""

    text: LongText
    owner_unit: Text


class FinishIn(Body):
    """The day on which it was done; ``null`` opens it again."""

    done_on: Day | None


def gathering_out(gathering: Gathering) -> GatheringOut:
    """The session as it is answered."""
    return GatheringOut(
        id=gathering.pk,
        kind=gathering.kind,
        title=gathering.title,
        host=UnitRef.of(gathering.host),
        held_on=gathering.held_on,
        starts_at=f"{gathering.starts_at:%H:%M}" if gathering.starts_at else None,
        ends_at=f"{gathering.ends_at:%H:%M}" if gathering.ends_at else None,
        form=gathering.form,
        place=gathering.place,
        state=gathering.state,
        outline=gathering.outline,
        minutes=gathering.minutes,
        attendance=HeadCountOut.of(gathering.head_count),
    )


def locked(request: ApiRequest, gathering_id: int) -> Gathering:
    """The session to be changed, locked and as the asker has read it."""
    access_gathering(request.person, gathering_id, "write")
    gathering = Gathering.objects.select_for_update(of=("self",)).select_related("host").get(pk=gathering_id)
    unchanged_since(request, lambda: gathering_out(gathering))
    return gathering
