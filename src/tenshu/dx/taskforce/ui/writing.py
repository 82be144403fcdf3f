"""The pages that change task forces, groups, members and meetings: the secretariat's."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.dx.taskforce import actions
from tenshu.dx.taskforce.models import Meeting, Membership, TaskForce, WorkingGroup
from tenshu.dx.taskforce.queries import access_group, access_task_force
from tenshu.dx.taskforce.ui import forms
from tenshu.ground.access.gates import signed_in
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.parts import Crumb
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind

PAGE = "ui/form_page.html"


def overview_url() -> str:
    """The room's first page."""
    return reverse("taskforce:overview")


def page_of(group: WorkingGroup) -> str:
    """The group's page."""
    return reverse("taskforce:group-detail", args=[group.pk])


def context_of(title: str, action_label: str, group: WorkingGroup | None = None) -> dict[str, Any]:
    """What every form page of the room shows."""
    trail = [Crumb("庁内DX"), Crumb("タスクフォース", overview_url())]
    back = overview_url()
    if group is not None:
        back = page_of(group)
        trail.append(Crumb(str(group), back))
    return {"title": title, "action_label": action_label, "back_url": back, "trail": trail}


def task_force_add(request: HttpRequest) -> HttpResponse:
    """Set up a task force."""
    user = signed_in(request)

    def act(values: dict[str, Any]) -> TaskForce:
        secretariat = values.pop("secretariat")
        return actions.do_set_up_task_force(TaskForce(**values), secretariat, acting_user=user)

    return answer_form(
        request,
        forms.TaskForceForm(request.POST or None),
        act,
        template=PAGE,
        context=context_of("タスクフォースを置く", "置く"),
        message="タスクフォースを置きました。次にWGを加えてください。",
        to=lambda _: overview_url(),
    )


def task_force_correct(request: HttpRequest, task_force_id: int) -> HttpResponse:
    """Change a task force."""
    user = signed_in(request)
    force = access_task_force(user, task_force_id, "write")
    names = ("name", "purpose", "valid_from", "valid_until")
    units = "\n".join(f"{item.unit.code} {item.unit.full_name}" for item in force.secretariats.select_related("unit__parent"))
    form = forms.TaskForceForm(
        request.POST or None,
        initial={name: getattr(force, name) for name in names} | {"secretariat": units},
    )

    def act(values: dict[str, Any]) -> None:
        actions.do_set_secretariat(force, values["secretariat"], acting_user=user)
        actions.do_change_task_force(force, {name: values[name] for name in names}, acting_user=user)

    return answer_form(
        request,
        form,
        act,
        template=PAGE,
        context=context_of(f"{force.name}を直す", "保存する"),
        message="保存しました。",
        to=lambda _: overview_url(),
    )


def group_add(request: HttpRequest, task_force_id: int) -> HttpResponse:
    """Set up a working group."""
    user = signed_in(request)
    force = access_task_force(user, task_force_id, "write")

    def act(values: dict[str, Any]) -> WorkingGroup:
        group = WorkingGroup(task_force=force, **forms.GroupForm.attributes(values))
        return actions.do_set_up_group(group, acting_user=user)

    return answer_form(
        request,
        forms.GroupForm(request.POST or None, initial={"valid_from": force.valid_from}),
        act,
        template=PAGE,
        context=context_of("WGを置く", "置く"),
        message="WGを置きました。次に構成所属を加えてください。",
        to=page_of,
    )


def group_correct(request: HttpRequest, group_id: int) -> HttpResponse:
    """Change a working group."""
    user = signed_in(request)
    group = access_group(user, group_id, "write")
    names = ("name", "order", "problem", "migration", "valid_from", "valid_until")
    form = forms.GroupForm(request.POST or None, initial={name: getattr(group, name) for name in names})
    return answer_form(
        request,
        form,
        lambda values: actions.do_change_group(group, forms.GroupForm.attributes(values), acting_user=user),
        template=PAGE,
        context=context_of(f"{group}を直す", "保存する", group),
        message="保存しました。",
        to=lambda _: page_of(group),
    )


def targets_set(request: HttpRequest, group_id: int) -> HttpResponse:
    """Set the target systems of a group."""
    user = signed_in(request)
    group = access_group(user, group_id, "write")
    now = "\n".join(group.targets.order_by("system__number").values_list("system__number", flat=True))
    return answer_form(
        request,
        forms.TargetsForm(request.POST or None, initial={"systems": now}),
        lambda values: actions.do_set_targets(group, values["systems"], acting_user=user),
        template=PAGE,
        context=context_of("対象システムを決める", "保存する", group),
        message="対象システムを保存しました。",
        to=lambda _: page_of(group),
    )


def member_add(request: HttpRequest, group_id: int) -> HttpResponse:
    """Let a division take part."""
    user = signed_in(request)
    group = access_group(user, group_id, "write")

    def act(values: dict[str, Any]) -> Membership:
        membership = Membership(working_group=group, order=group.memberships.count() + 1, **values)
        return actions.do_add_member(membership, acting_user=user)

    return answer_form(
        request,
        forms.MemberForm(request.POST or None, initial={"valid_from": group.valid_from}),
        act,
        template=PAGE,
        context=context_of("構成所属を加える", "加える", group),
        message="構成所属を加えました。",
        to=lambda _: page_of(group),
    )


def member_remove(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take a division out."""
    user = signed_in(request)
    membership = Membership.objects.select_related("working_group", "unit").filter(pk=membership_id).first()
    if membership is None:
        raise Http404
    group = access_group(user, membership.working_group_id, "write")
    return answer_form(
        request,
        ConfirmForm(request.POST or None),
        lambda values: actions.do_remove_member(membership, acting_user=user),
        template="ui/confirm.html",
        context={
            "title": f"{group}から{membership.unit}を外す",
            "consequence": "この所属の人は、このWGを見られなくなります。",
            "action_label": "外す",
            "back_url": page_of(group),
        },
        message="構成所属から外しました。",
        to=lambda _: page_of(group),
    )


def meeting_add(request: HttpRequest, task_force_id: int) -> HttpResponse:
    """Enter a meeting of the task force or of one of its groups."""
    user = signed_in(request)
    force = access_task_force(user, task_force_id, "write")
    form = forms.MeetingForm(request.POST or None, initial={"number": _next_number(force)})
    form.fields["working_group"].queryset = force.working_groups.all()  # type: ignore[attr-defined]

    def act(values: dict[str, Any]) -> Meeting:
        meeting = Meeting(task_force=force, working_group=values.pop("working_group"), number=values.pop("number"))
        gathering = Gathering(kind=GatheringKind.MEETING, **values)
        return actions.do_plan_meeting(meeting, gathering, acting_user=user)

    return answer_form(
        request,
        form,
        act,
        template=PAGE,
        context=context_of("会議を登録する", "登録する"),
        message="会議を登録しました。",
        to=lambda meeting: reverse("gathering:gathering-detail", args=[meeting.gathering_id]),
    )


def _next_number(force: TaskForce) -> int:
    last = force.meetings.filter(working_group__isnull=True).order_by("gathering__held_on").last()
    return last.number + 1 if last else 1
