"""Which year's money a list shows: the chosen year, or an earlier one of which there is money (``of=R4``).

An office that works in R5 reads the settlement of R4, whether the product knows R4 as a year or not.
"""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.parts import Tab


def money_year(request: HttpRequest) -> FiscalYear:
    """The year that the query asks for, else the chosen one."""
    try:
        return FiscalYear.parse(request.GET.get("of", ""))
    except ValueError:
        return year_of(request)


def year_views(name: str, years: Iterable[int], shown: FiscalYear) -> list[Tab]:
    """The ways to the years of which there is money, the newest first."""
    here = reverse(f"karte:{name}")
    known = sorted({*years, shown.year}, reverse=True)
    return [Tab(str(FiscalYear(y)), f"{here}?of={FiscalYear(y)}", y == shown.year) for y in known]
