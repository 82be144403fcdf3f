"""The questions of a draft in and out of Excel: one row a question, scope is the version."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tenshu.ground.access.models import User
from tenshu.ground.access.roles import EDITORS, READERS
from tenshu.ground.exchange import (
    BooleanColumn,
    ChangeKind,
    ChoiceColumn,
    CodeColumn,
    ColumnSpec,
    CurrentRow,
    DecimalColumn,
    IntegerColumn,
    Key,
    LongTextColumn,
    RowChange,
    RowProblem,
    TableSpec,
    TextColumn,
)
from tenshu.mechanisms.questionnaire.actions import STEP, do_change_questions, do_remove_question
from tenshu.mechanisms.questionnaire.conditions import ConditionError, parse_condition
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind, QuestionnaireVersion
from tenshu.mechanisms.questionnaire.notation import (
    NotationError,
    columns_text,
    options_text,
    read_columns,
    read_options,
)

PLAIN = ("order", "code", "section", "text", "kind", "required", "condition", "help", "evidence", "weight")


class QuestionSheet(TableSpec):
    """設問.xlsx of one version."""

    name = "questions"
    title = "設問"
    noun = "設問"
    key = ("code",)
    label = "text"
    removable = True
    opens_from = "questionnaire:questionnaire-list"
    columns: Sequence[ColumnSpec] = (
        CodeColumn("code", "設問番号", required=True, longest=20),
        IntegerColumn("order", "順番", help="小さい順に並ぶ。空ならいちばん後"),
        TextColumn("section", "区分", longest=200),
        LongTextColumn("text", "設問", required=True),
        ChoiceColumn("kind", "回答の種類", choices=QuestionKind, required=True),
        BooleanColumn("required", "必須", words=("○", ""), default=False),
        BooleanColumn("note", "補足欄", words=("○", ""), default=False),
        LongTextColumn("options", "選択肢", help="1行に1つ。点数は「毎日｜4」のように書く"),
        LongTextColumn("table", "表の列", help="1行に1列。見出し｜種類｜必須｜単位｜選択肢"),
        TextColumn("condition", "尋ねる条件", longest=1000, help="Q1＝はい かつ 対象.部局≠総務部"),
        LongTextColumn("help", "説明"),
        LongTextColumn("evidence", "根拠資料の例"),
        DecimalColumn("weight", "重み", places=2, default=Decimal(1)),
    )

    def __init__(self, version: QuestionnaireVersion | None = None) -> None:
        self._version = version
        self.scope = str(version.pk) if version else ""

    def scoped(self, scope: str) -> TableSpec:
        version = (
            QuestionnaireVersion.objects.select_related("questionnaire").filter(pk=scope).first()
            if scope.isdecimal()
            else None
        )
        if version is None:
            raise ValueError(scope)
        return QuestionSheet(version)

    def may_export(self, user: User) -> bool:
        from tenshu.ground.access.queries import holds_any

        return self._version is not None and holds_any(user, READERS)

    def may_add(self, user: User) -> bool:
        return self._open_to(user)

    def may_change(self, user: User) -> bool:
        return self._open_to(user)

    def may_remove(self, user: User) -> bool:
        return self._open_to(user)

    def _open_to(self, user: User) -> bool:
        from tenshu.ground.access.queries import holds_any

        return self._version is not None and not self._version.is_published and holds_any(user, EDITORS)

    def rows(self, user: User) -> Iterable[CurrentRow]:
        return (self._row(question) for question in self._questions().order_by("order", "pk"))

    def current(self, keys: Collection[Key]) -> Mapping[Key, CurrentRow]:
        found = self._questions().filter(code__in={key[0] for key in keys})
        return {(question.code,): self._row(question) for question in found}

    def _questions(self) -> Any:
        return Question.objects.filter(version=self._version) if self._version else Question.objects.none()

    def _row(self, question: Question) -> CurrentRow:
        values = {name: getattr(question, name) for name in PLAIN} | {
            "note": bool(question.settings.get("note")),
            "options": options_text(question.settings),
            "table": columns_text(question.settings),
        }
        return CurrentRow(question.pk, values)

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        for name, read in (("options", read_options), ("table", read_columns)):
            try:
                read(row.values[name], [])
            except NotationError as error:
                yield RowProblem(name, str(error))
        if row.values["condition"].strip():
            try:
                parse_condition(row.values["condition"])
            except ConditionError as error:
                yield RowProblem("condition", f"条件が読めません。{error}")

    def save(self, changes: Sequence[RowChange], *, acting_user: User) -> None:
        if self._version is None:
            raise ValueError("The sheet has no version.")
        held = Question.objects.in_bulk([change.pk for change in changes if change.pk])
        changed, added = [], []
        last = max(self._questions().values_list("order", flat=True), default=0)
        for change in changes:
            question = held.get(change.pk) if change.pk else None
            if change.kind == ChangeKind.REMOVE and question is not None:
                do_remove_question(question, acting_user=acting_user)
                continue
            values = _values(change.values, question.settings if question else {})
            if question is not None:
                if values["order"] is None:
                    values["order"] = question.order
                changed.append((question, values))
            else:
                last += STEP
                values["order"] = last if values["order"] is None else values["order"]
                added.append(Question(version=self._version, **values))
        do_change_questions(self._version, changed, added, acting_user=acting_user)


def _values(row: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in settings.items() if name not in ("options", "columns", "note")}
    if options := read_options(row["options"], settings.get("options", [])):
        kept["options"] = options
    if columns := read_columns(row["table"], settings.get("columns", [])):
        kept["columns"] = columns
    if row["note"]:
        kept["note"] = True
    condition = row["condition"].strip()
    return {name: row[name] for name in PLAIN} | {
        "settings": kept,
        "condition": str(parse_condition(condition)) if condition else "",
    }


QUESTIONS = QuestionSheet()
TABLES = [QUESTIONS]
