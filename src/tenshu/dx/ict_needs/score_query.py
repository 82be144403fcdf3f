"""The score of ``triage`` as a database expression, so that a list of any length is sorted by it."""

from collections.abc import Mapping

from django.db.models import Case, F, FloatField, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest

from tenshu.dx.ict_needs.models import Need, ToolClass
from tenshu.dx.ict_needs.triage import BARRED, BASE, FIT, NEEDS_FIXED_STEPS, OFTEN, STEPS, UNKNOWN


def with_score(needs: QuerySet[Need]) -> QuerySet[Need]:
    """``needs`` with ``score`` (hours a year; null while no hours are known), as ``assessment_of`` gives it."""
    often = _looked_up("frequency", OFTEN, UNKNOWN)
    fits = {tool: _fit(tool) for tool in ToolClass}
    best = Greatest(*(fit for tool, fit in fits.items() if tool != ToolClass.NONE))
    fit = Case(
        *(When(tool_class=tool, then=expression) for tool, expression in fits.items()),
        default=best,
        output_field=FloatField(),
    )
    return needs.annotate(score=F("hours") * often * _steps() * fit)


def _fit(tool: ToolClass) -> Combinable:
    fit = _looked_up("medium", FIT[tool], BASE)
    scaled = fit * _steps() if tool in NEEDS_FIXED_STEPS else fit
    return Case(
        When(sensitivity__in=sorted(BARRED.get(tool, frozenset())), then=Value(0.0)),
        default=scaled,
        output_field=FloatField(),
    )


def _steps() -> Case:
    return _looked_up("procedure", STEPS, UNKNOWN)


def _looked_up(field: str, table: Mapping[str, float], default: float) -> Case:
    return Case(
        *(When(**{field: key, "then": Value(value)}) for key, value in table.items()),
        default=Value(default),
        output_field=FloatField(),
    )
