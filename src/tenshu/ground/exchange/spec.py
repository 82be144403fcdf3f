"""What a room writes to have a table go in and out: ``TableSpec``, and ``YearFile`` for the year folder."""

import enum
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from tenshu.ground.access.roles import EDITORS, Role
from tenshu.ground.exchange.columns import ColumnSpec

if TYPE_CHECKING:
    from tenshu.ground.access.models import User

type Key = tuple[Any, ...]
"""The typed values of the key columns, in the order of ``TableSpec.key``."""


@dataclass(frozen=True, slots=True)
class CurrentRow:
    """A record as it stands now: its primary key, and its value by column name.

    ``version`` is any text that changes with the row; left empty, a hash of the values serves.
    """

    pk: Any
    values: Mapping[str, Any]
    version: str = ""


class ChangeKind(enum.StrEnum):
    """What a row of a file does to its record."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row to be saved.

    Args:
        kind: add, change or remove.
        key: typed natural key.
        pk: primary key of the record; ``None`` when added.
        values: all values after the change, by column name; a column that the file lacks keeps the value
            of the record (an added row gets the column's default).
        changed: names of the columns whose value differs from the record.
        reason: the text of 「理由」 of a removal.
        where: sheet and row of the file, for messages: 組織!5行目.
    """

    kind: ChangeKind
    key: Key
    pk: Any
    values: Mapping[str, Any]
    changed: frozenset[str] = frozenset()
    reason: str = ""
    where: str = ""
    row_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What ``validate`` found in a row: the column to point to, what is wrong and how to mend it."""

    column: str
    message: str
    cure: str = ""


class RowRefused(Exception):  # noqa: N818 - reads as what happened
    """Raised by ``save`` when an action refuses a row: the whole import is undone and the cell named."""

    def __init__(self, change: RowChange, message: str, *, column: str = "", cure: str = "") -> None:
        super().__init__(message)
        self.change = change
        self.problem = RowProblem(column, message, cure)


class TableSpec(ABC):
    """One table of a room, in and out. Subclass it, set the class attributes, write ``current`` and ``save``.

    Attributes:
        name: short English name, unique in the house; part of the URL /imports/<name>/.
        title: Japanese name: the sheet, the file and the page are called so.
        columns: the columns in the order of the file.
        key: names of the columns that tell one row from another.
        label: name of the column by which a person knows a row; the first key column when empty.
        noun: what one row is called on the preview page (システム, 職員).
        removable: adds the columns 「削除」 and 「理由」. Rows that a file lacks are never removed.
        keys_may_change: a row that came out with a hidden key may come back with other key values.
        editors: roles that may import by default; override the ``may_…`` methods for more.
        opens_from: URL name of the page that the table belongs to, for the way back.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    columns: Sequence[ColumnSpec]
    key: Sequence[str]
    label: ClassVar[str] = ""
    noun: ClassVar[str] = "行"
    removable: ClassVar[bool] = False
    keys_may_change: ClassVar[bool] = False
    editors: ClassVar[frozenset[Role]] = EDITORS
    opens_from: ClassVar[str] = ""

    scope: str = ""
    """Which part of the table this is (a fiscal year, a round); part of the URL as ?scope=."""

    @abstractmethod
    def current(self, keys: Collection[Key]) -> Mapping[Key, CurrentRow]:
        """The records with these natural keys, in bulk: a fixed number of queries."""

    @abstractmethod
    def save(self, changes: Sequence[RowChange], *, acting_user: "User") -> None:
        """Write all changes through the room's actions, inside a transaction; may raise ``RowRefused``."""

    def rows(self, user: "User") -> Iterable[CurrentRow]:
        """All records that ``user`` may take out, in the order of the file. Nothing gives an empty form."""
        return ()

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        """Rules over several columns of an added or changed row (終了日 before 開始日)."""
        return ()

    def scoped(self, scope: str) -> "TableSpec":
        """The part of this table that ``scope`` names; raises ``ValueError`` when there is none."""
        if scope:
            raise ValueError(scope)
        return self

    def may_export(self, user: "User") -> bool:
        """Whether ``user`` may take the table out."""
        return self.may_import(user)

    def may_import(self, user: "User") -> bool:
        """Whether ``user`` may bring the table in at all."""
        return self.may_add(user) or self.may_change(user)

    def may_add(self, user: "User") -> bool:
        """Whether ``user`` may add rows."""
        return self._is_editor(user)

    def may_change(self, user: "User") -> bool:
        """Whether ``user`` may change rows."""
        return self._is_editor(user)

    def may_remove(self, user: "User") -> bool:
        """Whether ``user`` may remove rows."""
        return self._is_editor(user)

    def may_write_row(self, change: RowChange, user: "User") -> bool:
        """Whether ``user`` may write this one row; for tables that a division edits only in part."""
        return True

    def _is_editor(self, user: "User") -> bool:
        from tenshu.ground.access.queries import (
            holds_any,
        )  # models are not loaded yet when specs are imported

        return holds_any(user, self.editors)

    def column(self, name: str) -> ColumnSpec:
        """The column called ``name``; raises ``KeyError``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class YearFile:
    """A file of the year folder (年度フォルダ).

    Args:
        path: relative to the folder: 01_組織/組織.xlsx. Suffix .xlsx or .csv.
        spec: its table.
        order: files are read in rising order: what is referred to comes first.
        sheet: name of the sheet; the spec's title when None.
        required: a folder without the file is an error.
    """

    path: str
    spec: TableSpec
    order: int
    sheet: str | None = None
    required: bool = False
