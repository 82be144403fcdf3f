"""The plan as the preview page shows it, kept between requests."""

from collections.abc import Iterable, Iterator
from typing import Any

from tenshu.ground.exchange.columns import ColumnSpec
from tenshu.ground.exchange.lookups import Lookups, references
from tenshu.ground.exchange.models import ImportRun, LineKind, PreviewCell, PreviewError, PreviewLine
from tenshu.ground.exchange.plan import UNKNOWN, Plan, PlannedRow, Side
from tenshu.ground.exchange.rows import FoundError
from tenshu.ground.exchange.spec import ChangeKind

_LONGEST_SHOWN = 1_000


def line_rows(run: ImportRun, plan: Plan) -> Iterator[PreviewLine]:
    """The rows of the plan as records of ``run``, not saved yet."""
    for position, row in enumerate(plan.rows):
        is_new = row.kind is ChangeKind.ADD
        yield PreviewLine(
            run=run,
            position=position,
            kind=LineKind(row.kind.value) if row.kind else LineKind.SAME,
            row_number=row.number,
            label=row.label[:300],
            summary=_summary(row, plan.lookups) if is_new else "",
            reason=row.reason,
        )


def cell_rows(run: ImportRun, plan: Plan) -> Iterator[PreviewCell]:
    """The cells that would change as records of ``run``, not saved yet; those of added rows are left out."""
    _load_sent(plan)
    changed = ((row, cell) for row in plan.rows if row.kind is ChangeKind.CHANGE for cell in row.cells)
    for position, (row, cell) in enumerate(changed):
        column, is_known = cell.column, cell.sent is not UNKNOWN
        yield PreviewCell(
            run=run,
            position=position,
            label=row.label[:300],
            key_text=row.key_text,
            column=column.name,
            header=column.heading,
            where=cell.where[:200],
            before=_text(column, cell.before, plan.lookups),
            after=_text(column, cell.after, plan.lookups),
            sent=_text(column, column.unplain(cell.sent), plan.lookups) if is_known else "",
            is_sent_known=is_known,
            is_conflict=cell.is_conflict,
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


def _summary(row: PlannedRow, lookups: Lookups) -> str:
    shown = (f"{c.column.header} {_text(c.column, c.after, lookups)}" for c in row.cells)
    return "　".join(shown)[:_LONGEST_SHOWN]


def _text(column: ColumnSpec, value: Any, lookups: Lookups) -> str:
    text = column.show(value, lookups)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _load_sent(plan: Plan) -> None:
    """Records that only the sent values of conflicts point to."""
    for column in references(plan.spec.columns):
        cells = (cell for row in plan.rows for cell in row.conflicts() if cell.column is column)
        plan.lookups.load_pks(column.directory, {c.sent for c in cells if isinstance(c.sent, int | str)})
