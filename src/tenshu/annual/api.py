"""The yearly report over the API."""

import datetime
from typing import Annotated, Any

from django.http import Http404
from pydantic import Field

from tenshu.annual.actions import do_close_year, do_reissue, do_write_passage
from tenshu.annual.models import Edition, Passage
from tenshu.annual.queries import report_of
from tenshu.annual.ui.forms import PassageForm, ReissueForm
from tenshu.annual.ui.writing import section_of
from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import (
    PLAIN,
    Body,
    FiscalYearOut,
    Out,
    PersonRef,
    Year,
    fiscal_year,
    opened_year,
)
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


class PassageIn(Body):
    """The free text of a section."""

    text: Annotated[str, Field(max_length=20_000), PLAIN]


class PassageOut(Out):
    """The free text of a section as it is kept."""

    year: FiscalYearOut
    section: str
    text: str
    updated_at: datetime.datetime
    updated_by: PersonRef

    @classmethod
    def of(cls, row: Passage) -> "PassageOut":
        """The text as it is answered."""
        return cls(
            year=FiscalYearOut.of(FiscalYear(row.year)),
            section=row.section,
            text=row.text,
            updated_at=row.updated_at,
            updated_by=PersonRef.of(row.updated_by),
        )


class CorrectionIn(Body):
    """Why a corrected edition is issued."""

    reason: Annotated[str, Field(min_length=1, max_length=2_000), PLAIN]


@ROUTES.get("/reports/{year}", page="annual:report", gives=ReportOut, summary="年次報告（年度）")
def report(request: ApiRequest, year: Year) -> ReportOut:
    """The newest edition of a closed year, the draft of an open one."""
    return ReportOut.model_validate(report_of(fiscal_year(year)).as_json())


@ROUTES.get("/editions", page="annual:edition-list", gives=Page[EditionOut], summary="発行した版の一覧")
def edition_list(request: ApiRequest, query: Query[Paging]) -> Page[EditionOut]:
    """Issued editions of all years, the newest first."""
    rows = Edition.objects.defer("document").select_related("issued_by").order_by("-year", "-number")
    return page_of(request, rows, query, EditionOut.of)


@ROUTES.get(
    "/editions/{int:edition_id}", page="annual:edition-detail", gives=EditionOut, summary="発行した版"
)
def edition_detail(request: ApiRequest, edition_id: int) -> EditionOut:
    """One issued edition."""
    edition = Edition.objects.defer("document").select_related("issued_by").filter(pk=edition_id).first()
    if edition is None:
        raise Http404
    return EditionOut.of(edition)


@ROUTES.put(
    "/reports/{year}/passages/{section_slug}",
    page="annual:passage-edit",
    gives=PassageOut,
    summary="年次報告の本文を書く",
)
def passage_edit(request: ApiRequest, year: Year, section_slug: str, body: PassageIn) -> PassageOut:
    """Write the free text of a section; ``section_slug`` is its number, 1-1."""
    section = section_of(section_slug)
    text = filled(PassageForm, body)["text"]
    return PassageOut.of(
        do_write_passage(opened_year(year), section.number, text, acting_user=request.person)
    )


@ROUTES.post(
    "/reports/{year}/close", page="annual:year-close", gives=EditionOut, summary="年度を締める", status=201
)
def year_close(request: ApiRequest, year: Year) -> EditionOut:
    """Close the year: figures are frozen and the first edition is issued."""
    return EditionOut.of(do_close_year(fiscal_year(year), acting_user=request.person))


@ROUTES.post(
    "/reports/{year}/editions",
    page="annual:reissue",
    gives=EditionOut,
    summary="訂正の版を発行する",
    status=201,
)
def reissue(request: ApiRequest, year: Year, body: CorrectionIn) -> EditionOut:
    """Issue a corrected edition of a closed year, with the reason."""
    reason = filled(ReissueForm, body)["reason"]
    return EditionOut.of(do_reissue(fiscal_year(year), reason, acting_user=request.person))
