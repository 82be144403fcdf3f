"""Reading of the opened years."""

import datetime

from django.utils import timezone

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.models import OpenedYear


def opened_years() -> list[OpenedYear]:
    """All opened years, the newest first."""
    return list(OpenedYear.objects.order_by("-year"))


def is_closed(fiscal_year: FiscalYear) -> bool:
    """Whether the figures of ``fiscal_year`` are frozen; a year that was never opened is not."""
    return OpenedYear.objects.filter(year=fiscal_year.year, state="closed").exists()


def reference_day(fiscal_year: FiscalYear) -> datetime.date:
    """The day as of which a year is shown: today within it, else its nearer end."""
    return min(max(timezone.localdate(), fiscal_year.start), fiscal_year.end)
