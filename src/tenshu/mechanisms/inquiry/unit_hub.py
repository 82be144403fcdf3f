"""What inquiries put on the hub page of a division."""

from collections.abc import Iterator

from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.hub import HubSection
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Unit
from tenshu.ground.ui.parts import Attached
from tenshu.mechanisms.inquiry.board import boarded, sheet_word
from tenshu.mechanisms.inquiry.queries import sheets_for

SHOWN = 8


def sections(unit: Unit, user: User, fiscal_year: FiscalYear) -> Iterator[HubSection]:
    """The sheets of the year that the division, or what it came from, is asked to answer."""
    found = sheets_for(user).filter(
        respondent__in=with_predecessors([unit.pk]), campaign__fiscal_year=fiscal_year.year
    )
    sheets = list(boarded(found).order_by("-campaign__due_on", "subject_number", "pk"))
    rows = [
        Attached(
            f"{sheet.campaign}：{sheet.subject_name}",
            reverse("inquiry:sheet-detail", args=[sheet.pk]),
            sheet_word(sheet),
        )
        for sheet in sheets[:SHOWN]
    ]
    if rows:
        yield HubSection(
            "照会", rows, note=f"{len(sheets):,}件", url=reverse("inquiry:campaign-list"), order=20
        )
