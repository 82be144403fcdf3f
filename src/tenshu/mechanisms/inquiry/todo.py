"""What inquiries leave a person to do."""

from collections.abc import Iterator

from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.todo import TodoItem
from tenshu.mechanisms.inquiry.models import Sheet, SheetState
from tenshu.mechanisms.inquiry.queries import waiting_for

MANY = 3
"""From so many sheets of one campaign in one state on they are one item that opens the campaign."""
WORK = {
    SheetState.ANSWERING: ("に回答する", "回答する"),
    SheetState.CHECKING: ("の回答を確認する", "確認する"),
    SheetState.COLLECTING: ("の回答を受理する", "受理する"),
}


def todo_items(user: User, year: FiscalYear) -> Iterator[TodoItem]:
    """Sheets to answer, to confirm, to accept; many of one campaign are one item."""
    groups: dict[tuple[int, str], list[Sheet]] = {}
    for sheet in waiting_for(user):
        groups.setdefault((sheet.campaign_id, sheet.state), []).append(sheet)
    for (campaign, state), sheets in groups.items():
        work, label = WORK[SheetState(state)]
        if len(sheets) >= MANY:
            first = sheets[0]
            yield TodoItem(
                title=f"{first.campaign}{work}（{len(sheets):,}件）",
                url=f"{reverse('inquiry:campaign-detail', args=[campaign])}?state={state}",
                due=first.due_on,
                detail=f"{first.subject_name}ほか",
                action_label=label,
            )
            continue
        for sheet in sheets:
            yield TodoItem(
                title=f"{sheet.subject_name}{work}",
                url=reverse("inquiry:sheet-detail", args=[sheet.pk]),
                due=sheet.due_on,
                detail=f"照会「{sheet.campaign}」",
                action_label=label,
            )
