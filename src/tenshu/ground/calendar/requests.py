"""The fiscal year of a request as the calendar's middleware has set it."""

from django.http import HttpRequest

from tenshu.ground.calendar.fiscal_year import FiscalYear


def year_of(request: HttpRequest) -> FiscalYear:
    """The chosen fiscal year."""
    year: FiscalYear = request.fiscal_year  # type: ignore[attr-defined]
    return year


def opened_years_of(request: HttpRequest) -> list[FiscalYear]:
    """The opened years, oldest first; the chosen one alone before any is opened."""
    years = sorted(row.fiscal_year for row in request.opened_years)  # type: ignore[attr-defined]
    return years or [year_of(request)]
