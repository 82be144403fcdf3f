"""A published questionnaire and a campaign about divisions, made by the actions themselves."""

import datetime
from typing import Any

from tenshu.ground.access.models import User
from tenshu.mechanisms.inquiry.actions.campaigns import do_add_campaign, do_open_campaign
from tenshu.mechanisms.inquiry.models import Campaign, Sheet
from tenshu.mechanisms.questionnaire import actions as questionnaires
from tenshu.mechanisms.questionnaire.models import QuestionKind, Questionnaire, QuestionnaireVersion

DUE = datetime.date(2099, 6, 30)
TASKS = {
    "columns": [
        {"name": "task", "header": "業務名", "kind": "text", "required": True},
        {"name": "hours", "header": "年間時間", "kind": "integer", "unit": "時間"},
    ]
}
WISHES = {
    "options": [{"value": "rpa", "label": "RPA"}, {"value": "form", "label": "申請フォーム"}],
    "note": True,
}
QUESTIONS: list[dict[str, Any]] = [
    {"code": "Q1", "text": "困っている業務はありますか。", "kind": QuestionKind.YES_NO, "required": True},
    {"code": "Q2", "text": "どの手段を望みますか。", "kind": QuestionKind.MULTIPLE, "settings": WISHES,
     "condition": "Q1＝はい", "required": True},
    {"code": "Q3", "text": "業務を挙げてください。", "kind": QuestionKind.TABLE, "settings": TASKS,
     "condition": "Q1＝はい"},
    {"code": "Q4", "text": "対策をしていますか。", "kind": QuestionKind.PRACTICE},
    {"code": "Q5", "text": "ご意見", "kind": QuestionKind.LONG_TEXT},
    {"code": "Q6", "text": "参考になる資料があれば付けてください。", "kind": QuestionKind.FILE},
]  # fmt: skip


def published(user: User, code: str = "TRY", year: int = 2023) -> QuestionnaireVersion:
    """A published version with a question of each kind that matters here."""
    questionnaire = questionnaires.do_add_questionnaire(
        Questionnaire(code=code, title="業務のICT化", subject_kind="unit"), acting_user=user
    )
    version = questionnaires.do_add_version(questionnaire, year, acting_user=user)
    for values in QUESTIONS:
        questionnaires.do_add_question(version, values, acting_user=user)
    return questionnaires.do_publish_version(version, acting_user=user)


def campaign_of(version: QuestionnaireVersion, host: Any, user: User, **values: Any) -> Campaign:
    """A campaign that is not open yet."""
    told = {"title": "ICT化の照会", "fiscal_year": version.fiscal_year, "content": "questionnaire",
            "version": version, "subject_kind": "unit", "host": host, "due_on": DUE}  # fmt: skip
    return do_add_campaign(Campaign(**(told | values)), acting_user=user)


def opened(world: Any, **values: Any) -> tuple[Campaign, Sheet]:
    """An open campaign to all divisions, and the sheet of 人事課."""
    user = world.house.machine
    version = values.pop("version", None) or published(user)
    campaign = campaign_of(version, world.house.units["0102"], user, **values)
    do_open_campaign(campaign, acting_user=user)
    campaign.refresh_from_db()
    return campaign, campaign.sheets.get(subject_number="0101")
