"""The only writers of ICT needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from tenshu.dx.ict_needs.models import Need, NeedState
from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create, create_many, remove

DECIDING = frozenset(
    {
        "tool_class",
        "state",
        "support",
        "decision",
        "hours_after",
        "after_basis",
        "done_on",
        "hearing",
        "hours_basis",
    }
)


@transaction.atomic
def do_add_need(need: Need, *, acting_user: User) -> Need:
    """Enter a need with the next number of its year."""
    if need.number is None:
        need.number = _next_number(need.fiscal_year)
    return create(need, "ict_needs.need_added", acting_user=acting_user)


def do_change_need(need: Need, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change what was asked for."""
    return change(need, values, "ict_needs.need_changed", acting_user=acting_user)


def do_decide_need(need: Need, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Write tool, support, state and effect. Raises ``ValidationError`` when a refusal has no reason."""
    unknown = set(values) - DECIDING
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    if values.get("state") == NeedState.DECLINED and not str(values.get("decision") or "").strip():
        raise ValidationError({"decision": "見送りの理由を書いてください。"})
    return change(need, values, "ict_needs.need_decided", acting_user=acting_user)


def do_remove_need(need: Need, reason: str, *, acting_user: User) -> None:
    """Strike a need that was entered by mistake."""
    if need.sheet_id is not None:
        raise ValidationError("照会票から来た要望は消せません。照会票の受理を取り消して直してください。")
    remove(need, "ict_needs.need_removed", acting_user=acting_user, reason=reason)


@transaction.atomic
def do_take_needs(needs: Sequence[Need], *, acting_user: User) -> list[Need]:
    """Enter the needs of an accepted sheet; those whose row was taken before are changed, not doubled."""
    held = {
        (need.sheet_id, need.row_key): need
        for need in Need.objects.filter(sheet__in={need.sheet_id for need in needs if need.sheet_id})
    }
    fresh = []
    for need in needs:
        known = held.get((need.sheet_id, need.row_key))
        if known is None:
            fresh.append(need)
        else:
            do_change_need(known, _asked(need), acting_user=acting_user)
    number = _next_number(needs[0].fiscal_year) if needs else 0
    for place, need in enumerate(fresh):
        need.number = number + place
        need.full_clean()
    return create_many(fresh, "ict_needs.need_added", acting_user=acting_user)


ASKED = (
    "unit",
    "task",
    "detail",
    "volume",
    "hours",
    "frequency",
    "procedure",
    "medium",
    "tools",
    "wish",
    "sensitivity",
)


def _asked(need: Need) -> dict[str, Any]:
    return {name: getattr(need, name) for name in ASKED}


def _next_number(fiscal_year: int) -> int:
    last = Need.objects.filter(fiscal_year=fiscal_year).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1
