"""Fiscal years and closed days over the API."""

import datetime

from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import Day, Out
from tenshu.ground.calendar.models import OfficeClosure, OpenedYear

ROUTES = Routes("calendar", "年度と開庁日")


class YearOut(Out):
    """A fiscal year with records."""

    fiscal_year: str
    year: int
    label: str
    state: str
    closed_at: datetime.datetime | None


class ClosureOut(Out):
    """Days on which the office is closed."""

    id: int
    name: str
    first_day: Day
    last_day: Day
    every_year: bool


@ROUTES.get("/years", page="calendar:year-list", gives=Page[YearOut], summary="年度の一覧")
def year_list(request: ApiRequest, query: Query[Paging]) -> Page[YearOut]:
    """The years with records, the newest first; ``state`` is open or closed."""

    def shape(row: OpenedYear) -> YearOut:
        year = row.fiscal_year
        return YearOut(
            fiscal_year=year.short, year=year.year, label=year.label, state=row.state, closed_at=row.closed_at
        )

    return page_of(request, OpenedYear.objects.order_by("-year"), query, shape)


@ROUTES.get("/closures", page="calendar:year-list", gives=Page[ClosureOut], summary="閉庁日の一覧")
def closure_list(request: ApiRequest, query: Query[Paging]) -> Page[ClosureOut]:
    """Closed days beside weekends and holidays."""

    def shape(row: OfficeClosure) -> ClosureOut:
        return ClosureOut(
            id=row.pk,
            name=row.name,
            first_day=row.first_day,
            last_day=row.last_day,
            every_year=row.every_year,
        )

    return page_of(request, OfficeClosure.objects.order_by("first_day", "pk"), query, shape)
