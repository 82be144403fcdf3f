"""What inquiries tell in the yearly report: the inquiries of the year."""

from django.db.models import Count, Q

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.amounts import number_text
from tenshu.mechanisms.inquiry.figures import HANDED_IN, IN_TIME, campaigns_of, sheets_of
from tenshu.mechanisms.inquiry.models import SheetState
from tenshu.mechanisms.reporting.content import Block, ReportTable


def _campaigns(year: FiscalYear) -> list[Block]:
    """A line a campaign, in the order in which they were opened."""
    counted = {
        row["campaign"]: row
        for row in sheets_of(year)
        .values("campaign")
        .order_by()
        .annotate(
            sheets=Count("pk"),
            divisions=Count("respondent", distinct=True),
            handed=Count("pk", filter=Q(state__in=HANDED_IN)),
            timely=Count("pk", filter=Q(state__in=HANDED_IN) & IN_TIME),
            taken=Count("pk", filter=Q(state=SheetState.ACCEPTED)),
        )
    }
    rows = [
        [
            campaign.title,
            *(
                number_text(counted[campaign.pk][name])
                for name in ("divisions", "sheets", "handed", "timely", "taken")
            ),
        ]
        for campaign in campaigns_of(year).order_by("opened_at", "pk")
        if campaign.pk in counted
    ]
    headers = ["照会", "所属", "照会票", "提出", "うち期限内", "受理"]
    return [ReportTable("この年度に行った照会", headers, rows, numeric=[1, 2, 3, 4, 5])] if rows else []


BLOCKS = {"inquiry.campaigns": _campaigns}
