"""The three-way merge of one cell: what was sent, what came back, what stands now."""

from typing import Any

from tenshu.ground.exchange.columns import ColumnSpec
from tenshu.ground.exchange.plan import UNKNOWN, CellChange
from tenshu.ground.merging import Outcome, meet, same


def merge_cell(
    column: ColumnSpec, where: str, *, before: Any, now: Any, after: Any, sent: Any, stale: bool
) -> CellChange | None:
    """What becomes of a cell; ``None`` when the record keeps its value.

    Args:
        before: the record's value, and ``now`` its plain form.
        after: the value of the file.
        sent: plain form of the value that was sent out; ``UNKNOWN`` when the file does not tell.
        stale: the record has changed since the row was sent (known from the row's version).

    A value that came back as it was sent never undoes what was changed on the page meanwhile. A cell that
    both sides changed, to different values, is a conflict. Without a sent value, a difference in a row that
    changed meanwhile counts as a conflict, too: somebody has to look.
    """
    returned = column.plain(after)
    if sent is UNKNOWN:
        if same(returned, now):
            return None
        return CellChange(column, where, before, after, UNKNOWN, is_conflict=stale)
    outcome = meet(sent, returned, now)
    if outcome is Outcome.KEPT:
        return None
    return CellChange(column, where, before, after, sent, is_conflict=outcome is Outcome.CONFLICT)
