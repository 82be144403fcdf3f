"""What task forces put on the hub page of a system."""

from collections.abc import Iterator

from django.urls import reverse

from tenshu.dx.taskforce.models import Issue, IssueState
from tenshu.dx.taskforce.queries import visible_groups
from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.hub import HubSection
from tenshu.ground.systems.models import System
from tenshu.ground.ui.parts import Attached


def sections(system: System, user: User, fiscal_year: FiscalYear) -> Iterator[HubSection]:
    """The working groups that deal with the system, and its open problems."""
    groups = visible_groups(user).within(fiscal_year.start, fiscal_year.end).filter(targets__system=system)
    rows = [
        Attached(
            str(group), reverse("taskforce:group-detail", args=[group.pk]), f"移行時期 {group.migration}"
        )
        for group in groups
    ]
    yield HubSection("タスクフォース", rows, empty="このシステムを対象とするWGはありません。", order=20)
    issues = Issue.objects.filter(system=system, working_group__in=visible_groups(user)).exclude(
        state=IssueState.DONE
    )
    open_rows = [
        Attached(issue.title, reverse("taskforce:issue-detail", args=[issue.pk]), issue.get_state_display())
        for issue in issues
    ]
    if open_rows:
        yield HubSection("残っている課題", open_rows, order=22)
