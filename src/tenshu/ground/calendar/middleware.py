"""Every request has a fiscal year (``fiscal_year``) and the years to choose from (``opened_years``)."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.models import OpenedYear
from tenshu.ground.calendar.queries import opened_years

PARAMETER = "nendo"
SESSION_KEY = "fiscal_year"


class FiscalYearMiddleware:
    """``?nendo=R5`` switches and is remembered in the session; without it the newest opened year holds.

    A year that is not opened, or a text that is no year, changes nothing: the page stays where it was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        years = opened_years()
        request.opened_years = years  # type: ignore[attr-defined]
        request.fiscal_year = _chosen(request, years)  # type: ignore[attr-defined]
        return self.get_response(request)


def _chosen(request: HttpRequest, years: Sequence[OpenedYear]) -> FiscalYear:
    if not years:
        return FiscalYear.containing(timezone.localdate())
    opened = {row.year for row in years}
    asked = _asked(request)
    if asked is not None and asked.year in opened:
        if request.session.get(SESSION_KEY) != asked.year:
            request.session[SESSION_KEY] = asked.year
        return asked
    remembered = request.session.get(SESSION_KEY)
    return FiscalYear(remembered if remembered in opened else max(opened))


def _asked(request: HttpRequest) -> FiscalYear | None:
    try:
        return FiscalYear.parse(request.GET.get(PARAMETER, ""))
    except ValueError:
        return None
