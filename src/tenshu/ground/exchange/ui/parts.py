"""The preview page: its figures, its tabs, and the list of the part that is open."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.exchange.models import ImportRun, LineKind, PreviewCell
from tenshu.ground.exchange.preview import choices_of
from tenshu.ground.exchange.queries import taken_conflicts, undecided
from tenshu.ground.exchange.registry import find_table
from tenshu.ground.exchange.ui.links import table_url, way_back
from tenshu.ground.exchange.ui.tables import (
    CellTable,
    ConflictTable,
    ErrorTable,
    LineTable,
    RemovedTable,
    SameTable,
    named_after,
)
from tenshu.ground.ui.dates import day_text
from tenshu.ground.ui.parts import Conflict, ConflictValue, FigureTile, Tab
from tenshu.ground.ui.tables import Table

PARTS = {
    "errors": ("誤り", "errors"),
    "conflicts": ("衝突", "conflicts"),
    "changes": ("変更", "changed_cells"),
    "added": ("追加", "added_rows"),
    "removed": ("削除", "removed_rows"),
    "same": ("同じ", "same_rows"),
}
_TABLES: dict[str, type[Table[Any]]] = {
    "errors": ErrorTable,
    "conflicts": ConflictTable,
    "changes": CellTable,
    "added": LineTable,
    "removed": RemovedTable,
    "same": SameTable,
}
_LINES = {"added": LineKind.ADD, "removed": LineKind.REMOVE, "same": LineKind.SAME}


def page_of(request: HttpRequest, run: ImportRun, part: str) -> HttpResponse:
    """The page of ``run``, open at ``part`` or at the first part that has something in it."""
    opened = part or next((name for name, (_, key) in PARTS.items() if run.counts.get(key)), "same")
    spec = find_table(run.spec, run.scope)
    table = named_after(_TABLES[opened], spec.noun if spec else "行")(request, _rows(run, opened))
    left = undecided(run) if run.is_open and run.counts["conflicts"] else 0
    context = {
        "run": run,
        "part": opened,
        "part_label": PARTS[opened][0],
        "tiles": _tiles(run),
        "tabs": _tabs(run, opened),
        "undecided": left,
        "error_title": f"まだ何も取り込んでいません。誤りが {run.counts['errors']:,}か所あります",
        "conflicts": _conflicts(run, table) if opened == "conflicts" and run.is_open else [],
        "work": _work(run),
        "again_url": f"{_with(table_url(spec, 'table-import'), 'replaces', run.pk)}" if spec else "",
        "back": way_back(spec) if spec else ("", ""),
        "spec": spec,
    }
    return table.respond("exchange/run_detail.html", context)


def _rows(run: ImportRun, part: str) -> Any:
    if part == "errors":
        return run.errors.order_by("position")
    if part in ("changes", "conflicts"):
        return run.cells.filter(is_conflict=part == "conflicts").order_by("position")
    return run.lines.filter(kind=_LINES[part]).order_by("position")


def _tiles(run: ImportRun) -> list[FigureTile]:
    units = {"errors": "か所", "conflicts": "か所", "changes": "か所"}
    tiles = []
    for name, (label, key) in PARTS.items():
        url = reverse("exchange:run-detail", args=[run.pk, name])
        tiles.append(FigureTile(label, run.counts.get(key, 0), url, units.get(name, "件")))
    return tiles


def _tabs(run: ImportRun, opened: str) -> list[Tab]:
    return [
        Tab(
            label, reverse("exchange:run-detail", args=[run.pk, name]), name == opened, run.counts.get(key, 0)
        )
        for name, (label, key) in PARTS.items()
        if run.counts.get(key) or name == opened
    ]


def _conflicts(run: ImportRun, table: Table[Any]) -> list[Conflict]:
    """The conflicts of the table's page as three values to choose from."""
    decided = choices_of(run)
    return [
        _conflict(run, cell, decided.get((cell.key_text, cell.column), "")) for cell in table.page.object_list
    ]


def _conflict(run: ImportRun, cell: PreviewCell, chosen: str) -> Conflict:
    sent_on = f"（{day_text(timezone.localtime(run.sent_at).date(), 'plain')}）" if run.sent_at else ""
    sent = (cell.sent or "空") if cell.is_sent_known else "控えがありません"
    return Conflict(
        name=f"conflict-{cell.pk}",
        title=cell.label,
        item=cell.header,
        values=[
            ConflictValue(f"Excelを渡した時{sent_on}", sent),
            ConflictValue("いまの値", cell.before or "空", "ours"),
            ConflictValue("取り込む値", cell.after or "空", "theirs"),
        ],
        chosen=chosen,
    )


def _work(run: ImportRun) -> str:
    """What carrying out would do, in words: 「変更 214か所、追加 3件」."""
    counts = run.counts
    cells = counts["changed_cells"] + (taken_conflicts(run) if counts["conflicts"] else 0)
    words = [
        f"変更 {cells:,}か所" if cells else "",
        f"追加 {counts['added_rows']:,}件" if counts["added_rows"] else "",
        f"削除 {counts['removed_rows']:,}件" if counts["removed_rows"] else "",
    ]
    return "、".join(word for word in words if word)


def _with(url: str, key: str, value: object) -> str:
    return f"{url}{'&' if '?' in url else '?'}{key}={value}"
