"""A table of every kind of column whose records live in memory: for properties of the exchange itself."""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from tenshu.ground.access.models import User
from tenshu.ground.exchange import (
    BooleanColumn,
    ChangeKind,
    ChoiceColumn,
    CodeColumn,
    CurrentRow,
    DateColumn,
    DecimalColumn,
    FiscalYearColumn,
    HeadCountColumn,
    IntegerColumn,
    Key,
    LongTextColumn,
    MultipleChoiceColumn,
    RowChange,
    RowProblem,
    TableSpec,
    TextColumn,
    YenColumn,
)


class Colour(models.TextChoices):
    """Sample choices."""

    RED = "red", "赤"
    BLUE = "blue", "青・水色"
    GREEN = "green", "緑"


class MemoryTable(TableSpec):
    """見本の表."""

    name = "memory-samples"
    title = "見本"
    noun = "見本"
    key = ("number",)
    label = "name"
    removable = True
    columns = (
        CodeColumn("number", "番号", required=True, digits=4),
        TextColumn("name", "名称", required=True, longest=2_000),
        LongTextColumn("text", "本文", longest=60_000),
        IntegerColumn("count", "台数", unit="台", minimum=None),
        DecimalColumn("rate", "割合", unit="%", places=12, minimum=None),
        YenColumn("budget", "当初予算", negative=True),
        YenColumn("settlement", "決算", unit="円"),
        DateColumn("day", "開始日"),
        BooleanColumn("is_open", "公開"),
        BooleanColumn("is_marked", "印", words=("○", ""), default=False),
        FiscalYearColumn("year", "年度"),
        ChoiceColumn("colour", "色", choices=Colour),
        MultipleChoiceColumn("colours", "色々", choices=Colour),
        HeadCountColumn("people", "人数"),
        TextColumn("author", "登録者", editable=False),
    )

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.pks: dict[str, int] = {}
        self.saved: list[RowChange] = []
        self._next = itertools.count(1)

    def put(self, number: str, **values: Any) -> None:
        """A record, its other values empty."""
        blank = {c.name: c.empty if c.default is None else c.default for c in self.columns}
        self.records[number] = {**blank, "name": f"名称{number}", **values, "number": number}
        self.pks.setdefault(number, next(self._next))

    def rows(self, user: User) -> Iterable[CurrentRow]:
        return [CurrentRow(self.pks[n], dict(values)) for n, values in self.records.items()]

    def current(self, keys: Collection[Key]) -> Mapping[Key, CurrentRow]:
        return {(n,): CurrentRow(self.pks[n], dict(v)) for n, v in self.records.items() if (n,) in keys}

    def save(self, changes: Sequence[RowChange], *, acting_user: User) -> None:
        for change in changes:
            self.saved.append(change)
            if change.kind is ChangeKind.REMOVE:
                del self.records[change.key[0]]
            else:
                self.put(change.key[0], **{k: v for k, v in change.values.items() if k != "number"})

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        if row.values.get("name") == "禁じた名":
            yield RowProblem("name", "この名称は使えません", "別の名称にする")

    def _is_editor(self, user: User) -> bool:
        return True
