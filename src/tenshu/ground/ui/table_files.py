"""A table as a file: all rows that are left, with the shown columns, as Excel or CSV."""

from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from django.db.models import Model
from django.http import HttpResponse
from django.utils import timezone

from tenshu.ground.ui.columns import Column

if TYPE_CHECKING:
    from tenshu.ground.ui.tables import Table

type FileKind = Literal["xlsx", "csv"]

_CONTENT_TYPES: dict[FileKind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def file_kind_of(asked: str | None) -> FileKind | None:
    """The kind of file that ``out=`` asks for, or None for a page."""
    match asked:
        case "xlsx":
            return "xlsx"
        case "csv":
            return "csv"
        case _:
            return None


def file_of(table: "Table[Any]", kind: FileKind) -> HttpResponse:
    """The answer that saves ``table`` as a file."""
    from tenshu.ground.exchange import export_table

    title = table.file_name or table.caption or "一覧"
    headers = [label for column in table.shown_columns for label in _labels(column)]
    lines = [[v for c in table.shown_columns for v in _values(c, row)] for row in table.rows]
    response = HttpResponse(export_table(title, headers, lines, kind), content_type=_CONTENT_TYPES[kind])
    name = f"{title}_{timezone.localdate():%Y%m%d}.{kind}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _labels(column: Column) -> list[str]:
    return (
        [column.file_label, column.under_label]
        if column.under and column.under_label
        else [column.file_label]
    )


def _values(column: Column, row: Any) -> list[Any]:
    value = column.exported(row)
    if column.under and column.under_label:
        under = column.under_text(row)
        return [value, str(under) if isinstance(under, Model) else under]
    return [value]
