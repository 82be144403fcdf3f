"""The worksheet of a table question: typed columns, a column to remove rows by, the hidden keys of the rows."""

from xlsxwriter.worksheet import Worksheet

from tenshu.ground.exchange import MultipleChoiceColumn
from tenshu.ground.exchange.cells import guard
from tenshu.ground.exchange.export import display_width, finish_for_print
from tenshu.ground.exchange.layout import REQUIRED_MARK
from tenshu.ground.exchange.offered_lists import OfferedLists
from tenshu.ground.exchange.styles import Styles
from tenshu.mechanisms.inquiry.reading import Item
from tenshu.mechanisms.inquiry.workbook_cells import cell, how_to_fill
from tenshu.mechanisms.inquiry.workbook_layout import CARRIED_ROW, MARK, REMOVE, key_heading
from tenshu.mechanisms.inquiry.workbook_validation import cell_style, validate, write_cell
from tenshu.mechanisms.questionnaire.parts import parts_of

HEADER_ROW = 2
_SPARE_ROWS = 1_000
_GREY = "#F2F2F2"
_REMOVING = "この行を回答から除くときは○を選びます。行のセルをすべて空にしても、除くことになります。"


def write_table(page: Worksheet, item: Item, styles: Styles, lists: OfferedLists) -> None:
    """Title, headings, the rows; last year's rows stand in it while nobody has confirmed them."""
    question, columns = item.question, parts_of(item.question)
    carried = not item.rows and item.waits_for_confirmation and bool(item.carried_rows)
    rows = item.carried_rows if carried else item.rows
    first, last = HEADER_ROW + 1, HEADER_ROW + len(rows) + _SPARE_ROWS
    text = question.text.splitlines()[0] if question.text else ""
    page.write_string(0, 0, guard(f"{question.code} {text}"), styles.title)
    note = "1件を1行に入れます。行は下に足せます。"
    if carried:
        note = "前回の行が出ています。残すときは、シート「回答」の「今年も同じ」に○を入れます。直した行と足した行も取り込みます。"
    page.write_string(1, 0, note, styles.note)
    formats = [cell_style(styles, column) for column in columns]
    for index, column in enumerate(columns):
        heading = f"{column.heading}\n{REQUIRED_MARK}" if column.required else column.heading
        style = styles.heading_required if column.required else styles.heading
        page.write_string(HEADER_ROW, index, guard(heading), style)
        if isinstance(column, MultipleChoiceColumn):
            page.write_comment(HEADER_ROW, index, how_to_fill(column), {"x_scale": 2, "y_scale": 2})
        width = max(column.natural_width, min(display_width(column.heading) + 3, 40))
        page.set_column(index, index, width, formats[index])
        validate(page, (first, index, last, index), column, lists)
    after = _own_columns(page, len(columns), last, styles, carried=carried)
    page.write_string(HEADER_ROW, after, key_heading(question), styles.heading)
    page.set_column(after, after, 8, None, {"hidden": True})
    too_long = styles.make(bg_color=_GREY, num_format="@")
    for number, row in enumerate(rows, start=first):
        for index, column in enumerate(columns):
            write_cell(
                page, number, index, cell(column, row.values.get(column.name)), formats[index], too_long
            )
        if carried:
            page.write_string(number, after - 1, MARK, styles.make(bg_color=_GREY, align="center"))
        page.write_string(number, after, row.key)
    page.freeze_panes(first, 1)
    page.autofilter(HEADER_ROW, 0, max(first, HEADER_ROW + len(rows)), after - 1)
    page.protect("", _ALLOWED)
    finish_for_print(page)
    page.repeat_rows(HEADER_ROW)


_ALLOWED = dict.fromkeys(
    (
        *("insert_rows", "delete_rows", "sort", "autofilter"),
        *("format_cells", "format_columns", "format_rows"),
    ),
    True,
)


def _own_columns(page: Worksheet, index: int, last: int, styles: Styles, *, carried: bool) -> int:
    """The column to remove rows by, and the mark of last year's rows; returns the place after them."""
    page.write_string(HEADER_ROW, index, REMOVE, styles.heading)
    page.set_column(index, index, 8, styles.make(locked=False, num_format="@", align="center"))
    hint = {"input_title": REMOVE, "input_message": _REMOVING}
    area = (HEADER_ROW + 1, index, last, index)
    page.data_validation(*area, {"validate": "list", "source": [MARK], **hint})
    if not carried:
        return index + 1
    page.write_string(HEADER_ROW, index + 1, CARRIED_ROW, styles.heading)
    page.set_column(index + 1, index + 1, 10)
    return index + 2
