"""Readers of the yearly report: the draft of an open year, the issued report of a closed one."""

from tenshu.annual.building import build_report
from tenshu.annual.models import Edition, Passage
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import is_closed, opened_years
from tenshu.ground.office.queries import office_name
from tenshu.mechanisms.reporting.content import ReportDocument, document_from_json


def passages_of(year: FiscalYear) -> dict[str, str]:
    """The free texts of the year by section number."""
    return dict(Passage.objects.filter(year=year.year).values_list("section", "text"))


def draft(year: FiscalYear) -> ReportDocument:
    """The report from the records as they are now, whether the year is closed or not."""
    return build_report(
        year,
        office=office_name(),
        passages=passages_of(year),
        years=[row.fiscal_year for row in opened_years()] or [year],
        state="下書き",
    )


def newest_edition(year: FiscalYear) -> Edition | None:
    """The report as it was last issued."""
    return Edition.objects.filter(year=year.year).order_by("-number").first()


def report_of(year: FiscalYear) -> ReportDocument:
    """What the office shows as its report: the newest edition of a closed year, the draft of an open one."""
    if is_closed(year) and (edition := newest_edition(year)):
        return document_from_json(edition.document)
    return draft(year)
