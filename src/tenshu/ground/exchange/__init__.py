"""Ground: the one way in and out for tables (Excel, CSV). See docs/dev/exchange.md."""

from tenshu.ground.exchange.choices import ChoiceColumn, MultipleChoiceColumn
from tenshu.ground.exchange.columns import BooleanColumn, CodeColumn, ColumnSpec, LongTextColumn, TextColumn
from tenshu.ground.exchange.dates import DateColumn
from tenshu.ground.exchange.export import TableKind, export_table
from tenshu.ground.exchange.lookups import Directory, Entry, InFile, ModelDirectory, ReferenceColumn
from tenshu.ground.exchange.quantities import (
    DecimalColumn,
    FiscalYearColumn,
    HeadCountColumn,
    IntegerColumn,
    YenColumn,
)
from tenshu.ground.exchange.spec import (
    ChangeKind,
    CurrentRow,
    Key,
    RowChange,
    RowProblem,
    RowRefused,
    TableSpec,
    YearFile,
)

__all__ = [
    "BooleanColumn",
    "ChangeKind",
    "ChoiceColumn",
    "CodeColumn",
    "ColumnSpec",
    "CurrentRow",
    "DateColumn",
    "DecimalColumn",
    "Directory",
    "Entry",
    "FiscalYearColumn",
    "HeadCountColumn",
    "InFile",
    "IntegerColumn",
    "Key",
    "LongTextColumn",
    "ModelDirectory",
    "MultipleChoiceColumn",
    "ReferenceColumn",
    "RowChange",
    "RowProblem",
    "RowRefused",
    "TableKind",
    "TableSpec",
    "TextColumn",
    "YearFile",
    "YenColumn",
    "export_table",
]
