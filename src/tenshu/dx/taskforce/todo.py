"""What task forces leave a person to do."""

from collections.abc import Iterator

from django.urls import reverse

from tenshu.dx.taskforce.models import Issue, IssueState
from tenshu.dx.taskforce.queries import units_of
from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.todo import TodoItem


def todo_items(user: User, year: FiscalYear) -> Iterator[TodoItem]:
    """Open issues of working groups that the person's units have to solve."""
    issues = (
        Issue.objects.exclude(state=IssueState.DONE)
        .filter(owner_unit_id__in=units_of(user))
        .select_related("working_group", "owner_unit")
        .order_by("due", "pk")
    )
    for issue in issues:
        yield TodoItem(
            title=issue.title,
            url=reverse("taskforce:issue-detail", args=[issue.pk]),
            due=issue.due,
            detail=f"{issue.working_group}の課題。担当：{issue.owner_unit.name}",
        )
