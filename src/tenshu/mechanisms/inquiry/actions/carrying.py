"""Saying that last year's answers still hold: single answers, and the rows of tables."""

from collections.abc import Iterable

from django.db import transaction

from tenshu.ground.access.models import User
from tenshu.mechanisms.inquiry.actions.answers import RowChanges, do_change_rows, do_confirm_carried
from tenshu.mechanisms.inquiry.models import Sheet
from tenshu.mechanisms.inquiry.reading import Item


@transaction.atomic
def do_confirm_items(sheet: Sheet, items: Iterable[Item], *, acting_user: User) -> int:
    """Take over what is carried forward of these questions; returns of how many. What was answered is left alone.

    Rows keep their keys, so that a row is followed from year to year.
    """
    waiting = [item for item in items if item.waits_for_confirmation]
    single = {item.question: dict(item.carried) for item in waiting if item.carried is not None}
    do_confirm_carried(sheet, single, acting_user=acting_user)
    for item in waiting:
        if item.carried_rows:
            added = [(row.key, dict(row.values)) for row in item.carried_rows]
            do_change_rows(sheet, item.question, RowChanges(added=list(added)), acting_user=acting_user)
    return len(waiting)
