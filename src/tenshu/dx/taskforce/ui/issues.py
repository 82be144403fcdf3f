"""The pages on which member divisions keep the issues and the roadmap of their group."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from tenshu.dx.taskforce import actions
from tenshu.dx.taskforce.models import Issue, IssueState, RoadmapItem
from tenshu.dx.taskforce.queries import access_group, access_issue
from tenshu.dx.taskforce.ui import forms
from tenshu.dx.taskforce.ui.writing import PAGE, context_of, page_of
from tenshu.ground.access.gates import signed_in
from tenshu.ground.office.queries import Organisation
from tenshu.ground.office.ui.choosing import unit_text
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm


def page_of_issue(issue: Issue) -> str:
    """The issue's page."""
    return reverse("taskforce:issue-detail", args=[issue.pk])


def issue_add(request: HttpRequest, group_id: int) -> HttpResponse:
    """Enter a problem."""
    user = signed_in(request)
    group = access_group(user, group_id, "work")
    return answer_form(
        request,
        forms.IssueForm(request.POST or None, initial={"opened_on": timezone.localdate()}),
        lambda values: actions.do_open_issue(Issue(working_group=group, **values), acting_user=user),
        template=PAGE,
        context=context_of("課題を登録する", "登録する", group),
        message="課題を登録しました。担当所属の「やること」に出ます。",
        to=page_of_issue,
    )


def issue_correct(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Change a problem."""
    user = signed_in(request)
    issue = access_issue(user, issue_id, "work")
    then = Organisation.on(issue.done_on or timezone.localdate())
    initial: dict[str, Any] = {name: getattr(issue, name) for name in ("title", "detail", "opened_on", "due")}
    initial["owner_unit"] = unit_text(issue.owner_unit)
    initial["system"] = issue.system.number if issue.system else ""
    initial["owner"] = issue.owner.number if issue.owner else ""
    return answer_form(
        request,
        forms.IssueForm(request.POST or None, initial=initial, organisation=then),
        lambda values: actions.do_change_issue(issue, values, acting_user=user),
        template=PAGE,
        context=context_of("課題を直す", "保存する", issue.working_group)
        | {"back_url": page_of_issue(issue)},
        message="保存しました。",
        to=lambda _: page_of_issue(issue),
    )


def issue_move(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Move a problem to another state."""
    user = signed_in(request)
    issue = access_issue(user, issue_id, "work")
    form = forms.MoveForm(request.POST or None, initial={"state": issue.state, "on": timezone.localdate()})
    return answer_form(
        request,
        form,
        lambda values: actions.do_move_issue(
            issue, IssueState(values["state"]), values["on"], acting_user=user
        ),
        template=PAGE,
        context=context_of("課題の状態を変える", "変える", issue.working_group)
        | {"back_url": page_of_issue(issue)},
        message="状態を変えました。",
        to=lambda _: page_of_issue(issue),
    )


def issue_remove(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Strike a problem that was entered by mistake."""
    user = signed_in(request)
    issue = access_issue(user, issue_id, "write")
    return answer_form(
        request,
        ConfirmForm(request.POST or None, ask_reason=True),
        lambda values: actions.do_remove_issue(issue, acting_user=user, reason=values["reason"]),
        template="ui/confirm.html",
        context={
            "title": f"課題「{issue.title}」を消す",
            "consequence": "誤って登録した課題だけを消してください。解決した課題は、状態を「完了」にします。",
            "action_label": "消す",
            "back_url": page_of_issue(issue),
        },
        message="課題を消しました。消したことは監査記録に残ります。",
        to=lambda _: page_of(issue.working_group),
    )


def roadmap_add(request: HttpRequest, group_id: int) -> HttpResponse:
    """Add a step."""
    user = signed_in(request)
    group = access_group(user, group_id, "work")
    return answer_form(
        request,
        forms.RoadmapForm(request.POST or None),
        lambda values: actions.do_add_roadmap_item(
            RoadmapItem(working_group=group, **values), acting_user=user
        ),
        template=PAGE,
        context=context_of("工程を加える", "加える", group),
        message="工程を加えました。",
        to=lambda _: page_of(group),
    )


def _access_step(request: HttpRequest, pk: int) -> RoadmapItem:
    item = RoadmapItem.objects.select_related("working_group", "system").filter(pk=pk).first()
    if item is None:
        raise Http404
    access_group(signed_in(request), item.working_group_id, "work")
    return item


def roadmap_correct(request: HttpRequest, roadmap_item_id: int) -> HttpResponse:
    """Change a step."""
    user = signed_in(request)
    item = _access_step(request, roadmap_item_id)
    initial: dict[str, Any] = {
        name: getattr(item, name) for name in ("title", "starts_on", "ends_on", "done")
    }
    initial["system"] = item.system.number if item.system else ""
    return answer_form(
        request,
        forms.RoadmapForm(request.POST or None, initial=initial),
        lambda values: actions.do_change_roadmap_item(item, values, acting_user=user),
        template=PAGE,
        context=context_of("工程を直す", "保存する", item.working_group),
        message="保存しました。",
        to=lambda _: page_of(item.working_group),
    )


def roadmap_remove(request: HttpRequest, roadmap_item_id: int) -> HttpResponse:
    """Take a step off."""
    user = signed_in(request)
    item = _access_step(request, roadmap_item_id)
    return answer_form(
        request,
        ConfirmForm(request.POST or None),
        lambda values: actions.do_remove_roadmap_item(item, acting_user=user),
        template="ui/confirm.html",
        context={
            "title": f"工程「{item.title}」を消す",
            "consequence": "ロードマップから消えます。消したことは監査記録に残ります。",
            "action_label": "消す",
            "back_url": page_of(item.working_group),
        },
        message="工程を消しました。",
        to=lambda _: page_of(item.working_group),
    )
