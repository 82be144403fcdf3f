"""The only writers of organisation, staff and posts."""

from tenshu.ground.office.actions.duties import do_end_duty, do_set_duty, do_set_officer
from tenshu.ground.office.actions.reorganisation import (
    do_add_step,
    do_plan_reorganisation,
    do_remove_step,
    do_reorganise,
    do_withdraw_plan,
    preview_reorganisation,
)
from tenshu.ground.office.actions.staff import do_correct_staff, do_end_post, do_hire, do_retire, do_transfer
from tenshu.ground.office.actions.units import do_correct_unit, do_end_unit, do_open_unit, do_rename_unit

__all__ = [
    "do_add_step",
    "do_correct_staff",
    "do_correct_unit",
    "do_end_duty",
    "do_end_post",
    "do_end_unit",
    "do_hire",
    "do_open_unit",
    "do_plan_reorganisation",
    "do_remove_step",
    "do_rename_unit",
    "do_reorganise",
    "do_retire",
    "do_set_duty",
    "do_set_officer",
    "do_transfer",
    "do_withdraw_plan",
    "preview_reorganisation",
]
