"""Files of inquiries: those that go with the letter, all that a sheet holds, and a sheet as a workbook."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import Http404, HttpResponse

from tenshu.ground.api.attachments import AttachmentOut
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.api.routes import ApiRequest, File, Query, UploadedFile
from tenshu.ground.files.models import Attachment
from tenshu.ground.files.queries import attachments_of
from tenshu.mechanisms.inquiry.actions.letter_files import do_change_letter_files
from tenshu.mechanisms.inquiry.api.shapes import ROUTES, locked_campaign
from tenshu.mechanisms.inquiry.models import Answer, Sheet
from tenshu.mechanisms.inquiry.queries import access_campaign, access_sheet
from tenshu.mechanisms.inquiry.ui.workbook import workbook_download

OF_CAMPAIGN = "/campaigns/{int:campaign_id}/attachments"
OF_SHEET = "/sheets/{int:sheet_id}"


class AnswerFileOut(AttachmentOut):
    """A file that is an answer, with the question to which."""

    question_id: int


@ROUTES.get(
    OF_CAMPAIGN, page="inquiry:campaign-detail", gives=Page[AttachmentOut], summary="依頼文の添付の一覧"
)
def letter_files(request: ApiRequest, campaign_id: int, query: Query[Paging]) -> Page[AttachmentOut]:
    """The files that go with the letter."""
    campaign = access_campaign(request.person, campaign_id)
    return page_of(request, attachments_of(campaign).order_by("pk"), query, AttachmentOut.of)


@ROUTES.post(
    OF_CAMPAIGN, page="inquiry:campaign-files", gives=AttachmentOut, summary="依頼文に添付する", status=201
)
def letter_file_add(request: ApiRequest, campaign_id: int, file: File[UploadedFile]) -> AttachmentOut:
    """Attach a file to the letter, by the same inspection as on the page."""
    campaign = locked_campaign(request, campaign_id)
    do_change_letter_files(campaign, file, [], acting_user=request.person)
    return AttachmentOut.of(attachments_of(campaign).latest("pk"))


@ROUTES.delete(
    f"{OF_CAMPAIGN}/{{int:attachment_id}}",
    page="inquiry:campaign-files",
    gives=None,
    summary="依頼文の添付を外す",
)
def letter_file_remove(request: ApiRequest, campaign_id: int, attachment_id: int) -> None:
    """Take a file off the letter; the record keeps that it was there."""
    campaign = locked_campaign(request, campaign_id)
    gone = attachments_of(campaign).filter(pk=attachment_id).first()
    if gone is None:
        raise Http404
    do_change_letter_files(campaign, None, [gone], acting_user=request.person)


@ROUTES.get(
    f"{OF_SHEET}/attachments",
    page="inquiry:sheet-detail",
    gives=Page[AnswerFileOut],
    summary="照会票の回答のファイルの一覧",
)
def sheet_files(request: ApiRequest, sheet_id: int, query: Query[Paging]) -> Page[AnswerFileOut]:
    """Every file of a sheet's answers, with the question; those of the letter are at the campaign."""
    sheet = access_sheet(request.person, sheet_id)
    questions = {
        str(key): question
        for key, question in Answer.objects.filter(sheet=sheet).values_list("pk", "question_id")
    }
    rows = _of_answers(list(questions))
    page = page_of(request, rows, query, lambda row: row)
    items = [
        AnswerFileOut(**AttachmentOut.of(row).model_dump(), question_id=questions[row.target_pk])
        for row in page.items
    ]
    return page.holding(items)


def _of_answers(keys: list[str]) -> QuerySet[Attachment]:
    kind = ContentType.objects.get_for_model(Answer)
    rows = Attachment.objects.filter(target_type=kind, target_pk__in=keys).order_by("pk")
    return rows.select_related("stored", "uploaded_by")


@ROUTES.get(
    f"{OF_SHEET}/workbook", page="inquiry:sheet-workbook", gives=bytes, summary="照会票のExcel", personal=True
)
def sheet_workbook(request: ApiRequest, sheet_id: int) -> HttpResponse:
    """The sheet as a workbook (.xlsx), as its page gives it; what a room keeps itself goes out on the room's own page."""
    sheet: Sheet = access_sheet(request.person, sheet_id)
    if not sheet.campaign.version_id:
        raise ApiProblem("not-found", "この照会票のExcelは、内容を持つ画面から取り出します。")
    return workbook_download(sheet)
