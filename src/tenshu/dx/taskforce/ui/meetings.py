"""The meetings of task forces and groups: the list of the year, entering one, correcting one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.dx.taskforce import actions
from tenshu.dx.taskforce.models import Meeting, TaskForce, WorkingGroup
from tenshu.dx.taskforce.queries import (
    access_meeting,
    access_task_force,
    next_number,
    task_forces,
    visible_meetings,
)
from tenshu.dx.taskforce.sheets import MEETING_TABLE
from tenshu.dx.taskforce.ui import forms
from tenshu.dx.taskforce.ui.tables import MeetingTable
from tenshu.dx.taskforce.ui.tabs import tabs
from tenshu.dx.taskforce.ui.writing import PAGE, context_of
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.answering import answer_form
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind
from tenshu.mechanisms.gathering.queries import own_host
from tenshu.mechanisms.gathering.ui.excel import excel_links
from tenshu.mechanisms.gathering.ui.writing import page_of as page_of_session
from tenshu.mechanisms.gathering.ui.writing import session_initial


def meeting_list(request: HttpRequest) -> HttpResponse:
    """Meetings of task forces and groups that the person may see."""
    user, year = signed_in(request), year_of(request)
    meetings = (
        visible_meetings(user)
        .filter(gathering__held_on__range=(year.start, year.end))
        .select_related("gathering", "working_group", "task_force")
    )
    may_write = holds_any(user, EDITORS)
    context = {
        "tabs": tabs("meeting-list"),
        "year": year,
        "task_forces": list(task_forces(year)) if may_write else [],
        "excel": excel_links(request, [MEETING_TABLE]),
    }
    return MeetingTable(request, meetings).respond("taskforce/meeting_list.html", context)


def meeting_add(request: HttpRequest, task_force_id: int) -> HttpResponse:
    """Enter a meeting of the task force or, with ``?group=``, of one of its groups."""
    user = signed_in(request)
    force = access_task_force(user, task_force_id, "write")
    asked = request.GET.get("group", "")
    group = (
        force.working_groups.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 10 else None
    )
    number = next_number(force, group, year_of(request))
    first = {"number": number, "working_group": group and group.pk, "host": own_host(user)}
    form = _form(request, force, first)

    def act(values: dict[str, Any]) -> Meeting:
        meeting = Meeting(task_force=force, **_own(values))
        return actions.do_plan_meeting(
            meeting, Gathering(kind=GatheringKind.MEETING, **_session(values)), acting_user=user
        )

    return answer_form(
        request,
        form,
        act,
        template=PAGE,
        context=context_of("会議を登録する", "登録する", group),
        message="会議を登録しました。",
        to=lambda meeting: page_of_session(meeting.gathering),
    )


def meeting_correct(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Change whose meeting it is, its number, and what, when and where."""
    user = signed_in(request)
    meeting = access_meeting(user, meeting_id)
    back = page_of_session(meeting.gathering)
    own = {"number": meeting.number, "working_group": meeting.working_group_id}
    return answer_form(
        request,
        _form(request, meeting.task_force, session_initial(meeting.gathering) | own),
        lambda values: actions.do_change_meeting(meeting, _own(values), _session(values), acting_user=user),
        template=PAGE,
        context=context_of("開催を直す", "保存する", meeting.working_group) | {"back_url": back},
        message="保存しました。",
        to=lambda _: back,
    )


def meeting_url(force: TaskForce, group: WorkingGroup | None = None) -> str:
    """Where a meeting of the task force, or of one of its groups, is entered."""
    url = reverse("taskforce:meeting-add", args=[force.pk])
    return f"{url}?group={group.pk}" if group else url


def _form(request: HttpRequest, force: TaskForce, initial: dict[str, Any]) -> forms.MeetingForm:
    form = forms.MeetingForm(request.POST or None, initial=initial)
    form.fields["working_group"].queryset = force.working_groups.all()  # type: ignore[attr-defined]
    return form


_OWN = ("number", "working_group")


def _own(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in _OWN}


def _session(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _OWN}
