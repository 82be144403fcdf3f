"""Sessions: the list of the year, one session, its calendar file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import DIVISION, EDITORS
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.parts import Attached, Fact
from tenshu.mechanisms.gathering.calendar_file import icalendar
from tenshu.mechanisms.gathering.links import link_of
from tenshu.mechanisms.gathering.models import Gathering, GatheringState
from tenshu.mechanisms.gathering.queries import access_gathering, gatherings_in, may_write, units_of
from tenshu.mechanisms.gathering.sheets import TABLES
from tenshu.mechanisms.gathering.times import span_text
from tenshu.mechanisms.gathering.ui.excel import excel_links
from tenshu.mechanisms.gathering.ui.tables import (
    GatheringTable,
    action_table,
    attendance_table,
    material_table,
)


def gathering_list(request: HttpRequest) -> HttpResponse:
    """The sessions of the year that the person may see."""
    user, year = signed_in(request), year_of(request)
    context = {
        "year": year,
        "may_add": holds_any(user, EDITORS | DIVISION),
        "excel": excel_links(request, TABLES),
    }
    return GatheringTable(request, gatherings_in(year, user)).respond(
        "gathering/gathering_list.html", context
    )


def gathering_detail(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """One session with everything that hangs on it."""
    user = signed_in(request)
    gathering = access_gathering(user, gathering_id)
    writes = may_write(user, gathering)
    units = units_of(user)
    items = list(gathering.action_items.select_related("owner_unit", "owner"))
    own = frozenset(i.pk for i in items if i.owner_unit_id in units or i.owner_id == (user.staff_id or 0))
    attendances = list(gathering.attendances.select_related("staff", "unit"))
    agenda = list(gathering.agenda.all())
    room = link_of(gathering, user)
    context = {
        "gathering": gathering,
        "link": room,
        "correct_url": room.correct_url
        if room and room.correct_url
        else _url("gathering-correct", gathering),
        "facts": _facts(gathering),
        "agenda": agenda,
        "decisions": gathering.decisions.all(),
        # Who was late is for those who asked for it and those who owe it, not for every reader.
        "reminded": items if writes else [item for item in items if item.pk in own],
        "actions": action_table(request, items, may_write=writes, finishable=own),
        "attendances": attendance_table(request, attendances, may_write=writes),
        "materials": material_table(request, gathering, may_write=writes),
        "steps": _steps(gathering, removable=room is None or bool(room.correct_url)) if writes else [],
        "may_write": writes,
        "next": _next(gathering, has_agenda=bool(agenda)) if writes else None,
    }
    return render(request, "gathering/gathering_detail.html", context)


def _url(name: str, gathering: Gathering) -> str:
    return reverse(f"gathering:{name}", args=[gathering.pk])


def _next(gathering: Gathering, *, has_agenda: bool) -> tuple[str, str] | None:
    """The next thing to do with the session: label and address of the one filled button."""
    match gathering.state:
        case GatheringState.PLANNED if gathering.held_on <= timezone.localdate():
            return "開催済にする", _url("gathering-hold", gathering)
        case GatheringState.PLANNED if not has_agenda:
            return "議題を決める", _url("agenda-edit", gathering)
        case GatheringState.HELD if not gathering.minutes:
            return "議事録を書く", _url("minutes-edit", gathering)
    return None


def _steps(gathering: Gathering, *, removable: bool) -> list[Attached]:
    """What else can be done with the session: its state, its head count, its entry."""
    names = {
        GatheringState.PLANNED: [
            ("中止にする", "gathering-cancel"),
            *([("登録を消す", "gathering-remove")] if removable else []),
        ],
        GatheringState.HELD: [("出席者数を直す", "gathering-hold"), ("予定に戻す", "gathering-reopen")],
        GatheringState.CANCELLED: [("予定に戻す", "gathering-reopen")],
    }
    return [Attached(label, _url(name, gathering)) for label, name in names[GatheringState(gathering.state)]]


def _facts(gathering: Gathering) -> list[Fact]:
    return [
        Fact("開催所属", gathering.host.full_name, reverse("office:unit-detail", args=[gathering.host_id])),
        Fact("時刻", span_text(gathering.starts_at, gathering.ends_at)),
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
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return response
