"""ICT needs over the API: what divisions want digitised, its score, what was decided and what came of it."""

from typing import Annotated, Any, Literal

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from pydantic import BaseModel, ConfigDict, Field

from tenshu.dx.ict_needs import actions
from tenshu.dx.ict_needs.models import (
    Basis,
    Frequency,
    Medium,
    Need,
    NeedState,
    Procedure,
    Sensitivity,
    SupportKind,
    ToolClass,
)
from tenshu.dx.ict_needs.queries import PARENTS, access_need, needs_for
from tenshu.dx.ict_needs.score_query import with_score
from tenshu.dx.ict_needs.triage import assessment_of
from tenshu.dx.ict_needs.ui.forms import DecisionForm, NeedForm, need_initial
from tenshu.dx.ict_needs.ui.writing import refuse_foreign
from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import (
    PLAIN,
    Body,
    Day,
    FiscalYearOut,
    LongText,
    OneOf,
    Out,
    Reason,
    Text,
    UnitRef,
    Year,
    fiscal_year,
    opened_year,
)
from tenshu.ground.calendar.fiscal_year import FiscalYear

ROUTES = Routes("ict-needs", "業務のICT化")
ONE = "/ict-needs/{int:need_id}"
SORTS = {"number": "number", "hours": "hours", "score": "score", "state": "state"}

Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Tools = Annotated[str, Field(max_length=300), PLAIN]


class AssessmentOut(Out):
    """Why the score is what it is: hours × repeatability × fit, for one class of tools."""

    tool_class: Annotated[str, OneOf(ToolClass)]
    repeatability: float
    fit: float
    barred: bool
    score: float | None


class NeedOut(Out):
    """A task that a division wants digitised."""

    id: int
    number: int
    year: FiscalYearOut
    unit: UnitRef
    task: str
    detail: str
    volume: int | None
    hours: int | None
    hours_basis: Annotated[str, OneOf(Basis)]
    frequency: Annotated[str, OneOf(Frequency, empty=True)]
    procedure: Annotated[str, OneOf(Procedure, empty=True)]
    medium: Annotated[str, OneOf(Medium, empty=True)]
    tools: str
    wish: str
    sensitivity: Annotated[str, OneOf(Sensitivity)]
    assessment: AssessmentOut
    tool_class: Annotated[str, OneOf(ToolClass, empty=True)]
    support: Annotated[str, OneOf(SupportKind, empty=True)]
    state: Annotated[str, OneOf(NeedState)]
    decision: str
    hours_after: int | None
    after_basis: Annotated[str, OneOf(Basis, empty=True)]
    hours_saved: int | None
    done_on: Day | None
    hearing_id: int | None
    sheet_id: int | None

    @classmethod
    def of(cls, need: Need) -> "NeedOut":
        """The need as it is answered."""
        found = assessment_of(need)
        same = {name: getattr(need, name) for name in cls.model_fields if name not in _MADE}
        return cls(
            id=need.pk,
            year=FiscalYearOut.of(FiscalYear(need.fiscal_year)),
            unit=UnitRef.of(need.unit),
            assessment=AssessmentOut(
                tool_class=found.tool,
                repeatability=found.repeatability,
                fit=found.fit,
                barred=found.barred,
                score=found.score,
            ),
            **same,
        )


_MADE = frozenset({"id", "year", "unit", "assessment"})


class NeedPatch(Body):
    """What may be changed; ``unit`` is the code of a unit of today."""

    unit: Text | None = None
    task: Text | None = None
    detail: LongText | None = None
    volume: Count | None = None
    hours: Count | None = None
    frequency: Annotated[str, OneOf(Frequency, empty=True)] | None = None
    procedure: Annotated[str, OneOf(Procedure, empty=True)] | None = None
    medium: Annotated[str, OneOf(Medium, empty=True)] | None = None
    tools: Tools | None = None
    sensitivity: Annotated[str, OneOf(Sensitivity)] | None = None
    wish: LongText | None = None


class NeedIn(NeedPatch):
    """Something that a division wants digitised."""

    unit: Text
    task: Text


class NeedDecisionIn(Body):
    """Tool, support, state and effect; what is left out stays. ``hearing`` is the number of a session."""

    tool_class: Annotated[str, OneOf(ToolClass, empty=True)] | None = None
    support: Annotated[str, OneOf(SupportKind, empty=True)] | None = None
    state: Annotated[str, OneOf(NeedState)] | None = None
    decision: LongText | None = None
    hearing: Annotated[int, Field(ge=1, le=2**62)] | None = None
    hours_basis: Annotated[str, OneOf(Basis)] | None = None
    hours_after: Count | None = None
    after_basis: Annotated[str, OneOf(Basis, empty=True)] | None = None
    done_on: Day | None = None


class NeedQuery(Paging):
    """Which needs of a year."""

    year: Year | Literal[""] = ""
    q: Text = ""
    state: Annotated[str, OneOf(NeedState, empty=True)] = ""
    tool_class: Annotated[str, OneOf(ToolClass, empty=True)] = ""
    support: Annotated[str, OneOf(SupportKind, empty=True)] = ""
    sort: Literal["score", "-score", "number", "-number", "hours", "-hours", "state", "-state"] = "-score"


class NewNeedQuery(BaseModel):
    """The year to which a need is entered; without one the newest opened year."""

    model_config = ConfigDict(extra="forbid")

    year: Year | Literal[""] = ""


class NeedReasonQuery(BaseModel):
    """Why a need is struck."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


@ROUTES.get(
    "/ict-needs", page="ict_needs:need-list", gives=Page[NeedOut], summary="ICT化の要望の一覧（年度）"
)
def need_list(request: ApiRequest, query: Query[NeedQuery]) -> Page[NeedOut]:
    """The needs of a year that the person may see, the highest score first."""
    rows = needs_for(request.person).filter(fiscal_year=fiscal_year(query.year).year)
    for word in query.q.split():
        rows = rows.filter(
            Q(task__icontains=word)
            | Q(detail__icontains=word)
            | Q(wish__icontains=word)
            | Q(unit__name__icontains=word)
        )
    for name in ("state", "tool_class", "support"):
        if given := getattr(query, name):
            rows = rows.filter(**{name: given})
    down = "-" if query.sort.startswith("-") else ""
    order = (down + SORTS[query.sort.lstrip("-")], "number", "pk")
    return page_of(request, with_score(rows.select_related(PARENTS)).order_by(*order), query, NeedOut.of)


@ROUTES.get(ONE, page="ict_needs:need-detail", gives=NeedOut, summary="ICT化の要望")
def need_detail(request: ApiRequest, need_id: int) -> NeedOut:
    """One need with its score."""
    return NeedOut.of(access_need(request.person, need_id))


@ROUTES.post(
    "/ict-needs", page="ict_needs:need-add", gives=NeedOut, summary="ICT化の要望を登録する", status=201
)
def need_add(request: ApiRequest, body: NeedIn, query: Query[NewNeedQuery]) -> NeedOut:
    """Enter a need by hand."""
    values = filled(NeedForm, body, present={"sensitivity": Sensitivity.INTERNAL.value})
    refuse_foreign(request.person, values["unit"])
    need = Need(fiscal_year=opened_year(query.year).year, **values)
    return NeedOut.of(actions.do_add_need(need, acting_user=request.person))


@ROUTES.patch(ONE, page="ict_needs:need-correct", gives=NeedOut, summary="ICT化の要望を直す")
def need_correct(request: ApiRequest, need_id: int, body: NeedPatch) -> NeedOut:
    """Change what was asked for."""
    need = _locked(request, need_id, "correct")
    values = filled(NeedForm, body, present=need_initial(need))
    refuse_foreign(request.person, values["unit"])
    actions.do_change_need(need, values, acting_user=request.person)
    return NeedOut.of(need)


@ROUTES.patch(
    f"{ONE}/decision", page="ict_needs:need-decide", gives=NeedOut, summary="要望の判断と効果を書く"
)
def need_decide(request: ApiRequest, need_id: int, body: NeedDecisionIn) -> NeedOut:
    """Write tool, support, state and effect."""
    need = _locked(request, need_id, "decide")
    present: dict[str, Any] = {name: getattr(need, name) for name in DecisionForm.base_fields}
    present["hearing"] = need.hearing_id
    values = filled(DecisionForm, body, present=present, need=need)
    actions.do_decide_need(need, values, acting_user=request.person)
    return NeedOut.of(need)


@ROUTES.delete(ONE, page="ict_needs:need-remove", gives=None, summary="ICT化の要望を消す")
def need_remove(request: ApiRequest, need_id: int, query: Query[NeedReasonQuery]) -> None:
    """Strike a need that was entered by mistake."""
    need = _locked(request, need_id, "decide")
    if need.sheet_id is not None:
        raise PermissionDenied("照会票から来た要望は、照会票で直します。")
    actions.do_remove_need(need, query.reason, acting_user=request.person)


def _locked(request: ApiRequest, need_id: int, action: str) -> Need:
    """The need to be changed, locked and as the asker has read it."""
    access_need(request.person, need_id, action)
    need = Need.objects.select_for_update(of=("self",)).select_related(PARENTS).get(pk=need_id)
    unchanged_since(request, lambda: NeedOut.of(need))
    return need
