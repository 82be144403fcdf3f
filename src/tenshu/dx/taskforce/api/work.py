"""Issues and the roadmap: what the members of a group keep."""

from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from pydantic import Field

from tenshu.dx.taskforce import actions
from tenshu.dx.taskforce.api.shapes import (
    ROUTES,
    IssueIn,
    IssueOut,
    IssuePatch,
    MoveIn,
    RoadmapItemIn,
    RoadmapItemOut,
    RoadmapItemPatch,
)
from tenshu.dx.taskforce.models import Issue, IssueState, RoadmapItem
from tenshu.dx.taskforce.queries import access_group, access_issue, visible_groups
from tenshu.dx.taskforce.ui import forms
from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import DIGITS, Text
from tenshu.ground.office.queries import Organisation
from tenshu.ground.office.ui.choosing import unit_text

GROUP = "/working-groups/{int:group_id}"
SORTS = {"due": "due", "opened_on": "opened_on", "id": "pk"}
Key = Annotated[int, Field(ge=1, le=2**62), DIGITS]


class IssueQuery(Paging):
    """Which issues."""

    q: Text = ""
    state: Literal["", "unsolved", "open", "in_progress", "done"] = ""
    working_group: Key | Literal[""] = ""
    sort: Literal["due", "-due", "opened_on", "-opened_on", "id", "-id"] = "due"


class RoadmapQuery(Paging):
    """Which steps."""

    working_group: Key | Literal[""] = ""
    done: Literal["", "true", "false"] = ""


@ROUTES.get("/issues", page="taskforce:issue-list", gives=Page[IssueOut], summary="課題の一覧")
def issue_list(request: ApiRequest, query: Query[IssueQuery]) -> Page[IssueOut]:
    """Issues of the groups that the person may open."""
    seen = visible_groups(request.person).order_by().values("pk")
    rows = Issue.objects.filter(working_group__in=seen)
    for word in query.q.split():
        rows = rows.filter(Q(title__icontains=word) | Q(detail__icontains=word))
    if query.state:
        unsolved = query.state == "unsolved"
        rows = rows.exclude(state=IssueState.DONE) if unsolved else rows.filter(state=query.state)
    if query.working_group != "":
        rows = rows.filter(working_group=query.working_group)
    down = "-" if query.sort.startswith("-") else ""
    rows = rows.select_related("working_group", "owner_unit", "owner", "system")
    return page_of(request, rows.order_by(down + SORTS[query.sort.lstrip("-")], "pk"), query, IssueOut.of)


@ROUTES.get("/issues/{int:issue_id}", page="taskforce:issue-detail", gives=IssueOut, summary="課題")
def issue_detail(request: ApiRequest, issue_id: int) -> IssueOut:
    """One issue."""
    return IssueOut.of(access_issue(request.person, issue_id))


@ROUTES.post(
    f"{GROUP}/issues", page="taskforce:issue-add", gives=IssueOut, summary="課題を登録する", status=201
)
def issue_add(request: ApiRequest, group_id: int, body: IssueIn) -> IssueOut:
    """Enter a problem."""
    group = access_group(request.person, group_id, "work")
    issue = Issue(working_group=group, **filled(forms.IssueForm, body))
    return IssueOut.of(actions.do_open_issue(issue, acting_user=request.person))


@ROUTES.patch("/issues/{int:issue_id}", page="taskforce:issue-correct", gives=IssueOut, summary="課題を直す")
def issue_correct(request: ApiRequest, issue_id: int, body: IssuePatch) -> IssueOut:
    """Change a problem."""
    issue = _locked_issue(request, issue_id)
    present: dict[str, Any] = {name: getattr(issue, name) for name in ("title", "detail", "opened_on", "due")}
    present["owner_unit"] = unit_text(issue.owner_unit)
    present["system"] = issue.system.number if issue.system else ""
    present["owner"] = issue.owner.number if issue.owner else ""
    then = Organisation.on(issue.done_on or timezone.localdate())
    values = filled(forms.IssueForm, body, present=present, organisation=then)
    actions.do_change_issue(issue, values, acting_user=request.person)
    return IssueOut.of(issue)


@ROUTES.post(
    "/issues/{int:issue_id}/move", page="taskforce:issue-move", gives=IssueOut, summary="課題の状態を変える"
)
def issue_move(request: ApiRequest, issue_id: int, body: MoveIn) -> IssueOut:
    """Move a problem to another state; its day of solution follows."""
    issue = _locked_issue(request, issue_id)
    actions.do_move_issue(issue, IssueState(body.state), body.on, acting_user=request.person)
    return IssueOut.of(issue)


@ROUTES.get("/roadmap-items", page="taskforce:roadmap", gives=Page[RoadmapItemOut], summary="工程の一覧")
def roadmap_list(request: ApiRequest, query: Query[RoadmapQuery]) -> Page[RoadmapItemOut]:
    """Steps of the groups that the person may open."""
    rows = RoadmapItem.objects.filter(
        working_group__in=visible_groups(request.person).order_by().values("pk")
    )
    if query.working_group != "":
        rows = rows.filter(working_group=query.working_group)
    if query.done:
        rows = rows.filter(done=query.done == "true")
    rows = rows.select_related("working_group", "system").order_by("starts_on", "pk")
    return page_of(request, rows, query, RoadmapItemOut.of)


@ROUTES.post(
    f"{GROUP}/roadmap-items",
    page="taskforce:roadmap-add",
    gives=RoadmapItemOut,
    summary="工程を加える",
    status=201,
)
def roadmap_add(request: ApiRequest, group_id: int, body: RoadmapItemIn) -> RoadmapItemOut:
    """Add a step."""
    group = access_group(request.person, group_id, "work")
    item = RoadmapItem(working_group=group, **filled(forms.RoadmapForm, body))
    return RoadmapItemOut.of(actions.do_add_roadmap_item(item, acting_user=request.person))


@ROUTES.patch(
    "/roadmap-items/{int:roadmap_item_id}",
    page="taskforce:roadmap-correct",
    gives=RoadmapItemOut,
    summary="工程を直す",
)
def roadmap_correct(request: ApiRequest, roadmap_item_id: int, body: RoadmapItemPatch) -> RoadmapItemOut:
    """Change a step."""
    found = RoadmapItem.objects.select_for_update(of=("self",)).select_related("working_group", "system")
    item = found.filter(pk=roadmap_item_id).first()
    if item is None:
        raise Http404
    access_group(request.person, item.working_group_id, "work")
    unchanged_since(request, lambda: RoadmapItemOut.of(item))
    present: dict[str, Any] = {
        name: getattr(item, name) for name in ("title", "starts_on", "ends_on", "done")
    }
    present["system"] = item.system.number if item.system else ""
    values = filled(forms.RoadmapForm, body, present=present)
    actions.do_change_roadmap_item(item, values, acting_user=request.person)
    return RoadmapItemOut.of(item)


def _locked_issue(request: ApiRequest, issue_id: int) -> Issue:
    """The issue to be worked on, locked and as the asker has read it."""
    access_issue(request.person, issue_id, "work")
    found = Issue.objects.select_for_update(of=("self",)).select_related(
        "working_group", "owner_unit", "owner", "system"
    )
    issue = found.get(pk=issue_id)
    unchanged_since(request, lambda: IssueOut.of(issue))
    return issue
