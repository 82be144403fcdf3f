"""The lists of the exchange's pages: errors, cells that change, rows, imports."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import django_filters
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenshu.ground.exchange.models import ImportRun, PreviewCell, PreviewError, PreviewLine
from tenshu.ground.ui.tables import Column, Table, chip_column

_LONGEST_SHOWN = 60
EMPTY = format_html('<span class="none">{}</span>', "空")


def marked_value(error: PreviewError) -> SafeString:
    """The value of a wrong cell with its wrong characters marked."""
    if not error.value:
        return EMPTY
    shown = error.value if len(error.value) <= _LONGEST_SHOWN else f"{error.value[:_LONGEST_SHOWN]}…"
    before, found, after = shown.partition(error.wrong) if error.wrong else (shown, "", "")
    return format_html('<span class="wrong">{}<mark>{}</mark>{}</span>', before, found, after)


def cell_reference(where: str) -> SafeString:
    """会議!C5 in the type of cells."""
    return format_html('<span class="cell-ref">{}</span>', where)


def row_name(label: str) -> SafeString:
    """The name of a row, on one line when it is short."""
    return format_html('<span class="nowrap">{}</span>' if len(label) <= 16 else "{}", label)


def old_value(cell: PreviewCell) -> SafeString:
    """The value that goes."""
    return format_html('<span class="from">{}</span>', cell.before or "空")


def new_value(cell: PreviewCell) -> SafeString:
    """The value that comes."""
    return format_html("<b>{}</b>", cell.after) if cell.after else EMPTY


def named_after[T: Table[Any]](table: type[T], noun: str) -> type[T]:
    """``table`` with ``noun`` (システム, 職員) over the column that names the row."""
    columns = tuple(replace(column, label=noun) if column.heading else column for column in table.columns)
    return type(table.__name__, (table,), {"columns": columns})


class ErrorTable(Table[PreviewError]):
    """誤り, in the order of the file."""

    caption = "セルごとの誤り"
    counter = "か所"
    search = ("label", "header", "message", "where")
    search_label = "場所・項目・内容で絞る"
    page_size = 50
    empty_title = "誤りはありません"
    columns: ClassVar[Sequence[Column]] = (
        Column(name="where", label="場所", show=cell_reference, wrap=False),
        Column(
            name="label",
            label="行",
            heading=True,
            show=row_name,
            under=lambda e: e.header,
            under_label="項目",
        ),
        Column(name="value", label="入っていた値", value=marked_value, export=lambda e: e.value),
        Column(name="message", label="どこが違うか", under=lambda e: e.cure, under_label="直し方"),
    )


class CellFilter(django_filters.FilterSet):
    """By column of the table."""

    column = django_filters.ChoiceFilter(label="項目", empty_label="すべて")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.queryset is not None:
            pairs = self.queryset.order_by("header").values_list("column", "header").distinct()
            self.filters["column"].extra["choices"] = list(pairs)

    class Meta:
        model = PreviewCell
        fields: ClassVar[list[str]] = ["column"]


class CellTable(Table[PreviewCell]):
    """変更, one line a cell."""

    caption = "変わる値"
    counter = "か所"
    search = ("label", "before", "after")
    search_label = "行の名・値で絞る"
    filterset_class = CellFilter
    page_size = 50
    empty_title = "変わる値はありません"
    columns: ClassVar[Sequence[Column]] = (
        Column(name="label", label="行", heading=True, show=row_name),
        Column(name="header", label="項目"),
        Column(name="before", label="いまの値", value=old_value, export=lambda c: c.before),
        Column(name="after", label="取り込む値", value=new_value, export=lambda c: c.after),
        Column(name="where", label="場所", show=cell_reference, wrap=False),
    )


class ConflictTable(CellTable):
    """衝突, one line a cell."""

    caption = "衝突"
    page_size = 20
    empty_title = "衝突はありません"
    columns: ClassVar[Sequence[Column]] = (
        *CellTable.columns[:2],
        Column(name="sent", label="Excelを渡した時"),
        *CellTable.columns[2:],
    )


class LineTable(Table[PreviewLine]):
    """追加・同じ: one line a row of the file."""

    caption = "ファイルの行"
    counter = "行"
    search = ("label", "summary")
    search_label = "行の名で絞る"
    page_size = 50
    empty_title = "当たる行はありません"
    columns: ClassVar[Sequence[Column]] = (
        Column(name="row_number", label="行番号", numeric=True),
        Column(name="label", label="行", heading=True, show=row_name),
        Column(name="summary", label="中身"),
    )


class SameTable(LineTable):
    """同じ: nothing changes."""

    caption = "変わらない行"
    columns: ClassVar[Sequence[Column]] = LineTable.columns[:2]


class RemovedTable(LineTable):
    """削除: with the reason that was given."""

    caption = "消える行"
    search = ("label", "reason")
    columns: ClassVar[Sequence[Column]] = (*LineTable.columns[:2], Column(name="reason", label="理由"))


class RunTable(Table[ImportRun]):
    """取込の履歴."""

    caption = "取込の履歴"
    counter = "件"
    search = ("title", "name", "created_by__display_name")
    search_label = "表・ファイル・人で絞る"
    file_name = "取込の履歴"
    empty_title = "まだ取込はありません"
    empty_text = "一覧の画面の「Excelから取り込む」から始めると、ここに残ります。"
    columns: ClassVar[Sequence[Column]] = (
        Column(
            name="name",
            label="ファイル",
            heading=True,
            link=lambda run: reverse("exchange:run-detail", args=[run.pk]),
            under=lambda run: run.title,
            under_label="表",
        ),
        chip_column("state_word", "状態"),
        Column(name="done", label="変わる行", value=lambda run: counts_sentence(run.counts)),
        Column(name="created_by", label="人", value=lambda run: run.created_by.display_name),
        Column(name="created_at", label="選んだ日時", sort=True, wrap=False),
    )
    default_sort = "-created_at"


def counts_sentence(counts: dict[str, int]) -> str:
    """追加 3、変更 12、削除 1."""
    words = (("追加", "added_rows"), ("変更", "changed_rows"), ("削除", "removed_rows"))
    shown = [f"{word} {counts[key]:,}" for word, key in words if counts.get(key)]
    if counts.get("errors"):
        shown.append(f"誤り {counts['errors']:,}か所")
    return "、".join(shown) or "変わる行なし"
