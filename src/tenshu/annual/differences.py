"""What changed after a year was closed, and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass

from tenshu.ground.audit.models import AuditRow
from tenshu.ground.audit.verbs import verb_label
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.figures.queries import FigureDifference, RowDifference, differences

_KIND_WORDS = {"added": "追加", "removed": "削除", "changed": "変更"}


@dataclass(frozen=True, slots=True)
class RowStory:
    """One changed row, and the recorded changes that explain it."""

    row: RowDifference
    changes: list[AuditRow]

    @property
    def word(self) -> str:
        """追加, 削除 or 変更."""
        return _KIND_WORDS[self.row.kind]

    @property
    def told_by(self) -> str:
        """Who did what, newest first: 見本 花子（変更）."""
        return "、".join(f"{change.actor_name}（{verb_label(change.verb)}）" for change in self.changes[:3])


@dataclass(frozen=True, slots=True)
class FigureStory:
    """A figure that differs from its closed value, with the story of every row."""

    difference: FigureDifference
    rows: list[RowStory]


def stories(year: FiscalYear) -> list[FigureStory]:
    """Every difference of a closed year with who made it; a constant number of queries a figure."""
    return [FigureStory(found, _rows(found)) for found in differences(year)]


def _rows(difference: FigureDifference) -> list[RowStory]:
    by_target: dict[tuple[str, str], list[AuditRow]] = {}
    for change in _changes_since(difference, (row.row_key for row in difference.rows)):
        by_target.setdefault((change.target_type, change.target_key), []).append(change)
    return [RowStory(row, by_target.get(_target(row.row_key), [])) for row in difference.rows]


def _changes_since(difference: FigureDifference, row_keys: Iterable[str]) -> list[AuditRow]:
    targets = [_target(key) for key in row_keys]
    wanted = set(targets)
    if not wanted:
        return []
    rows = AuditRow.objects.filter(
        at__gte=difference.frozen.frozen_at,
        target_type__in={label for label, _ in wanted},
        target_key__in={key for _, key in wanted},
    ).order_by("-pk")
    return [row for row in rows if (row.target_type, row.target_key) in wanted]


def _target(row_key: str) -> tuple[str, str]:
    label, _, key = row_key.partition(":")
    return label, key
