"""The figures of the liaison with other prefectures."""

from django.urls import reverse

from tenshu.dx.liaison.models import Scope
from tenshu.dx.liaison.queries import sessions_held
from tenshu.engines.japanese import format_wareki
from tenshu.mechanisms.figures.registry import Figure, RowColumn

_COLUMNS = (
    RowColumn(
        "会議体",
        lambda session: session.conference.name,
        sort="conference__name",
        search="conference__name",
    ),
    RowColumn("時期", lambda session: session.season),
    RowColumn("開催日", lambda session: format_wareki(session.gathering.held_on), sort="gathering__held_on"),
    RowColumn("形式", lambda session: session.gathering.get_form_display()),
)

FIGURES = [
    Figure(
        key="liaison.national_meetings",
        label="全国の会議",
        unit="回",
        row="開催された全国の会議",
        definition="年度のあいだに開催され、参加した全国の会議の数。中止したものは数えない。",
        rows=lambda year: sessions_held(year, Scope.NATIONAL),
        columns=_COLUMNS,
        link=lambda session: reverse("liaison:session-detail", args=[session.pk]),
    ),
    Figure(
        key="liaison.regional_meetings",
        label="ブロックの会議",
        unit="回",
        row="開催されたブロックの会議",
        definition="年度のあいだに開催され、参加したブロックの会議の数。中止したものは数えない。",
        rows=lambda year: sessions_held(year, Scope.REGIONAL),
        columns=_COLUMNS,
        link=lambda session: reverse("liaison:session-detail", args=[session.pk]),
    ),
]
