"""What of task forces can be found: the task forces, their working groups, the problems these work on."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse

from tenshu.dx.taskforce.models import Issue, TaskForce, WorkingGroup
from tenshu.dx.taskforce.queries import visible_groups
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import READERS
from tenshu.ground.search.sources import SearchSource, SearchText


def _task_forces(user: User) -> QuerySet[TaskForce]:
    return TaskForce.objects.all()


def _groups() -> QuerySet[WorkingGroup]:
    return WorkingGroup.objects.select_related("task_force")


def _group_text(group: WorkingGroup) -> SearchText:
    return SearchText(str(group), group.problem, on=group.valid_from)


def _groups_of(user: User) -> Iterable[str] | None:
    if holds_any(user, READERS):
        return None
    return {f"group:{pk}" for pk in visible_groups(user).values_list("pk", flat=True)}


def _issues() -> QuerySet[Issue]:
    return Issue.objects.select_related("working_group__task_force")


def _issues_for(user: User) -> QuerySet[Issue]:
    return Issue.objects.filter(working_group__in=visible_groups(user).values("pk"))


SOURCES = [
    SearchSource(
        key="task-force",
        label="タスクフォース",
        model=TaskForce,
        rows=TaskForce.objects.all,
        text=lambda force: SearchText(force.name, force.purpose, on=force.valid_from),
        url=lambda force: reverse("taskforce:overview"),
        opens="taskforce:overview",
        visible=_task_forces,
        icon="people",
        order=50,
    ),
    SearchSource(
        key="working-group",
        label="WG",
        model=WorkingGroup,
        rows=_groups,
        text=_group_text,
        url=lambda group: reverse("taskforce:group-detail", args=[group.pk]),
        under=lambda group: group.task_force.name,
        opens="taskforce:group-detail",
        visible=visible_groups,
        marks=lambda group: (f"group:{group.pk}",),
        marks_of=_groups_of,
        icon="people",
        order=51,
    ),
    SearchSource(
        key="issue",
        label="課題",
        model=Issue,
        rows=_issues,
        text=lambda issue: SearchText(issue.title, issue.detail, on=issue.opened_on),
        url=lambda issue: reverse("taskforce:issue-detail", args=[issue.pk]),
        under=lambda issue: str(issue.working_group),
        opens="taskforce:issue-detail",
        visible=_issues_for,
        marks=lambda issue: (f"group:{issue.working_group_id}",),
        marks_of=_groups_of,
        icon="triangle",
        order=52,
    ),
]
