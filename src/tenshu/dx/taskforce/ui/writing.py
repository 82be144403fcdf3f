"""The pages that change task forces, groups, members and meetings: the secretariat's."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.dx.taskforce import actions
from tenshu.dx.taskforce.models import Membership, TaskForce, WorkingGroup
from tenshu.dx.taskforce.queries import access_group, access_task_force
from tenshu.dx.taskforce.ui import forms
from tenshu.ground.access.gates import signed_in
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.parts import Crumb

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
    units = "\n".join(
        f"{item.unit.code} {item.unit.full_name}"
        for item in force.secretariats.select_related("unit__parent")
    )
    form = forms.TaskForceForm(
        request.POST or None,
        initial={name: getattr(force, name) for name in names} | {"secretariat": units},
    )

    @transaction.atomic
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


def group_remove(request: HttpRequest, group_id: int) -> HttpResponse:
    """Remove a group that was entered by mistake."""
    user = signed_in(request)
    group = access_group(user, group_id, "write")
    return answer_form(
        request,
        ConfirmForm(request.POST or None, ask_reason=True),
        lambda values: actions.do_remove_group(group, acting_user=user, reason=values["reason"]),
        template="ui/confirm.html",
        context={
            "title": f"{group}を消す",
            "consequence": "構成所属、対象システム、工程も消えます。役目を終えたWGは、消さずに終了日を入れてください。",
            "action_label": "消す",
            "back_url": page_of(group),
        },
        message="WGを消しました。消したことは監査記録に残ります。",
        to=lambda _: overview_url(),
    )


def _access_member(request: HttpRequest, pk: int) -> Membership:
    membership = Membership.objects.select_related("working_group", "unit").filter(pk=pk).first()
    if membership is None:
        raise Http404
    access_group(signed_in(request), membership.working_group_id, "write")
    return membership


def member_correct(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Change what part a division takes, and from when to when."""
    user = signed_in(request)
    membership = _access_member(request, membership_id)
    group = membership.working_group
    names = ("part", "valid_from", "valid_until")
    return answer_form(
        request,
        forms.MemberChangeForm(
            request.POST or None, initial={name: getattr(membership, name) for name in names}
        ),
        lambda values: actions.do_change_member(membership, values, acting_user=user),
        template=PAGE,
        context=context_of(f"構成所属の{membership.unit}を直す", "保存する", group),
        message="保存しました。",
        to=lambda _: page_of(group),
    )


def member_remove(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take a division out."""
    user = signed_in(request)
    membership = _access_member(request, membership_id)
    group = membership.working_group
    return answer_form(
        request,
        ConfirmForm(request.POST or None),
        lambda values: actions.do_remove_member(membership, acting_user=user),
        template="ui/confirm.html",
        context={
            "title": f"{group}から{membership.unit}を外す",
            "consequence": "誤って加えた所属だけを外してください。途中で抜けた所属には、参加の終了日を入れます。",
            "action_label": "外す",
            "back_url": page_of(group),
        },
        message="構成所属から外しました。",
        to=lambda _: page_of(group),
    )
