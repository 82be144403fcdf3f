"""What the secretariat does to many sheets at once: all or none, each with its own step and row of the record."""

from collections.abc import Sequence

from django.db import transaction

from tenshu.ground.access.models import User
from tenshu.mechanisms.inquiry.actions.steps import do_accept
from tenshu.mechanisms.inquiry.models import Sheet, SheetState
from tenshu.mechanisms.inquiry.telling import Holders, tell_reminded


@transaction.atomic
def do_accept_many(sheets: Sequence[Sheet], *, acting_user: User) -> int:
    """Accept those that are handed in; returns how many. All or none."""
    for sheet in sheets:
        do_accept(sheet, acting_user=acting_user)
    return len(sheets)


@transaction.atomic
def do_remind(sheets: Sequence[Sheet], text: str, *, acting_user: User) -> int:
    """Remind whoever has the next step of each sheet; returns how many people were told."""
    waiting = (SheetState.ANSWERING, SheetState.CHECKING)
    holders = Holders()
    return sum(tell_reminded(sheet, text, holders.of(sheet)) for sheet in sheets if sheet.state in waiting)
