"""A table as a spreadsheet takes it from the clipboard."""

from typing import Any

from tenshu.ground.ui.tables import Table


def tabbed(table: Table[Any]) -> str:
    """All rows and all columns, whatever the page shows; cells apart by tabs."""
    lines = [[column.file_label for column in table.columns]]
    lines += [[_cell(column.exported(row)) for column in table.columns] for row in table.all_rows]
    return "\n".join("\t".join(line) for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return " ".join(str(value).split())
