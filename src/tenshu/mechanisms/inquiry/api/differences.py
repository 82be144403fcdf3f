"""What differs from the previous campaign: every answer beside that of last year."""

from typing import Any, Literal

from tenshu.ground.api.paging import Page, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import Out, UnitRef
from tenshu.mechanisms.inquiry.api.compiled import ONE, CompiledQuery
from tenshu.mechanisms.inquiry.api.shapes import ROUTES
from tenshu.mechanisms.inquiry.differing import Difference, differences
from tenshu.mechanisms.inquiry.queries import access_campaign


class CampaignDifferenceOut(Out):
    """An answer that differs; of a table the number of its rows is told. A reworded question is told as ``reworded``."""

    sheet_id: int
    subject_number: str
    subject_name: str
    department: str
    respondent: UnitRef
    question_id: int
    code: str
    change: Literal["changed", "reworded", "new", "gone"]
    before: dict[str, Any]
    now: dict[str, Any]
    rows_before: int
    rows_now: int

    @classmethod
    def of(cls, one: Difference) -> "CampaignDifferenceOut":
        """The difference as it is answered."""
        sheet = one.line.sheet
        return cls(
            sheet_id=sheet.pk,
            subject_number=sheet.subject_number,
            subject_name=sheet.subject_name,
            department=one.line.department,
            respondent=UnitRef.of(sheet.respondent),
            question_id=one.question.pk,
            code=one.question.code,
            change=one.change.value,
            before=dict(one.before),
            now=dict(one.now),
            rows_before=len(one.rows_before),
            rows_now=len(one.rows_now),
        )


@ROUTES.get(
    f"{ONE}/differences",
    page="inquiry:campaign-differences",
    gives=Page[CampaignDifferenceOut],
    summary="照会の前回との違い",
)
def campaign_differences(
    request: ApiRequest, campaign_id: int, query: Query[CompiledQuery]
) -> Page[CampaignDifferenceOut]:
    """Every answer that differs from the accepted one of the previous campaign, of the sheets that the person may see."""
    campaign = access_campaign(request.person, campaign_id)
    found = differences(campaign, request.person, query.scope).found
    return page_of(request, found, query, CampaignDifferenceOut.of)
