"""Sessions: the list of the year, one session, its calendar file."""

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import DIVISION, EDITORS
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.files.queries import attachments_of
from tenshu.ground.ui.parts import Fact
from tenshu.ground.ui.tables import Column, Table, chip_column, date_column
from tenshu.mechanisms.gathering.calendar_file import icalendar
from tenshu.mechanisms.gathering.models import Form, Gathering, GatheringKind, GatheringState
from tenshu.mechanisms.gathering.queries import access_gathering, gatherings_in, may_write


class GatheringFilter(django_filters.FilterSet):
    """Kind, form, state."""

    kind = django_filters.ChoiceFilter(label="区分", choices=GatheringKind.choices, empty_label="すべて")
    state = django_filters.ChoiceFilter(label="状態", choices=GatheringState.choices, empty_label="すべて")
    form = django_filters.ChoiceFilter(label="開催形式", choices=Form.choices, empty_label="すべて")

    class Meta:
        model = Gathering
        fields: list[str] = []


class GatheringTable(Table[Gathering]):
    """Sessions of a year."""

    caption = "会議・研修"
    counter = "件"
    search = ("title", "place", "outline", "host__name")
    search_label = "件名・場所・概要で絞る"
    filterset_class = GatheringFilter
    default_sort = "-held_on"
    columns = (
        date_column("held_on", "開催日", sort=("held_on", "starts_at")),
        Column(
            name="title",
            label="件名",
            heading=True,
            sort=True,
            link=lambda gathering: reverse("gathering:gathering-detail", args=[gathering.pk]),
            under=lambda gathering: gathering.host.full_name,
            under_label="開催所属",
        ),
        Column(name="kind", label="区分", value=lambda gathering: gathering.get_kind_display(), sort=True),
        Column(name="form", label="開催形式", value=lambda gathering: gathering.get_form_display(), sort=True),
        Column(name="head_count", label="出席者数", numeric=True, sort="attendance_count"),
        chip_column("state", "状態", value=lambda gathering: gathering.get_state_display(), sort="state"),
        Column(name="place", label="場所", visible=False, sort=True),
        Column(name="outline", label="概要", visible=False),
    )
    empty_title = "この年度の会議・研修はありません"
    empty_text = "タスクフォースや連絡会議を登録すると、ここにも並びます。"


def gathering_list(request: HttpRequest) -> HttpResponse:
    """The sessions of the year that the person may see."""
    user, year = signed_in(request), year_of(request)
    context = {"year": year, "may_add": holds_any(user, EDITORS | DIVISION)}
    return GatheringTable(request, gatherings_in(year, user)).respond("gathering/gathering_list.html", context)


def gathering_detail(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """One session with everything that hangs on it."""
    user = signed_in(request)
    gathering = access_gathering(user, gathering_id)
    context = {
        "gathering": gathering,
        "facts": _facts(gathering),
        "agenda": gathering.agenda.all(),
        "attendances": gathering.attendances.select_related("staff", "unit__parent"),
        "decisions": gathering.decisions.all(),
        "action_items": gathering.action_items.select_related("owner_unit", "owner"),
        "materials": attachments_of(gathering),
        "may_write": may_write(user, gathering),
    }
    return render(request, "gathering/gathering_detail.html", context)


def _facts(gathering: Gathering) -> list[Fact]:
    times = ""
    if gathering.starts_at:
        times = f"{gathering.starts_at:%-H:%M}～" + (f"{gathering.ends_at:%-H:%M}" if gathering.ends_at else "")
    return [
        Fact("開催所属", gathering.host.full_name, reverse("office:unit-detail", args=[gathering.host_id])),
        Fact("時刻", times),
        Fact("開催形式", gathering.get_form_display()),
        Fact("場所", gathering.place),
        Fact("出席者数", str(gathering.head_count or "")),
    ]


def gathering_calendar(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """The session for a calendar program."""
    gathering = access_gathering(signed_in(request), gathering_id)
    text = icalendar(gathering, host=request.get_host().split(":")[0])
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    name = f"{gathering.title}.ics"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response
