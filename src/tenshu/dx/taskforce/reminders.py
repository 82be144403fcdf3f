"""Reminders of a working group's issues (課題)."""

import datetime
from collections.abc import Iterator

from django.urls import reverse

from tenshu.dx.taskforce.models import Issue, IssueState
from tenshu.dx.taskforce.notice_kinds import ISSUE_DUE
from tenshu.ground.notices.reminders import Debt, Ladder


def open_issues(day: datetime.date) -> Iterator[Debt]:
    """Issues with a due date that are not solved, however far it is: one that was moved away is still owed."""
    issues = (
        Issue.objects.exclude(state=IssueState.DONE)
        .filter(due__isnull=False)
        .select_related("owner", "owner_unit__parent__parent__parent")
        .order_by("due", "pk")
    )
    for issue in issues:
        if issue.due is not None:
            yield Debt(
                about=issue,
                title=issue.title[:80],
                url=reverse("taskforce:issue-detail", args=[issue.pk]),
                due=issue.due,
                unit=issue.owner_unit,
                staff=issue.owner,
            )


LADDERS = [Ladder(key="taskforce.issue", kind=ISSUE_DUE, debts=open_issues)]
