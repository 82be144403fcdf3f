"""From a returned file to a plan: match the rows, merge three ways, check rules and rights."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tenshu.ground.exchange.layout import Layout, find_layout
from tenshu.ground.exchange.lookups import Lookups, load_for
from tenshu.ground.exchange.merging import merge_cell
from tenshu.ground.exchange.plan import UNKNOWN, CellChange, Plan, PlannedRow, Side
from tenshu.ground.exchange.reading import Book
from tenshu.ground.exchange.rows import FoundError, ReadRow, RowReader, key_from_text, key_text
from tenshu.ground.exchange.sent_values import Sent, plain_values, read_sent, row_version
from tenshu.ground.exchange.spec import ChangeKind, CurrentRow, Key, RowChange, TableSpec
from tenshu.ground.files.refusals import FileRefused

if TYPE_CHECKING:
    from tenshu.ground.access.models import User


def make_plan(
    book: Book, spec: TableSpec, user: "User", *, sheet: str | None = None, check_rights: bool = True
) -> Plan:
    """What importing ``book`` would do. Reads the records, writes nothing.

    Args:
        sheet: name of the sheet; the spec's title when None.
        check_rights: False for the year folder, which only an operator of the machine can load.

    Raises:
        FileRefused: the file has no such table at all. What is wrong in cells is in ``Plan.errors``.
    """
    return _Planner(book, spec, user, sheet, check_rights).plan()


class _Planner:
    """Holds what the steps of one plan share."""

    def __init__(
        self, book: Book, spec: TableSpec, user: "User", sheet: str | None, check_rights: bool
    ) -> None:
        self.spec, self.user, self.check_rights = spec, user, check_rights
        self.layout: Layout = find_layout(book, spec, sheet)
        self.sent: Sent = read_sent(book)
        self._refuse_foreign()
        self.lookups = Lookups()
        self.rights = {
            ChangeKind.ADD: spec.may_add(user),
            ChangeKind.CHANGE: spec.may_change(user),
            ChangeKind.REMOVE: spec.removable and spec.may_remove(user),
        }
        self.reader = RowReader(spec, self.layout, self.lookups)
        self.result = Plan(spec, self.layout.sheet.name, self.lookups, sent_at=self.sent.at)
        self.result.notes = [
            f"{heading} は取り込みません（この表に無い列）" for heading in self.layout.unknown
        ]

    def plan(self) -> Plan:
        """Read, match, merge, check."""
        rows = self.reader.read()
        self._match_sent_keys(rows)
        wanted = {row.key for row in rows if row.key is not None}
        current = dict(self.spec.current(wanted)) if wanted else {}
        load_for(self.spec.columns, (row.values for row in current.values()), self.lookups)
        for row in rows:
            self._plan_row(row, current)
        self.result.errors.sort(key=lambda error: error.row_number)
        return self.result

    def _refuse_foreign(self) -> None:
        if self.sent.spec and self.sent.spec != self.spec.name:
            raise FileRefused("別の表から書き出したExcelです。この表から書き出したものを選んでください。")
        if self.sent.spec and self.sent.scope != self.spec.scope:
            raise FileRefused(
                "別の年度や回の表から書き出したExcelです。この表から書き出したものを選んでください。"
            )

    def _match_sent_keys(self, rows: list[ReadRow]) -> None:
        """Settle rows whose visible key is not the one they were sent with: copied rows, and changed keys."""
        visible = Counter(key_text(self.spec, row.key) for row in rows if row.key is not None)
        for row in rows:
            if not row.sent_key or row.key is None or row.sent_key == key_text(self.spec, row.key):
                continue
            sent_key = key_from_text(self.spec, row.sent_key)
            if sent_key is None or visible[row.sent_key]:
                row.sent_key = row.version = ""  # a row copied to make a new one
            elif self.spec.keys_may_change:
                row.key = sent_key
            else:
                self._refuse_key_change(row, sent_key)

    def _refuse_key_change(self, row: ReadRow, sent_key: Key) -> None:
        for name, sent in zip(self.spec.key, sent_key, strict=True):
            column = self.spec.column(name)
            if column.plain(row.values[name]) == column.plain(sent):
                continue
            shown = column.show(sent, self.lookups)
            row.errors.append(
                FoundError(
                    where=self.reader.where(row, name),
                    message=f"「{column.header}」が、渡した時の {shown} から変わっています",
                    cure=f"{shown} に戻す。新しい行なら、行を挿入して入れ直す",
                    header=column.header,
                    value=column.show(row.values[name], self.lookups),
                    wrong=column.show(row.values[name], self.lookups),
                    label=row.label,
                    row_number=row.number,
                )
            )

    def _plan_row(self, row: ReadRow, current: Mapping[Key, CurrentRow]) -> None:
        found = current.get(row.key) if row.key is not None else None
        if found is not None:
            self._keep_references(row, found)
        if row.key is None or row.errors:
            self.result.errors += row.errors
            return
        if found is None:
            self._plan_addition(row)
        elif row.removed:
            self._add(self._planned(row, ChangeKind.REMOVE, found, reason=row.reason))
        else:
            self._plan_change(row, found)

    def _keep_references(self, row: ReadRow, found: CurrentRow) -> None:
        """A reference that came back as it stands is no change, even if its key means nothing today."""
        for name, text in row.named.items():
            column = self.spec.column(name)
            pk = found.values.get(name)
            if (
                text
                and pk is not None
                and name not in self.spec.key
                and column.write(pk, self.lookups) == text
            ):
                row.keep_reference(name, pk)

    def _plan_addition(self, row: ReadRow) -> None:
        if row.removed:
            self._error(row, self.spec.key[0], "消す行が登録にありません", "行を消すか、番号を確かめる")
        elif row.version:
            message = "渡した後に、この行の記録は画面で消されました"
            self._error(row, self.spec.key[0], message, "行を消す。加え直すなら、行を挿入して入れ直す")
        else:
            values = {
                c.name: row.values.get(c.name, c.empty if c.default is None else c.default)
                for c in self.spec.columns
            }
            cells = [
                CellChange(c, self.reader.where(row, c.name), c.empty, values[c.name])
                for c in self.spec.columns
                if c.plain(values[c.name]) != c.plain(c.empty)
            ]
            self._add(self._planned(row, ChangeKind.ADD, None, values=values, cells=cells))

    def _plan_change(self, row: ReadRow, found: CurrentRow) -> None:
        now = plain_values(self.spec, found.values)
        version = row_version(found, now)
        sent = self.sent.rows.get(row.sent_key) if row.sent_key else None
        cells, same = [], 0
        for column in self.spec.columns:
            if column.name not in row.values or not column.editable:
                continue
            cell = merge_cell(
                column,
                self.reader.where(row, column.name),
                before=found.values.get(column.name),
                now=now[column.name],
                after=row.values[column.name],
                sent=sent.get(column.name, UNKNOWN) if sent is not None else UNKNOWN,
                stale=bool(row.version) and row.version != version,
            )
            if cell is None:
                same += 1
            else:
                cells.append(cell)
        kind = ChangeKind.CHANGE if cells else None
        values = {**found.values, **row.values}
        self._add(
            self._planned(row, kind, found, version=version, values=values, cells=cells, same_cells=same)
        )

    def _planned(
        self, row: ReadRow, kind: ChangeKind | None, found: CurrentRow | None, **rest: Any
    ) -> PlannedRow:
        key = row.key or ()
        where = f"{self.layout.sheet.name}!{row.number}行目"
        label = row.label or " ".join(str(part) for part in key)
        return PlannedRow(kind, row.number, where, key, key_text(self.spec, key), label, found, **rest)

    def _add(self, planned: PlannedRow) -> None:
        """Keep a row after its rules and rights were checked as if every conflict took the file's value."""
        everything = {(planned.key_text, cell.column.name): Side.THEIRS for cell in planned.conflicts()}
        change = planned.change(everything)
        if change is None or not self._objections(planned, change):
            self.result.rows.append(planned)

    def _objections(self, planned: PlannedRow, change: RowChange) -> bool:
        before = len(self.result.errors)
        if self.check_rights:
            self._check_rights(planned, change)
        if change.kind is not ChangeKind.REMOVE:
            for problem in self.spec.validate(change):
                column = (
                    self.spec.column(problem.column) if problem.column else self.spec.column(self.spec.key[0])
                )
                self._note(planned, column.name, problem.message, problem.cure, change)
        return len(self.result.errors) > before

    def _check_rights(self, planned: PlannedRow, change: RowChange) -> None:
        verb = {ChangeKind.ADD: "加える", ChangeKind.CHANGE: "変える", ChangeKind.REMOVE: "消す"}[change.kind]
        if not self.rights[change.kind] or not self.spec.may_write_row(change, self.user):
            name = next(iter(change.changed), self.spec.key[0])
            self._note(
                planned, name, f"この行を{verb}権限がありません", "行を元に戻すか、事務局に頼む", change
            )

    def _note(self, planned: PlannedRow, name: str, message: str, cure: str, change: RowChange) -> None:
        row = ReadRow(planned.number, values=dict(change.values), label=planned.label)
        self._error(row, name, message, cure)

    def _error(self, row: ReadRow, name: str, message: str, cure: str) -> None:
        column = self.spec.column(name)
        shown = column.show(row.values.get(name), self.lookups)
        where = self.reader.where(row, name)
        self.result.errors.append(
            FoundError(where, message, cure, column.header, shown, shown, row.label, row.number)
        )
