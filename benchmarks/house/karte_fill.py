"""Fills every field of every karte and thing of the loaded register, so that no cell of a sheet is empty for nothing."""

import datetime
from collections import Counter
from typing import Any

from django.db import models, transaction

SKIPPED = {"id", "system", "candidate_until", "ended_on", "removed_on"}


def specs() -> list[Any]:
    """The sheets in the order in which they come back: what others name comes first."""
    from tenshu.dx.karte import money_sheets as money
    from tenshu.dx.karte import record_sheets as records

    return [
        records.VENDOR_TABLE,
        records.HOST_TABLE,
        records.KARTE_TABLE,
        records.ENVIRONMENT_TABLE,
        records.SERVER_TABLE,
        records.SOFTWARE_TABLE,
        records.CONTRACT_TABLE,
        records.DEPENDENCY_TABLE,
        money.COST_ITEM_TABLE,
        money.COST_TABLE,
        money.MATCHING_RULE_TABLE,
        money.PAYMENT_TABLE,
        records.RULE_TABLE,
    ]


@transaction.atomic
def fill() -> None:
    """Give every candidate system an environment and a data flow, and every empty field a value."""
    from tenshu.dx.karte.models import (
        Contract,
        CostLine,
        Dependency,
        Environment,
        Host,
        Karte,
        Server,
        Software,
        Vendor,
    )

    kartes = list(Karte.objects.select_related("system"))
    Environment.objects.bulk_create(
        Environment(system=karte.system, name="本番", kind="production") for karte in kartes
    )
    Dependency.objects.bulk_create(
        Dependency(source=karte.system, outside="見本の相手", data="集計データ", method="file")
        for karte in kartes
    )
    for model in (Vendor, Host, Karte, Environment, Server, Software, Contract, Dependency, CostLine):
        _fill_model(model)


def _fill_model(model: type[models.Model]) -> None:
    rows = list(model._default_manager.all())
    fields = [f for f in model._meta.concrete_fields if f.name not in SKIPPED]
    for place, row in enumerate(rows):
        for field in fields:
            if field.value_from_object(row) in (None, "", {}):
                value = _value(field, place)
                if value is not None:
                    setattr(row, field.attname, value)
    model._default_manager.bulk_update(rows, [f.name for f in fields], batch_size=200)


def _value(field: "models.Field[Any, Any]", place: int) -> Any:
    from tenshu.dx.karte.models.choices import BANDS, LOADS

    if field.name in ("source", "target", "outside"):
        return None  # two ends, no more
    if field.name == "loads":
        return {kind: [(place + band) % 90 for band in range(len(BANDS))] for kind in LOADS}
    if field.choices:
        values = [value for value, _ in field.flatchoices]
        return values[place % len(values)]
    match field:
        case models.ForeignKey():
            keys = _keys(field.related_model)
            return keys[place % len(keys)]
        case models.BooleanField():
            return place % 2 == 0
        case models.DateField():
            return datetime.date(2024, 4, 1) + datetime.timedelta(days=place % 900)
        case models.IntegerField():
            return 1 + place % 50
        case models.TextField():
            return f"見本の文　{place}\n二行目、「かぎ」と=記号"
    return f"見本{place:04}"[: field.max_length]


def _keys(model: Any) -> list[int]:
    return list(model._default_manager.order_by("pk").values_list("pk", flat=True)[:40])


def fields_of_systems() -> dict[int, int]:
    """How many filled fields hang on each system, over the register and all sheets."""
    from tenshu.dx.karte.models import Karte
    from tenshu.ground.access.models import User
    from tenshu.ground.systems.sheets import SystemTable

    user = User.objects.get(login_name="bench")
    found: Counter[int] = Counter()
    systems = set(Karte.objects.values_list("system", flat=True))
    for spec in [*specs(), SystemTable()]:
        names = [column.name for column in spec.columns]
        for row in spec.rows(user):
            key = row.pk if spec.name == "systems" else row.values.get("system", row.values.get("source"))
            if key in systems:
                found[key] += sum(row.values[name] not in (None, "") for name in names)
    return found


@transaction.atomic
def clear() -> None:
    """Take everything away that the sheets hold; what was frozen stays."""
    from tenshu.dx.karte import models as karte

    for model in (
        karte.Payment, karte.MatchingRule, karte.CostLine, karte.CostItem, karte.Dependency, karte.Contract,
        karte.Software, karte.Server, karte.Environment, karte.NotApplicable, karte.Karte, karte.Host,
        karte.Vendor, karte.CompletenessRule,
    ):  # fmt: skip
        model._default_manager.all().delete()
