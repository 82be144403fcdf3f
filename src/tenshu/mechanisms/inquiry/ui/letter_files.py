"""The files of a campaign's covering letter: attached and taken off by the secretariat."""

from django.http import HttpRequest, HttpResponse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.files.queries import attachments_of
from tenshu.ground.ui.answering import answer_form
from tenshu.mechanisms.inquiry.actions.letter_files import do_change_letter_files
from tenshu.mechanisms.inquiry.queries import access_campaign
from tenshu.mechanisms.inquiry.ui.typed import FilesForm
from tenshu.mechanisms.inquiry.ui.writing import FORM_PAGE, context_of, page_of


def campaign_files(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Attach a file to the letter, or take some off."""
    user = signed_in(request)
    campaign = access_campaign(user, campaign_id, "write")
    held = {str(file.pk): file for file in attachments_of(campaign).order_by("pk")}
    form = FilesForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        names=[(key, file.name) for key, file in held.items()],
    )
    return answer_form(
        request,
        form,
        lambda values: do_change_letter_files(
            campaign, values["file"], [held[key] for key in values.get("remove", [])], acting_user=user
        ),
        template=FORM_PAGE,
        context=context_of("依頼文の添付", "保存する", campaign)
        | {"lead": "添付は、回答する人の照会票に出ます。開始の知らせにも、名前が載ります。"},
        message="添付を保存しました。",
        to=lambda _: page_of(campaign),
    )
