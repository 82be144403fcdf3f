"""The register of systems in and out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from tenshu.ground.access.models import User
from tenshu.ground.exchange import (
    CodeColumn,
    ColumnSpec,
    CurrentRow,
    DateColumn,
    Key,
    LongTextColumn,
    ModelDirectory,
    ReferenceColumn,
    RowChange,
    RowProblem,
    RowRefused,
    TableSpec,
    TextColumn,
)
from tenshu.ground.office.sheets import UNITS
from tenshu.ground.systems.actions import RowsRefused, SystemRow, do_save_systems
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import SEES_REGISTER, systems_for

SYSTEMS = ModelDirectory("systems.System", key="number", label="name", noun="システム")


class SystemTable(TableSpec):
    """システム.xlsx: one row a system."""

    name = "systems"
    title = "システム"
    noun = "システム"
    key = ("number",)
    label = "name"
    opens_from = "systems:system-list"
    columns: Sequence[ColumnSpec] = (
        CodeColumn("number", "番号", required=True, longest=20, also=("システム番号",)),
        TextColumn("name", "名称", required=True, longest=200, also=("システム名",)),
        TextColumn("kana", "かな", longest=300),
        ReferenceColumn("owner", "所管コード", required=True, directory=UNITS, help="今の組織コードを入れる"),
        LongTextColumn("purpose", "目的"),
        DateColumn("started_on", "運用開始日"),
        DateColumn("ended_on", "運用終了日"),
        DateColumn("candidate_from", "最適化対象開始日"),
        DateColumn("candidate_until", "最適化対象終了日"),
    )

    def may_export(self, user: User) -> bool:
        from tenshu.ground.access.queries import holds_any

        return holds_any(user, SEES_REGISTER)

    def rows(self, user: User) -> Iterable[CurrentRow]:
        return (self._row(system) for system in systems_for(user).order_by("number"))

    def current(self, keys: Collection[Key]) -> Mapping[Key, CurrentRow]:
        numbers = {key[0] for key in keys}
        return {(system.number,): self._row(system) for system in System.objects.filter(number__in=numbers)}

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        values = row.values
        if values["started_on"] and values["ended_on"] and values["ended_on"] < values["started_on"]:
            yield RowProblem("ended_on", "運用終了日が運用開始日より前です", "どちらかの日を直す")
        if values["candidate_until"] and not values["candidate_from"]:
            yield RowProblem("candidate_from", "最適化対象開始日が空です", "開始日を入れる")
        elif values["candidate_until"] and values["candidate_until"] < values["candidate_from"]:
            yield RowProblem("candidate_until", "最適化対象終了日が開始日より前です", "どちらかの日を直す")

    def save(self, changes: Sequence[RowChange], *, acting_user: User) -> None:
        rows = [
            SystemRow(change.pk, {("owner_id" if k == "owner" else k): v for k, v in change.values.items()})
            for change in changes
        ]
        try:
            do_save_systems(rows, acting_user=acting_user)
        except RowsRefused as refused:
            raise RowRefused(changes[refused.index], refused.messages[0], column=refused.field) from refused

    def _row(self, system: System) -> CurrentRow:
        values: dict[str, Any] = {
            column.name: getattr(system, "owner_id" if column.name == "owner" else column.name)
            for column in self.columns
        }
        return CurrentRow(system.pk, values)


SYSTEM_TABLE = SystemTable()
TABLES: list[TableSpec] = [SYSTEM_TABLE]
