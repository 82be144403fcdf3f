"""What of conferences with other bodies can be found: the series, and each conference with its report."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse

from tenshu.dx.liaison.models import Conference, ConferenceSession
from tenshu.ground.access.models import User
from tenshu.ground.search.sources import Following, SearchSource, SearchText
from tenshu.mechanisms.gathering.models import Gathering


def _sessions() -> QuerySet[ConferenceSession]:
    return ConferenceSession.objects.select_related("conference", "gathering")


def _session_text(session: ConferenceSession) -> SearchText:
    gathering = session.gathering
    body = f"{gathering.title}\n{gathering.outline}\n{session.report_back}"
    return SearchText(str(session), body, on=gathering.held_on)


def _sessions_at(gatherings: Sequence[Gathering]) -> QuerySet[ConferenceSession, int]:
    keys = [gathering.pk for gathering in gatherings]
    return ConferenceSession.objects.filter(gathering__in=keys).values_list("pk", flat=True)


def _sessions_of(conferences: Sequence[Conference]) -> QuerySet[ConferenceSession, int]:
    keys = [conference.pk for conference in conferences]
    return ConferenceSession.objects.filter(conference__in=keys).values_list("pk", flat=True)


def _all_conferences(user: User) -> QuerySet[Conference]:
    return Conference.objects.all()


def _all_sessions(user: User) -> QuerySet[ConferenceSession]:
    return ConferenceSession.objects.all()


def _conference_text(conference: Conference) -> SearchText:
    return SearchText(conference.name, f"{conference.organiser}\n{conference.purpose}")


SOURCES = [
    SearchSource(
        key="conference",
        label="会議体",
        model=Conference,
        rows=Conference.objects.all,
        text=_conference_text,
        url=lambda conference: reverse("liaison:conference-list"),
        under=lambda conference: conference.get_scope_display(),
        opens="liaison:conference-list",
        visible=_all_conferences,
        icon="list",
        order=60,
    ),
    SearchSource(
        key="conference-session",
        label="連絡会議",
        model=ConferenceSession,
        rows=_sessions,
        text=_session_text,
        url=lambda session: reverse("liaison:session-detail", args=[session.pk]),
        under=lambda session: session.gathering.title,
        opens="liaison:session-detail",
        visible=_all_sessions,
        follows=(Following(Gathering, _sessions_at), Following(Conference, _sessions_of)),
        icon="calendar",
        order=61,
    ),
]
