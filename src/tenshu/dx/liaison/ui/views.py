"""Conferences with other bodies: the year's list, one conference with its report, the series."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tenshu.dx.liaison import actions
from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.dx.liaison.queries import access_conference, access_session, sessions_held, sessions_in
from tenshu.dx.liaison.sheets import CONFERENCE_TABLE, SESSION_TABLE
from tenshu.dx.liaison.ui import forms
from tenshu.dx.liaison.ui.tables import ConferenceTable, EditableConferenceTable, SessionTable
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS, READERS
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.parts import Crumb, KeyFact, Tab
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind
from tenshu.mechanisms.gathering.queries import own_host
from tenshu.mechanisms.gathering.times import span_text
from tenshu.mechanisms.gathering.ui.excel import excel_links
from tenshu.mechanisms.gathering.ui.writing import session_initial

PAGE = "ui/form_page.html"


def _tabs(current: str) -> list[Tab]:
    names = [("overview", "開催"), ("conference-list", "会議体")]
    return [Tab(label, reverse(f"liaison:{name}"), name == current) for name, label in names]


def overview(request: HttpRequest) -> HttpResponse:
    """The year's conferences."""
    user, year = signed_in(request), year_of(request)
    reader = holds_any(user, READERS)
    facts = [
        KeyFact(
            label,
            sessions_held(year, scope).count(),
            "回",
            reverse("figures:figure-detail", args=[key]) if reader else "",
        )
        for label, scope, key in (
            ("全国の会議", Scope.NATIONAL, "liaison.national_meetings"),
            ("ブロックの会議", Scope.REGIONAL, "liaison.regional_meetings"),
        )
    ]
    context = {"year": year, "tabs": _tabs("overview"), "facts": facts, "may_write": holds_any(user, EDITORS)}
    context["excel"] = excel_links(request, [CONFERENCE_TABLE, SESSION_TABLE])
    return SessionTable(request, sessions_in(year)).respond("liaison/overview.html", context)


def session_detail(request: HttpRequest, session_id: int) -> HttpResponse:
    """One conference: outline and report back."""
    user = signed_in(request)
    session = access_session(user, session_id)
    context = {
        "session": session,
        "may_write": holds_any(user, EDITORS),
        "times": span_text(session.gathering.starts_at, session.gathering.ends_at),
        "may_open_gathering": Gathering.objects.for_user(user).filter(pk=session.gathering_id).exists(),
    }
    return render(request, "liaison/session_detail.html", context)


def conference_list(request: HttpRequest) -> HttpResponse:
    """The series."""
    may_write = holds_any(signed_in(request), EDITORS)
    table = EditableConferenceTable if may_write else ConferenceTable
    context = {
        "tabs": _tabs("conference-list"),
        "may_write": may_write,
        "excel": excel_links(request, [CONFERENCE_TABLE]),
    }
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
    form = forms.ConferenceForm(
        request.POST or None, initial={name: getattr(conference, name) for name in names}
    )
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
        gathering = Gathering(kind=GatheringKind.CONFERENCE, **_held(values))
        return actions.do_plan_session(ConferenceSession(**_own(values)), gathering, acting_user=user)

    return answer_form(
        request,
        forms.ConferenceSessionForm(request.POST or None, initial={"host": own_host(user)}),
        act,
        template=PAGE,
        context=_context("開催を登録する", "登録する", reverse("liaison:overview")),
        message="開催を登録しました。",
        to=lambda session: reverse("liaison:session-detail", args=[session.pk]),
    )


def session_correct(request: HttpRequest, session_id: int) -> HttpResponse:
    """Change which conference it is, and what, when and where."""
    user = signed_in(request)
    session = access_session(user, session_id, "write")
    back = reverse("liaison:session-detail", args=[session.pk])
    initial = session_initial(session.gathering) | {
        "conference": session.conference_id,
        "season": session.season,
    }
    return answer_form(
        request,
        forms.ConferenceSessionForm(request.POST or None, initial=initial),
        lambda values: actions.do_change_session(session, _own(values), _held(values), acting_user=user),
        template=PAGE,
        context=_context("開催を直す", "保存する", back),
        message="保存しました。",
        to=lambda _: back,
    )


_OWN = ("conference", "season")


def _own(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in _OWN}


def _held(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _OWN}


def session_report(request: HttpRequest, session_id: int) -> HttpResponse:
    """Write the report back."""
    user = signed_in(request)
    session = access_session(user, session_id, "write")
    back = reverse("liaison:session-detail", args=[session.pk])
    return answer_form(
        request,
        forms.ReportForm(request.POST or None, initial={"report_back": session.report_back}),
        lambda values: actions.do_report_back(session, values["report_back"], acting_user=user),
        template=PAGE,
        context=_context("復命を書く", "保存する", back),
        message="復命を保存しました。",
        to=lambda _: back,
    )
