"""ICT needs in and out of Excel: one row a task."""

from typing import Any

from django.db import models

from tenshu.dx.ict_needs.models import (
    Basis,
    Frequency,
    Medium,
    Need,
    NeedState,
    Procedure,
    Sensitivity,
    SupportKind,
    ToolClass,
)
from tenshu.dx.ict_needs.queries import PARENTS
from tenshu.ground.access.models import User
from tenshu.ground.access.roles import READERS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange import (
    ChoiceColumn,
    DateColumn,
    FiscalYearColumn,
    IntegerColumn,
    LongTextColumn,
    ReferenceColumn,
    TextColumn,
)
from tenshu.ground.exchange.model_table import ModelTable
from tenshu.ground.office.sheets import UNITS


class NeedTable(ModelTable):
    """業務.xlsx"""

    name = "ict-needs"
    title = "ICT化の要望"
    noun = "業務"
    label = "task"
    opens_from = "ict_needs:need-list"
    model = Need
    verb = "ict_needs.need"
    removable = True
    key = ("year", "number")
    attributes = {"year": "fiscal_year", "unit": "unit_id"}
    columns = (
        FiscalYearColumn("year", "年度", required=True),
        IntegerColumn("number", "番号", required=True, minimum=1),
        ReferenceColumn("unit", "所属コード", required=True, directory=UNITS),
        TextColumn("task", "業務名", required=True, longest=200),
        LongTextColumn("detail", "内容"),
        IntegerColumn("volume", "年間件数", unit="件"),
        IntegerColumn("hours", "年間時間", unit="時間"),
        ChoiceColumn("hours_basis", "時間の根拠", choices=Basis, default=Basis.REPORTED),
        ChoiceColumn("frequency", "頻度", choices=Frequency),
        ChoiceColumn("procedure", "手順", choices=Procedure),
        ChoiceColumn("medium", "情報の形", choices=Medium),
        TextColumn("tools", "いま使っている道具"),
        LongTextColumn("wish", "希望"),
        ChoiceColumn("sensitivity", "情報の重要さ", choices=Sensitivity, default=Sensitivity.INTERNAL),
        ChoiceColumn("tool_class", "ツールの種類", choices=ToolClass),
        ChoiceColumn("state", "状態", choices=NeedState, default=NeedState.RECEIVED),
        ChoiceColumn("support", "支援の種類", choices=SupportKind),
        LongTextColumn("decision", "判断の理由"),
        IntegerColumn("hours_after", "支援後の年間時間", unit="時間"),
        ChoiceColumn("after_basis", "支援後の時間の根拠", choices=Basis),
        DateColumn("done_on", "完了日"),
    )

    def may_export(self, user: User) -> bool:
        from tenshu.ground.access.queries import holds_any

        return holds_any(user, READERS)

    def queryset(self) -> "models.QuerySet[Need]":
        return Need.objects.select_related(PARENTS).order_by("fiscal_year", "number")

    def values_of(self, record: Need) -> dict[str, Any]:
        return super().values_of(record) | {"year": FiscalYear(record.fiscal_year)}

    def attributes_of(self, values: Any) -> dict[str, Any]:
        told = super().attributes_of(values)
        blank = {name: told[name] or "" for name in CHOICES if name in told}
        return told | blank | ({"fiscal_year": values["year"].year} if "year" in values else {})


CHOICES = ("frequency", "procedure", "medium", "tool_class", "support", "after_basis")
"""Choices that may be empty; the exchange says ``None``, the record ``""``."""

NEED_TABLE = NeedTable()
TABLES = [NEED_TABLE]
