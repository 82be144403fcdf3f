"""The writers of kartes, of what hangs on systems, of money, and of payments and how they find their system."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from tenshu.dx.karte.fields import FIELDS, is_filled
from tenshu.dx.karte.models import (
    CompletenessRule,
    Contract,
    CostItem,
    CostLine,
    Dependency,
    Environment,
    Host,
    Karte,
    MatchingRule,
    NotApplicable,
    Payment,
    Server,
    Software,
    Vendor,
)
from tenshu.dx.karte.money import kept_rules, rule_for
from tenshu.dx.karte.shipped import missing
from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, change_many, create, create_many, remove, remove_many
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System

THINGS: Mapping[type[models.Model], str] = {
    Vendor: "vendor",
    Host: "host",
    Environment: "environment",
    Server: "server",
    Software: "software",
    Contract: "contract",
    Dependency: "dependency",
    CostItem: "cost_item",
    CostLine: "cost_line",
    MatchingRule: "matching_rule",
    CompletenessRule: "completeness_rule",
}
"""What is written one record at a time, and its word in the record's operations."""


@transaction.atomic
def do_change_karte(system: System, values: Mapping[str, Any], *, acting_user: User) -> Karte:
    """Change fields of a system's karte, and begin the karte where there is none. Other names raise ``KeyError``."""
    for name in values:
        if name not in FIELDS:
            raise KeyError(name)
    karte = Karte.objects.select_for_update().filter(system=system).first()
    if karte is None:
        karte = create(Karte(system=system, **values), "karte.karte_added", acting_user=acting_user)
    else:
        change(karte, values, "karte.karte_changed", acting_user=acting_user)
    filled = [name for name, value in values.items() if is_filled(value)]
    remove_many(
        list(NotApplicable.objects.filter(system=system, item__in=filled)),
        "karte.not_applicable_removed",
        acting_user=acting_user,
    )
    return karte


@transaction.atomic
def do_begin_kartes(systems: Sequence[System], *, acting_user: User) -> int:
    """Begin a karte for each of these systems that has none; returns how many were begun."""
    known = set(Karte.objects.filter(system__in=systems).values_list("system_id", flat=True))
    new = [Karte(system=system) for system in systems if system.pk not in known]
    return len(create_many(new, "karte.karte_added", acting_user=acting_user))


@transaction.atomic
def do_add_shipped(year: FiscalYear, kinds: Collection[str], *, acting_user: User) -> int:
    """Add what the house still lacks of the settings to begin with, of these kinds; returns how many. Twice adds none."""
    found = {kind: rows for kind, rows in missing(year).kinds.items() if kind in kinds}
    for rows in found.values():
        create_many(rows, f"karte.{THINGS[type(rows[0])]}_added", acting_user=acting_user)
    return sum(map(len, found.values()))


def do_add_thing[M: models.Model](thing: M, *, acting_user: User) -> M:
    """Enter a server, a contract, a cost line … Raises ``ValidationError`` by field."""
    return create(thing, f"karte.{THINGS[type(thing)]}_added", acting_user=acting_user)


def do_change_thing(thing: models.Model, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change one."""
    return change(thing, values, f"karte.{THINGS[type(thing)]}_changed", acting_user=acting_user)


@transaction.atomic
def do_remove_thing(thing: models.Model, *, acting_user: User, reason: str) -> None:
    """Remove what was entered by mistake. Raises ``ValidationError`` when other records hang on it."""
    try:
        with transaction.atomic():
            remove(thing, f"karte.{THINGS[type(thing)]}_removed", acting_user=acting_user, reason=reason)
    except models.ProtectedError as error:
        raise ValidationError(
            f"ほかの記録が{len(error.protected_objects)}件付いているので消せません。先にそちらを直してください。"
        ) from error


@transaction.atomic
def do_set_not_applicable(system: System, item: str, reason: str, *, acting_user: User) -> None:
    """Say that a field or link cannot exist for this system; an empty reason takes it back."""
    found = NotApplicable.objects.filter(system=system, item=item).first()
    if not reason.strip():
        if found:
            remove(found, "karte.not_applicable_removed", acting_user=acting_user)
    elif found:
        change(found, {"reason": reason.strip()}, "karte.not_applicable_changed", acting_user=acting_user)
    else:
        new = NotApplicable(system=system, item=item, reason=reason.strip())
        create(new, "karte.not_applicable_added", acting_user=acting_user)


@transaction.atomic
def do_import_payments(payments: Sequence[Payment], *, acting_user: User) -> int:
    """Take in the rows of an accounting export and match them; returns how many found their system.

    Raises ``ValidationError`` when a file of that name was taken in before.
    """
    names = {payment.source_file for payment in payments}
    if known := Payment.objects.filter(source_file__in=names).values_list("source_file", flat=True).first():
        raise ValidationError(f"「{known}」は取込済みです。入れ直すときは、先にその取込みを消してください。")
    rules = kept_rules()
    for payment in payments:
        payment.rule = rule_for(payment, rules)
        payment.system = payment.rule.system if payment.rule else None
    create_many(payments, "karte.payment_imported", acting_user=acting_user)
    return sum(payment.rule is not None for payment in payments)


@transaction.atomic
def do_match_payments(payments: Iterable[Payment], *, acting_user: User) -> int:
    """Let the rules find the system of payments that nobody decided by hand; returns how many have one."""
    rules = kept_rules()
    changes: list[tuple[Payment, dict[str, Any]]] = []
    matched = 0
    for payment in payments:
        if payment.by_hand:
            continue
        rule = rule_for(payment, rules)
        matched += rule is not None
        changes.append((payment, {"system": rule.system if rule else None, "rule": rule}))
    change_many(changes, "karte.payment_matched", acting_user=acting_user)
    return matched


def do_assign_payment(payment: Payment, system: System | None, *, acting_user: User) -> bool:
    """Decide by hand which system a payment was for; ``None``: none of them. Rules leave it alone from then on."""
    values = {"system": system, "rule": None, "by_hand": True}
    return change(payment, values, "karte.payment_matched", acting_user=acting_user)


@transaction.atomic
def do_remove_payments(source_file: str, *, acting_user: User, reason: str) -> int:
    """Take back an import of payments, to bring a corrected export in."""
    rows = list(Payment.objects.filter(source_file=source_file))
    return remove_many(rows, "karte.payment_removed", acting_user=acting_user, reason=reason)
