"""Small cells are not shown, and none can be had by subtraction."""

from collections.abc import Sequence


def hidden_cells(answers: Sequence[int], least: int = 5) -> list[bool]:
    """Which cells of a breakdown with a published total must be hidden.

    Cells with 1 … ``least`` − 1 answers are hidden. If they hold fewer than ``least`` answers together,
    or only one cell is hidden, the next smallest cells with answers are hidden too, since the total minus
    the others would tell.
    """
    hidden = [0 < count < least for count in answers]
    if not any(hidden):
        return hidden
    rest = sorted((count, at) for at, count in enumerate(answers) if count >= least)
    held = sum(count for count, hide in zip(answers, hidden, strict=True) if hide)
    while rest and (sum(hidden) < 2 or held < least):
        count, at = rest.pop(0)
        hidden[at] = True
        held += count
    return hidden
