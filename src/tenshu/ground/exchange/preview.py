"""The plan as the preview page shows it, kept between requests."""

from collections.abc import Iterable, Iterator
from typing import Any

from tenshu.ground.exchange.columns import ColumnSpec
from tenshu.ground.exchange.lookups import Lookups, references
from tenshu.ground.exchange.models import ImportRun, LineKind, PreviewError, PreviewLine
from tenshu.ground.exchange.plan import UNKNOWN, CellChange, Plan, Side
from tenshu.ground.exchange.rows import FoundError

_LONGEST_SHOWN = 1_000


def line_rows(run: ImportRun, plan: Plan) -> Iterator[PreviewLine]:
    """The rows of the plan as records of ``run``, not saved yet."""
    _load_sent(plan)
    for position, row in enumerate(plan.rows):
        yield PreviewLine(
            run=run,
            position=position,
            kind=LineKind(row.kind.value) if row.kind else LineKind.SAME,
            has_conflict=any(True for _ in row.conflicts()),
            row_number=row.number,
            key_text=row.key_text,
            label=row.label[:300],
            reason=row.reason,
            cells=[_shown(cell, plan.lookups) for cell in row.cells],
        )


def error_rows(run: ImportRun, errors: Iterable[FoundError]) -> Iterator[PreviewError]:
    """The errors as records of ``run``, not saved yet."""
    for position, error in enumerate(errors):
        yield PreviewError(
            run=run,
            position=position,
            where=error.where[:200],
            label=error.label[:300],
            header=error.header[:200],
            value=error.value,
            wrong=error.wrong,
            message=error.message,
            cure=error.cure,
        )


def choices_of(run: ImportRun) -> dict[tuple[str, str], Side]:
    """How the conflicts of ``run`` were resolved."""
    return {(choice.key_text, choice.column): Side(choice.side) for choice in run.choices.all()}


def _shown(cell: CellChange, lookups: Lookups) -> dict[str, Any]:
    column = cell.column
    shown = {
        "name": column.name,
        "header": column.heading,
        "where": cell.where,
        "before": _text(column, cell.before, lookups),
        "after": _text(column, cell.after, lookups),
    }
    if cell.is_conflict:
        shown["conflict"] = True
        shown["sent"] = None if cell.sent is UNKNOWN else _text(column, column.unplain(cell.sent), lookups)
    return shown


def _text(column: ColumnSpec, value: Any, lookups: Lookups) -> str:
    text = column.show(value, lookups)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _load_sent(plan: Plan) -> None:
    """Records that only the sent values of conflicts point to."""
    for column in references(plan.spec.columns):
        cells = (cell for row in plan.rows for cell in row.conflicts() if cell.column is column)
        plan.lookups.load_pks(column.directory, {c.sent for c in cells if isinstance(c.sent, int | str)})
