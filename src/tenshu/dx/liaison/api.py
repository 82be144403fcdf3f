"""Conferences with other bodies over the API."""

from typing import Annotated, Literal

from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.dx.liaison.queries import access_session, sessions_in
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import Day, HeadCountOut, OneOf, Out, Year, fiscal_year
from tenshu.mechanisms.gathering.models import GatheringState

ROUTES = Routes("liaison", "他団体との会議")

ScopeWord = Annotated[str, OneOf(Scope)]


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


class SessionQuery(Paging):
    """Which conferences of a year."""

    year: Year | Literal[""] = ""
    scope: Annotated[str, OneOf(Scope, empty=True)] = ""


@ROUTES.get("/conferences", page="liaison:conference-list", gives=Page[ConferenceOut], summary="会議体の一覧")
def conference_list(request: ApiRequest, query: Query[Paging]) -> Page[ConferenceOut]:
    """Series of conferences."""
    return page_of(request, Conference.objects.order_by("scope", "name", "pk"), query, ConferenceOut.of)


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


@ROUTES.get(
    "/conference-sessions/{int:session_id}",
    page="liaison:session-detail",
    gives=ConferenceSessionOut,
    summary="他団体との会議",
)
def session_detail(request: ApiRequest, session_id: int) -> ConferenceSessionOut:
    """One conference with what was brought home."""
    return ConferenceSessionOut.of(access_session(request.person, session_id))
