"""Who may take out what hangs on a campaign and on an answer: whoever may read the campaign, the sheet."""

from tenshu.ground.access.models import User
from tenshu.mechanisms.inquiry.models import Answer, Campaign
from tenshu.mechanisms.inquiry.queries import campaigns_for, sheets_for


def _of_answer(user: User, answer: Answer) -> bool:
    return sheets_for(user).filter(pk=answer.sheet_id).exists()


def _of_campaign(user: User, campaign: Campaign) -> bool:
    return campaigns_for(user).filter(pk=campaign.pk).exists()


GATES = {"inquiry.answer": _of_answer, "inquiry.campaign": _of_campaign}
