"""How rows become a value: a count, a count of distinct things, a sum of head counts, a share."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from tenshu.ground.quantities import Quality


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a measure found: the value (``None``: nothing to measure), its quality, and the rows counted."""

    value: Decimal | None
    quality: Quality
    rows: int


type Measure = Callable[["QuerySet[Any]"], Outcome]


def _qualities(rows: "QuerySet[Any]", field: str | None) -> Quality:
    if field is None:
        return Quality.EXACT
    return Quality.combine(rows.order_by().values_list(field, flat=True).distinct())


def count(*, quality: str | None = None) -> Measure:
    """The number of rows; ``quality`` names the field that tells how sure each row is."""

    def measure(rows: "QuerySet[Any]") -> Outcome:
        found = rows.count()
        return Outcome(Decimal(found) if found else None, _qualities(rows, quality), found)

    return measure


def count_distinct(field: str, *, quality: str | None = None) -> Measure:
    """The number of different values of ``field`` over the rows."""

    def measure(rows: "QuerySet[Any]") -> Outcome:
        found = rows.order_by().aggregate(rows=Count("pk"), distinct=Count(field, distinct=True))
        value = Decimal(found["distinct"]) if found["rows"] else None
        return Outcome(value, _qualities(rows, quality), found["rows"])

    return measure


def head_count(field: str, *, quality: str) -> Measure:
    """The sum of head counts; one estimate makes the sum an estimate, one lower bound a lower bound."""

    def measure(rows: "QuerySet[Any]") -> Outcome:
        counted = rows.filter(**{f"{field}__isnull": False})
        found = counted.order_by().aggregate(rows=Count("pk"), total=Sum(field))
        value = None if not found["rows"] else Decimal(found["total"])
        return Outcome(value, _qualities(counted, quality), found["rows"])

    return measure


def share_percent(part: Q, *, places: int = 1, quality: str | None = None) -> Measure:
    """Rows that fulfil ``part`` as a percentage of all rows, rounded half up to ``places``."""

    def measure(rows: "QuerySet[Any]") -> Outcome:
        found = rows.order_by().aggregate(rows=Count("pk"), part=Count("pk", filter=part))
        if not found["rows"]:
            return Outcome(None, Quality.EXACT, 0)
        percent = Decimal(found["part"]) * 100 / Decimal(found["rows"])
        value = percent.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        return Outcome(value, _qualities(rows, quality), found["rows"])

    return measure
