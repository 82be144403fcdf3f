"""Fiscal years and closed days over the API."""

import datetime
from typing import Annotated

from django.http import Http404
from pydantic import Field

from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import PLAIN, Body, Day, Out, Year
from tenshu.ground.calendar.actions import do_add_closure, do_open_year, do_remove_closure
from tenshu.ground.calendar.models import OfficeClosure, OpenedYear
from tenshu.ground.calendar.ui.forms import ClosureForm, YearForm

ROUTES = Routes("calendar", "年度と開庁日")


class YearOut(Out):
    """A fiscal year with records."""

    fiscal_year: str
    year: int
    label: str
    state: str
    closed_at: datetime.datetime | None

    @classmethod
    def of(cls, row: OpenedYear) -> "YearOut":
        """The year as it is answered."""
        year = row.fiscal_year
        return cls(
            fiscal_year=year.short, year=year.year, label=year.label, state=row.state, closed_at=row.closed_at
        )


class ClosureOut(Out):
    """Days on which the office is closed."""

    id: int
    name: str
    first_day: Day
    last_day: Day
    every_year: bool

    @classmethod
    def of(cls, row: OfficeClosure) -> "ClosureOut":
        """The closure as it is answered."""
        return cls(
            id=row.pk,
            name=row.name,
            first_day=row.first_day,
            last_day=row.last_day,
            every_year=row.every_year,
        )


class YearIn(Body):
    """A year to be opened: R6 or 2024."""

    year: Year


class ClosureIn(Body):
    """Days on which the office is closed; without ``last_day`` one day."""

    name: Annotated[str, Field(max_length=100), PLAIN]
    first_day: Day
    last_day: Day | None = None
    every_year: bool = False


@ROUTES.get("/years", page="calendar:year-list", gives=Page[YearOut], summary="年度の一覧")
def year_list(request: ApiRequest, query: Query[Paging]) -> Page[YearOut]:
    """The years with records, the newest first; ``state`` is open or closed."""
    return page_of(request, OpenedYear.objects.order_by("-year"), query, YearOut.of)


@ROUTES.get("/closures", page="calendar:year-list", gives=Page[ClosureOut], summary="閉庁日の一覧")
def closure_list(request: ApiRequest, query: Query[Paging]) -> Page[ClosureOut]:
    """Closed days beside weekends and holidays."""
    return page_of(request, OfficeClosure.objects.order_by("first_day", "pk"), query, ClosureOut.of)


@ROUTES.post("/years", page="calendar:year-open", gives=YearOut, summary="年度を開く", status=201)
def year_open(request: ApiRequest, body: YearIn) -> YearOut:
    """Open a year for records."""
    year = filled(YearForm, body)["year"]
    return YearOut.of(do_open_year(year, acting_user=request.person))


@ROUTES.post("/closures", page="calendar:closure-add", gives=ClosureOut, summary="閉庁日を加える", status=201)
def closure_add(request: ApiRequest, body: ClosureIn) -> ClosureOut:
    """Add days on which the office is closed."""
    return ClosureOut.of(do_add_closure(**filled(ClosureForm, body), acting_user=request.person))


@ROUTES.delete(
    "/closures/{int:closure_id}", page="calendar:closure-remove", gives=None, summary="閉庁日を外す"
)
def closure_remove(request: ApiRequest, closure_id: int) -> None:
    """Remove a closure."""
    closure = OfficeClosure.objects.select_for_update().filter(pk=closure_id).first()
    if closure is None:
        raise Http404
    do_remove_closure(closure, acting_user=request.person)
