"""The figures of the ICT-need inquiry."""

from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.urls import reverse

from tenshu.dx.ict_needs.models import Basis
from tenshu.dx.ict_needs.queries import departments_that_answered, finished_with_effect, needs_of
from tenshu.ground.quantities import Quality
from tenshu.mechanisms.figures.measures import Outcome
from tenshu.mechanisms.figures.registry import Figure, RowColumn

SURE = frozenset({Basis.MEASURED, Basis.LOGGED})
_TASK = (
    RowColumn("番号", lambda need: need.number, sort="number"),
    RowColumn("業務", lambda need: need.task, sort="task", search="task"),
    RowColumn("所属", lambda need: need.unit.full_name, sort="unit__name", search="unit__name"),
    RowColumn("状態", lambda need: need.get_state_display(), sort="state"),
)


def hours_saved(rows: "QuerySet[Any]") -> Outcome:
    """Hours before less hours after; about (約) as soon as one of them was only reported or estimated."""
    found = rows.count()
    if not found:
        return Outcome(None, Quality.EXACT, 0)
    saved = rows.order_by().aggregate(saved=Sum(F("hours") - F("hours_after")))["saved"]
    unsure = rows.exclude(hours_basis__in=SURE, after_basis__in=SURE).exists()
    return Outcome(Decimal(saved), Quality.APPROXIMATE if unsure else Quality.EXACT, found)


FIGURES = [
    Figure(
        key="ict_needs.departments",
        label="ICT化の照会に回答した部局",
        unit="部局",
        row="回答した部局",
        definition="業務のICT化の照会に、業務を一つ以上提出した部局の数。",
        rows=departments_that_answered,
        columns=(
            RowColumn("組織コード", lambda unit: unit.code, sort="code"),
            RowColumn("部局", lambda unit: unit.name, sort="sort_order", search="name"),
        ),
        link=lambda unit: reverse("office:unit-detail", args=[unit.pk]),
    ),
    Figure(
        key="ict_needs.tasks",
        label="ICT化の要望のあった業務",
        unit="業務",
        row="提出された業務",
        definition="業務のICT化の照会で提出された業務の数。",
        rows=needs_of,
        columns=_TASK,
        link=lambda need: reverse("ict_needs:need-detail", args=[need.pk]),
    ),
    Figure(
        key="ict_needs.hours_saved",
        label="ICT化で減った時間",
        unit="時間",
        row="支援を終え、前後の時間が分かった業務",
        definition="支援を終えた業務の、支援前の年間時間から支援後の年間時間を引いた合計。増えた業務は差し引く。"
        "申告や見積りが一つでもあれば「約」とする。",
        rows=finished_with_effect,
        measure=hours_saved,
        columns=(
            *_TASK[:3],
            RowColumn("支援前（時間）", lambda need: need.hours, sort="hours"),
            RowColumn("支援後（時間）", lambda need: need.hours_after, sort="hours_after"),
            RowColumn(
                "根拠", lambda need: f"{need.get_hours_basis_display()}→{need.get_after_basis_display()}"
            ),
        ),
        link=lambda need: reverse("ict_needs:need-detail", args=[need.pk]),
    ),
]
