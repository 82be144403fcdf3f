"""What an import would do: the plan that the preview shows and the commit carries out."""

import enum
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenshu.ground.exchange.columns import ColumnSpec
from tenshu.ground.exchange.lookups import Lookups
from tenshu.ground.exchange.rows import FoundError
from tenshu.ground.exchange.spec import ChangeKind, CurrentRow, Key, RowChange, TableSpec


class Side(enum.StrEnum):
    """Whose value a conflict takes."""

    OURS = "ours"
    THEIRS = "theirs"


type Choices = Mapping[tuple[str, str], Side]
"""Resolved conflicts: (key text, column name) → side."""


class _Unknown:
    """Stands for a sent value that nobody knows any more."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that differs: the value now, the value of the file, and the one that was sent out (plain)."""

    column: ColumnSpec
    where: str
    before: Any
    after: Any
    sent: Any = UNKNOWN
    is_conflict: bool = False


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the file. ``kind`` is ``None`` for a row that changes nothing."""

    kind: ChangeKind | None
    number: int
    where: str
    key: Key
    key_text: str
    label: str
    current: CurrentRow | None
    version: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    cells: Sequence[CellChange] = ()
    same_cells: int = 0
    reason: str = ""

    def conflicts(self) -> Iterator[CellChange]:
        """The cells that were changed on both sides."""
        return (cell for cell in self.cells if cell.is_conflict)

    def taken(self, choices: Choices) -> list[CellChange]:
        """The cells that are written, given how the conflicts were resolved."""
        return [
            cell
            for cell in self.cells
            if not cell.is_conflict or choices.get((self.key_text, cell.column.name)) is Side.THEIRS
        ]

    def change(self, choices: Choices) -> RowChange | None:
        """What is handed to ``TableSpec.save``; ``None`` when nothing is left to do."""
        if self.kind is None:
            return None
        taken = self.taken(choices)
        if self.kind is ChangeKind.CHANGE and not taken:
            return None
        before = self.current.values if self.current else {}
        after = {cell.column.name: cell.after for cell in taken}
        return RowChange(
            kind=self.kind,
            key=self.key,
            pk=self.current.pk if self.current else None,
            values={**before, **(self.values if self.kind is ChangeKind.ADD else after)},
            changed=frozenset(after),
            reason=self.reason,
            where=self.where,
            row_number=self.number,
        )


@dataclass
class Plan:
    """All rows, all errors, and what a person should know besides."""

    spec: TableSpec
    sheet: str
    lookups: Lookups
    rows: list[PlannedRow] = field(default_factory=list)
    errors: list[FoundError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sent_at: Any = None

    def unresolved(self, choices: Choices) -> int:
        """Conflicts that nobody has decided."""
        return sum(
            (row.key_text, cell.column.name) not in choices for row in self.rows for cell in row.conflicts()
        )

    def changes(self, choices: Choices) -> list[RowChange]:
        """Everything to be saved, in the order of the file; removals last."""
        found = [change for row in self.rows if (change := row.change(choices)) is not None]
        return sorted(found, key=lambda change: change.kind is ChangeKind.REMOVE)

    def counts(self) -> dict[str, int]:
        """The figures of the preview: errors, conflicts, changed and untouched cells, rows by kind."""
        kinds = [row.kind for row in self.rows]
        return {
            "errors": len(self.errors),
            "conflicts": sum(1 for row in self.rows for _ in row.conflicts()),
            "changed_cells": sum(
                1 for r in self.rows if r.kind is ChangeKind.CHANGE for c in r.cells if not c.is_conflict
            ),
            "changed_rows": kinds.count(ChangeKind.CHANGE),
            "added_rows": kinds.count(ChangeKind.ADD),
            "removed_rows": kinds.count(ChangeKind.REMOVE),
            "same_rows": kinds.count(None),
            "same_cells": sum(row.same_cells for row in self.rows),
        }

    def digest(self) -> str:
        """A hash of everything that the plan would do: same file and same records, same hash."""
        digest = hashlib.sha256(f"{self.spec.name}:{self.spec.scope}:{len(self.errors)}".encode())
        for row in self.rows:
            if row.kind is None:
                continue
            cells = [
                [c.column.name, c.column.plain(c.before), c.column.plain(c.after), c.is_conflict]
                for c in row.cells
            ]
            line = [row.kind, row.key_text, str(row.current.pk) if row.current else None, row.version, cells]
            digest.update(json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode())
        return digest.hexdigest()
