"""The writer of frozen figures."""

from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import Change, record_many
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.figures.models import FrozenFigure
from tenshu.mechanisms.figures.queries import compute, row_snapshot
from tenshu.mechanisms.figures.registry import all_figures


@transaction.atomic
def do_freeze_figures(
    year: FiscalYear, edition: int, *, acting_user: User, reason: str = ""
) -> list[FrozenFigure]:
    """Keep every figure of ``year`` with its row keys as ``edition``."""
    now = timezone.now()
    frozen = []
    for figure in all_figures().values():
        value = compute(figure, year)
        frozen.append(
            FrozenFigure(
                year=year.year,
                edition=edition,
                key=figure.key,
                label=figure.label,
                unit=figure.unit,
                value=value.value,
                qualifier=value.qualifier,
                row_count=value.rows,
                rows=row_snapshot(figure, year),
                frozen_at=now,
                frozen_by=acting_user,
            )
        )
    FrozenFigure.objects.bulk_create(frozen)
    record_many(
        [
            Change(
                "figures.frozen",
                item,
                after={"value": item.value, "qualifier": item.qualifier, "rows": item.row_count},
                reason=reason,
            )
            for item in frozen
        ],
        acting_user=acting_user,
    )
    return frozen
