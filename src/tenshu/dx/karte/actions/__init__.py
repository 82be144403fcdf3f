"""The only writers of the room: ``things`` (kartes, what hangs on them, money, payments) and ``editions``."""

from tenshu.dx.karte.actions.editions import do_bring_editions, do_freeze_edition, do_freeze_editions
from tenshu.dx.karte.actions.things import (
    do_add_shipped,
    do_add_thing,
    do_assign_payment,
    do_begin_kartes,
    do_change_karte,
    do_change_thing,
    do_import_payments,
    do_match_payments,
    do_remove_payments,
    do_remove_thing,
    do_set_not_applicable,
)
from tenshu.dx.karte.actions.typed import do_merge_karte, do_merge_thing

__all__ = [
    "do_add_shipped",
    "do_add_thing",
    "do_assign_payment",
    "do_begin_kartes",
    "do_bring_editions",
    "do_change_karte",
    "do_change_thing",
    "do_freeze_edition",
    "do_freeze_editions",
    "do_import_payments",
    "do_match_payments",
    "do_merge_karte",
    "do_merge_thing",
    "do_remove_payments",
    "do_remove_thing",
    "do_set_not_applicable",
]
