"""Conferences with other bodies: the year's list, one conference with its report, the series."""

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tenshu.dx.liaison import actions
from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.dx.liaison.queries import access_conference, access_session, sessions_held, sessions_in
from tenshu.dx.liaison.ui import forms
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS, READERS
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.parts import Crumb, KeyFact, Tab
from tenshu.ground.ui.tables import Column, Table, chip_column, date_column
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind

PAGE = "ui/form_page.html"


def _tabs(current: str) -> list[Tab]:
    names = [("overview", "開催"), ("conference-list", "会議体")]
    return [Tab(label, reverse(f"liaison:{name}"), name == current) for name, label in names]


class SessionFilter(django_filters.FilterSet):
    """Scope."""

    scope = django_filters.ChoiceFilter(
        label="範囲", field_name="conference__scope", choices=Scope.choices, empty_label="すべて"
    )

    class Meta:
        model = ConferenceSession
        fields: list[str] = []


class SessionTable(Table[ConferenceSession]):
    """Conferences of the year."""

    caption = "他団体との会議"
    counter = "回"
    search = ("conference__name", "season", "gathering__outline", "gathering__place")
    search_label = "会議体・概要・場所で絞る"
    filterset_class = SessionFilter
    default_sort = "held_on"
    columns = (
        date_column("held_on", "開催日", value=lambda row: row.gathering.held_on, sort="gathering__held_on", shape="long"),
        Column(
            name="conference",
            label="会議体",
            heading=True,
            value=lambda row: row.conference.name,
            sort=("conference__name", "gathering__held_on"),
            link=lambda row: reverse("liaison:session-detail", args=[row.pk]),
            under=lambda row: row.season,
            under_label="時期",
        ),
        Column(name="scope", label="範囲", value=lambda row: row.conference.get_scope_display(), sort="conference__scope"),
        Column(name="form", label="形式", value=lambda row: row.gathering.get_form_display()),
        chip_column("state", "状態", value=lambda row: row.gathering.get_state_display()),
        Column(name="reported", label="復命", value=lambda row: "あり" if row.report_back else None),
        Column(name="outline", label="概要", value=lambda row: row.gathering.outline, visible=False),
    )
    empty_title = "この年度の会議はありません"
    empty_text = "参加した会議を登録すると、開催日の順に並びます。"


def overview(request: HttpRequest) -> HttpResponse:
    """The year's conferences."""
    user, year = signed_in(request), year_of(request)
    reader = holds_any(user, READERS)
    facts = [
        KeyFact(label, sessions_held(year, scope).count(), "回", reverse("figures:figure-detail", args=[key]) if reader else "")
        for label, scope, key in (
            ("全国の会議", Scope.NATIONAL, "liaison.national_meetings"),
            ("ブロックの会議", Scope.REGIONAL, "liaison.regional_meetings"),
        )
    ]
    context = {"year": year, "tabs": _tabs("overview"), "facts": facts, "may_write": holds_any(user, EDITORS)}
    return SessionTable(request, sessions_in(year)).respond("liaison/overview.html", context)


def session_detail(request: HttpRequest, session_id: int) -> HttpResponse:
    """One conference: outline and report back."""
    user = signed_in(request)
    session = access_session(user, session_id)
    context = {
        "session": session,
        "may_write": holds_any(user, EDITORS),
        "may_open_gathering": Gathering.objects.for_user(user).filter(pk=session.gathering_id).exists(),
    }
    return render(request, "liaison/session_detail.html", context)


class ConferenceTable(Table[Conference]):
    """Series of conferences."""

    caption = "会議体"
    counter = "の会議体"
    search = ("name", "organiser")
    search_label = "会議体・主催で絞る"
    default_sort = "name"
    columns = (
        Column(name="name", label="会議体", heading=True, sort=True),
        Column(name="scope", label="範囲", value=lambda row: row.get_scope_display(), sort=True),
        Column(name="organiser", label="主催", sort=True),
        Column(name="purpose", label="目的"),
    )
    empty_title = "会議体はまだありません"
    empty_text = "会議体を登録すると、開催を記録できます。"


class EditableConferenceTable(ConferenceTable):
    """The same with links to correct, for those who may."""

    columns = (
        Column(
            name="name",
            label="会議体",
            heading=True,
            sort=True,
            link=lambda row: reverse("liaison:conference-correct", args=[row.pk]),
        ),
        *ConferenceTable.columns[1:],
    )


def conference_list(request: HttpRequest) -> HttpResponse:
    """The series."""
    may_write = holds_any(signed_in(request), EDITORS)
    table = EditableConferenceTable if may_write else ConferenceTable
    context = {"tabs": _tabs("conference-list"), "may_write": may_write}
    return table(request, Conference.objects.all()).respond("liaison/conference_list.html", context)


def _context(title: str, action_label: str, back: str) -> dict[str, Any]:
    trail = [Crumb("庁内DX"), Crumb("他都道府県との連絡調整", reverse("liaison:overview"))]
    return {"title": title, "action_label": action_label, "back_url": back, "trail": trail}


def conference_add(request: HttpRequest) -> HttpResponse:
    """Register a series."""
    user, back = signed_in(request), reverse("liaison:conference-list")
    return answer_form(
        request,
        forms.ConferenceForm(request.POST or None),
        lambda values: actions.do_add_conference(Conference(**values), acting_user=user),
        template=PAGE,
        context=_context("会議体を登録する", "登録する", back),
        message="会議体を登録しました。",
        to=lambda _: back,
    )


def conference_correct(request: HttpRequest, conference_id: int) -> HttpResponse:
    """Change a series."""
    user, back = signed_in(request), reverse("liaison:conference-list")
    conference = access_conference(user, conference_id, "write")
    names = ("name", "scope", "organiser", "purpose")
    form = forms.ConferenceForm(request.POST or None, initial={name: getattr(conference, name) for name in names})
    return answer_form(
        request,
        form,
        lambda values: actions.do_change_conference(conference, values, acting_user=user),
        template=PAGE,
        context=_context("会議体を直す", "保存する", back),
        message="保存しました。",
        to=lambda _: back,
    )


def session_add(request: HttpRequest) -> HttpResponse:
    """Enter one conference."""
    user = signed_in(request)

    def act(values: dict[str, Any]) -> ConferenceSession:
        session = ConferenceSession(conference=values.pop("conference"), season=values.pop("season"))
        return actions.do_plan_session(session, Gathering(kind=GatheringKind.CONFERENCE, **values), acting_user=user)

    return answer_form(
        request,
        forms.ConferenceSessionForm(request.POST or None),
        act,
        template=PAGE,
        context=_context("開催を登録する", "登録する", reverse("liaison:overview")),
        message="開催を登録しました。",
        to=lambda session: reverse("liaison:session-detail", args=[session.pk]),
    )


def session_report(request: HttpRequest, session_id: int) -> HttpResponse:
    """Write the report back."""
    user = signed_in(request)
    session = access_session(user, session_id, "write")
    back = reverse("liaison:session-detail", args=[session.pk])
    return answer_form(
        request,
        forms.ReportForm(request.POST or None, initial={"report_back": session.report_back}),
        lambda values: actions.do_change_session(session, values, acting_user=user),
        template=PAGE,
        context=_context("復命を書く", "保存する", back),
        message="復命を保存しました。",
        to=lambda _: back,
    )
