"""The yearly report over the API."""

import datetime
from typing import Any

from tenshu.annual.models import Edition
from tenshu.annual.queries import report_of
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import FiscalYearOut, Out, PersonRef, Year, fiscal_year
from tenshu.ground.calendar.fiscal_year import FiscalYear

ROUTES = Routes("annual", "年次報告")


class ReportOut(Out):
    """The report of a year as plain values: parts, sections, blocks; the same as the file 年次報告_R5.json."""

    year: str
    title: str
    office: str
    state: str
    as_of: str
    parts: list[dict[str, Any]]
    figures: list[dict[str, Any]]


class EditionOut(Out):
    """The report as it was issued."""

    id: int
    year: FiscalYearOut
    number: int
    document_hash: str
    reason: str
    issued_at: datetime.datetime
    issued_by: PersonRef

    @classmethod
    def of(cls, edition: Edition) -> "EditionOut":
        """The edition as it is answered."""
        return cls(
            id=edition.pk,
            year=FiscalYearOut.of(FiscalYear(edition.year)),
            number=edition.number,
            document_hash=edition.document_hash,
            reason=edition.reason,
            issued_at=edition.issued_at,
            issued_by=PersonRef.of(edition.issued_by),
        )


@ROUTES.get("/reports/{year}", page="annual:report", gives=ReportOut, summary="年次報告（年度）")
def report(request: ApiRequest, year: Year) -> ReportOut:
    """The newest edition of a closed year, the draft of an open one."""
    return ReportOut.model_validate(report_of(fiscal_year(year)).as_json())


@ROUTES.get("/editions", page="annual:edition-list", gives=Page[EditionOut], summary="発行した版の一覧")
def edition_list(request: ApiRequest, query: Query[Paging]) -> Page[EditionOut]:
    """Issued editions of all years, the newest first."""
    rows = Edition.objects.defer("document").select_related("issued_by").order_by("-year", "-number")
    return page_of(request, rows, query, EditionOut.of)
