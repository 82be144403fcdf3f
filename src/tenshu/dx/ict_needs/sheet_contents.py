"""The inquiry's sheet of this room: a questionnaire whose table lists the tasks; accepting it takes the tasks over."""

from collections.abc import Mapping, Sequence
from typing import Any

from tenshu.dx.ict_needs.actions import do_take_needs
from tenshu.dx.ict_needs.models import Frequency, Medium, Need, Procedure, Sensitivity
from tenshu.ground.access.models import User
from tenshu.mechanisms.inquiry.models import AnswerRow, Campaign, Sheet
from tenshu.mechanisms.inquiry.sheet_contents import QuestionnaireContent
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind

TASK, HOURS = "task", "hours"
COLUMNS: list[dict[str, Any]] = [
    {"name": TASK, "header": "業務名", "kind": "text", "required": True, "longest": 200},
    {"name": "detail", "header": "内容", "kind": "long_text"},
    {"name": "volume", "header": "年間件数", "kind": "integer", "unit": "件", "minimum": 0},
    {"name": HOURS, "header": "年間時間", "kind": "integer", "unit": "時間", "minimum": 0},
    *(
        {
            "name": name,
            "header": header,
            "kind": "single",
            "options": [{"value": value, "label": label} for value, label in choices.choices],
        }
        for name, header, choices in (
            ("frequency", "頻度", Frequency),
            ("procedure", "手順", Procedure),
            ("medium", "情報の形", Medium),
            ("sensitivity", "情報の重要さ", Sensitivity),
        )
    ),
    {"name": "tools", "header": "いま使っている道具", "kind": "text"},
    {"name": "wish", "header": "希望", "kind": "long_text"},
]
"""The table of tasks as the room's own question asks it (``ICT化したい業務``)."""


class NeedContent(QuestionnaireContent):
    """Questions of a version, of which one is a table of tasks."""

    key = "ict_needs"
    label = "業務のICT化"

    def faults(self, campaign: Campaign) -> Sequence[str]:
        """Also a table with the columns 業務名 and 年間時間 is needed."""
        faults = list(super().faults(campaign))
        if not faults and task_question(campaign) is None:
            faults.append("質問票に、業務名と年間時間の列がある表の設問がありません。")
        return faults

    def accepted(self, sheet: Sheet, *, acting_user: User) -> None:
        """Take the tasks over as needs of the respondent; a sheet accepted again changes those it gave before."""
        question = task_question(sheet.campaign)
        rows = AnswerRow.objects.filter(sheet=sheet, question=question).order_by("order", "pk")
        do_take_needs([_need(sheet, row) for row in rows], acting_user=acting_user)


def task_question(campaign: Campaign) -> Question | None:
    """The table question that lists the tasks."""
    tables = Question.objects.filter(version=campaign.version_id, kind=QuestionKind.TABLE).order_by("order")
    for question in tables:
        if {TASK, HOURS} <= {column["name"] for column in question.settings.get("columns", [])}:
            return question
    return None


def _need(sheet: Sheet, row: AnswerRow) -> Need:
    values: Mapping[str, Any] = row.values
    texts = {name: str(values.get(name) or "") for name in ("detail", "tools", "wish")}
    chosen = {
        name: str(values.get(name) or "")
        for name, choices in (("frequency", Frequency), ("procedure", Procedure), ("medium", Medium))
        if str(values.get(name) or "") in choices.values
    }
    sensitivity = values.get("sensitivity")
    return Need(
        fiscal_year=sheet.campaign.fiscal_year,
        unit=sheet.respondent,
        task=str(values.get(TASK) or ""),
        volume=values.get("volume"),
        hours=values.get(HOURS),
        sensitivity=sensitivity if sensitivity in Sensitivity.values else Sensitivity.INTERNAL,
        sheet=sheet,
        row_key=row.key,
        **texts,
        **chosen,
    )


CONTENTS = [NeedContent()]
