"""The ladder of sheets that are not handed in: before and on the due date whoever has it, then the head."""

import datetime
from collections.abc import Iterator

from django.urls import reverse

from tenshu.ground.notices.reminders import Debt, Ladder
from tenshu.mechanisms.inquiry.models import CampaignState, Sheet, SheetState
from tenshu.mechanisms.inquiry.notice_kinds import DUE


def debts(day: datetime.date) -> Iterator[Debt]:
    """Sheets that are being answered. What was submitted, handed on or withdrawn is no longer owed by the same."""
    waiting = Sheet.objects.filter(
        campaign__state=CampaignState.OPEN, state=SheetState.ANSWERING
    ).select_related("campaign", "respondent__parent__parent__parent", "holder_unit__parent", "holder")
    for sheet in waiting.order_by("pk"):
        yield Debt(
            about=sheet,
            title=f"{sheet.campaign.title} {sheet.subject_name}",
            url=reverse("inquiry:sheet-detail", args=[sheet.pk]),
            due=sheet.due_on,
            unit=sheet.holder_unit or sheet.respondent,
            staff=sheet.holder,
        )


LADDERS = [Ladder(key="inquiry.sheet", kind=DUE, debts=debts)]
