"""Conferences with other bodies over the API."""

from typing import Annotated, Any, Literal

from pydantic import Field

from tenshu.dx.liaison import actions
from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.dx.liaison.queries import access_conference, access_session, sessions_in
from tenshu.dx.liaison.ui import forms
from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import (
    PLAIN,
    Body,
    Clock,
    Day,
    HeadCountOut,
    LongText,
    OneOf,
    Out,
    Text,
    Year,
    fiscal_year,
)
from tenshu.mechanisms.gathering.models import Form, Gathering, GatheringKind, GatheringState
from tenshu.mechanisms.gathering.ui.writing import session_initial

ROUTES = Routes("liaison", "他団体との会議")

ScopeWord = Annotated[str, OneOf(Scope)]
ONE_SERIES = "/conferences/{int:conference_id}"
ONE = "/conference-sessions/{int:session_id}"
OWN = ("conference", "season")
"""Fields of a conference that are not the session's."""


class ConferenceOut(Out):
    """A series of conferences."""

    id: int
    name: str
    scope: ScopeWord
    organiser: str
    purpose: str

    @classmethod
    def of(cls, row: Conference) -> "ConferenceOut":
        """The series as it is answered."""
        return cls(id=row.pk, name=row.name, scope=row.scope, organiser=row.organiser, purpose=row.purpose)


class ConferenceSessionOut(Out):
    """One conference; the rest is at ``/gatherings/{gathering_id}``."""

    id: int
    conference: ConferenceOut
    season: str
    report_back: str
    gathering_id: int
    title: str
    held_on: Day
    state: Annotated[str, OneOf(GatheringState)]
    outline: str
    attendance: HeadCountOut | None

    @classmethod
    def of(cls, row: ConferenceSession) -> "ConferenceSessionOut":
        """The conference as it is answered."""
        session = row.gathering
        return cls(
            id=row.pk,
            conference=ConferenceOut.of(row.conference),
            season=row.season,
            report_back=row.report_back,
            gathering_id=session.pk,
            title=session.title,
            held_on=session.held_on,
            state=session.state,
            outline=session.outline,
            attendance=HeadCountOut.of(session.head_count),
        )


class ConferencePatch(Body):
    """What may be changed in a series."""

    name: Text | None = None
    scope: ScopeWord | None = None
    organiser: Text | None = None
    purpose: LongText | None = None


class ConferenceIn(ConferencePatch):
    """A new series."""

    name: Text
    scope: ScopeWord


class ConferenceSessionPatch(Body):
    """What may be changed in a conference; ``host`` is the code of a unit of the day."""

    conference: Annotated[int, Field(ge=1, le=2**62, description="会議体の id")] | None = None
    season: Annotated[str, Field(max_length=40), PLAIN] | None = None
    title: Text | None = None
    held_on: Day | None = None
    starts_at: Clock | None = None
    ends_at: Clock | None = None
    form: Annotated[str, OneOf(Form)] | None = None
    place: Text | None = None
    host: Text | None = None
    outline: LongText | None = None


class ConferenceSessionIn(ConferenceSessionPatch):
    """A new conference of a series."""

    conference: Annotated[int, Field(ge=1, le=2**62, description="会議体の id")]
    season: Annotated[str, Field(max_length=40), PLAIN]
    title: Text
    held_on: Day
    host: Text


class ReportBackIn(Body):
    """What was brought home."""

    report_back: LongText


class SessionQuery(Paging):
    """Which conferences of a year."""

    year: Year | Literal[""] = ""
    scope: Annotated[str, OneOf(Scope, empty=True)] = ""


@ROUTES.get("/conferences", page="liaison:conference-list", gives=Page[ConferenceOut], summary="会議体の一覧")
def conference_list(request: ApiRequest, query: Query[Paging]) -> Page[ConferenceOut]:
    """Series of conferences."""
    return page_of(request, Conference.objects.order_by("scope", "name", "pk"), query, ConferenceOut.of)


@ROUTES.get(ONE_SERIES, page="liaison:conference-list", gives=ConferenceOut, summary="会議体")
def conference_detail(request: ApiRequest, conference_id: int) -> ConferenceOut:
    """One series."""
    return ConferenceOut.of(access_conference(request.person, conference_id))


@ROUTES.post(
    "/conferences",
    page="liaison:conference-add",
    gives=ConferenceOut,
    summary="会議体を登録する",
    status=201,
)
def conference_add(request: ApiRequest, body: ConferenceIn) -> ConferenceOut:
    """Register a series."""
    series = Conference(**filled(forms.ConferenceForm, body))
    return ConferenceOut.of(actions.do_add_conference(series, acting_user=request.person))


@ROUTES.patch(ONE_SERIES, page="liaison:conference-correct", gives=ConferenceOut, summary="会議体を直す")
def conference_correct(request: ApiRequest, conference_id: int, body: ConferencePatch) -> ConferenceOut:
    """Change a series."""
    access_conference(request.person, conference_id, "write")
    series = Conference.objects.select_for_update().get(pk=conference_id)
    unchanged_since(request, lambda: ConferenceOut.of(series))
    present = {name: getattr(series, name) for name in forms.ConferenceForm.base_fields}
    values = filled(forms.ConferenceForm, body, present=present)
    actions.do_change_conference(series, values, acting_user=request.person)
    return ConferenceOut.of(series)


@ROUTES.get(
    "/conference-sessions",
    page="liaison:overview",
    gives=Page[ConferenceSessionOut],
    summary="他団体との会議の一覧（年度）",
)
def session_list(request: ApiRequest, query: Query[SessionQuery]) -> Page[ConferenceSessionOut]:
    """Conferences of a year in order of date."""
    rows = sessions_in(fiscal_year(query.year))
    if query.scope:
        rows = rows.filter(conference__scope=query.scope)
    return page_of(request, rows, query, ConferenceSessionOut.of)


@ROUTES.get(ONE, page="liaison:session-detail", gives=ConferenceSessionOut, summary="他団体との会議")
def session_detail(request: ApiRequest, session_id: int) -> ConferenceSessionOut:
    """One conference with what was brought home."""
    return ConferenceSessionOut.of(access_session(request.person, session_id))


@ROUTES.post(
    "/conference-sessions",
    page="liaison:session-add",
    gives=ConferenceSessionOut,
    summary="他団体との会議を登録する",
    status=201,
)
def session_add(request: ApiRequest, body: ConferenceSessionIn) -> ConferenceSessionOut:
    """Enter one conference."""
    values = filled(forms.ConferenceSessionForm, body, present={"form": Form.IN_PERSON.value})
    own, held = _parted(values)
    gathering = Gathering(kind=GatheringKind.CONFERENCE, **held)
    made = actions.do_plan_session(ConferenceSession(**own), gathering, acting_user=request.person)
    return ConferenceSessionOut.of(made)


@ROUTES.patch(ONE, page="liaison:session-correct", gives=ConferenceSessionOut, summary="他団体との会議を直す")
def session_correct(
    request: ApiRequest, session_id: int, body: ConferenceSessionPatch
) -> ConferenceSessionOut:
    """Change which conference it is, and what, when and where."""
    session = _locked(request, session_id)
    present: dict[str, Any] = session_initial(session.gathering)
    present |= {
        "conference": session.conference_id,
        "season": session.season,
        "host": session.gathering.host.code,
    }
    own, held = _parted(filled(forms.ConferenceSessionForm, body, present=present))
    actions.do_change_session(session, own, held, acting_user=request.person)
    return ConferenceSessionOut.of(session)


@ROUTES.put(
    f"{ONE}/report-back", page="liaison:session-report", gives=ConferenceSessionOut, summary="復命を書く"
)
def session_report(request: ApiRequest, session_id: int, body: ReportBackIn) -> ConferenceSessionOut:
    """Write down what was brought home."""
    session = _locked(request, session_id)
    report = filled(forms.ReportForm, body)["report_back"]
    actions.do_report_back(session, report, acting_user=request.person)
    return ConferenceSessionOut.of(session)


def _parted(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is the conference's own, and what the session's."""
    own = {name: values[name] for name in OWN}
    return own, {name: value for name, value in values.items() if name not in OWN}


def _locked(request: ApiRequest, session_id: int) -> ConferenceSession:
    """The conference to be changed, locked and as the asker has read it."""
    access_session(request.person, session_id, "write")
    rows = ConferenceSession.objects.select_for_update(of=("self",))
    session = rows.select_related("conference", "gathering__host__parent__parent__parent").get(pk=session_id)
    unchanged_since(request, lambda: ConferenceSessionOut.of(session))
    return session
