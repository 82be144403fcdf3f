"""Three ways: what was sent, what came back, what stands now."""

import io

import openpyxl
import pytest

from tenshu.ground.exchange.plan import Side
from tenshu.ground.exchange.spec import ChangeKind
from tenshu.ground.exchange.tests.bringing_in import bring_in, edited, planned, saved, sent_out, workbook
from tenshu.ground.exchange.tests.memory_table import MemoryTable

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(table: MemoryTable) -> MemoryTable:
    table.put("0001", name="一", text="本文")
    table.put("0002", name="二")
    return table


def test_a_value_that_came_back_as_sent_does_not_undo_a_change_made_meanwhile(two: MemoryTable) -> None:
    content = edited(sent_out(two), {"C2": "新しい本文"})
    two.put("0001", name="画面で直した", text="本文")
    bring_in(two, content)
    assert two.records["0001"]["name"] == "画面で直した"
    assert two.records["0001"]["text"] == "新しい本文"


def test_both_sides_changed_to_the_same_is_no_conflict(two: MemoryTable) -> None:
    content = edited(sent_out(two), {"B2": "同じ"})
    two.put("0001", name="同じ", text="本文")
    assert [row.kind for row in planned(two, content).rows] == [None, None]


def test_both_sides_changed_differently_is_a_conflict_with_three_values(two: MemoryTable) -> None:
    content = edited(sent_out(two), {"B2": "ファイル"})
    two.put("0001", name="画面", text="本文")
    plan = planned(two, content)
    (cell,) = plan.rows[0].conflicts()
    assert (cell.sent, cell.before, cell.after) == ("一", "画面", "ファイル")
    assert plan.unresolved({}) == 1
    key = (plan.rows[0].key_text, "name")
    assert plan.changes({key: Side.OURS}) == []
    assert plan.changes({key: Side.THEIRS})[0].values["name"] == "ファイル"


def without_sheet(content: bytes) -> bytes:
    """The visible sheet copied into another workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    del book["_tenshu"]
    return saved(book)


def test_a_copied_sheet_still_tells_by_its_versions_what_changed_meanwhile(two: MemoryTable) -> None:
    content = without_sheet(edited(sent_out(two), {"B2": "ファイル", "B3": "ファイル"}))
    two.put("0001", name="画面", text="本文")
    plan = planned(two, content)
    assert [sum(1 for _ in row.conflicts()) for row in plan.rows] == [1, 0]


def test_sent_values_that_were_tampered_with_are_not_believed(two: MemoryTable) -> None:
    content = edited(sent_out(two), {"B2": "ファイル"})
    two.put("0001", name="画面", text="本文")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = book["_tenshu"]["A3"]
    cell.value = cell.value.replace(r"\u4e00", r"\u753b\u9762")
    plan = planned(two, saved(book))
    assert [c.is_conflict for c in plan.rows[0].cells] == [True]


def test_moved_columns_sorted_rows_and_a_renamed_sheet_are_taken(two: MemoryTable) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sent_out(two)))
    page = book["見本"]
    page.title = "見本 (2)"
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    page.delete_rows(1, page.max_row)
    for row in [rows[0], *reversed(rows[1:])]:
        page.append(list(reversed(row)))
    plan = planned(two, saved(book))
    assert plan.errors == []
    assert [row.kind for row in plan.rows] == [None, None]


def test_a_row_copied_to_make_a_new_one_is_added(two: MemoryTable) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sent_out(two)))
    page = book["見本"]
    copy = [cell.value for cell in page[2]]
    page.append(["0003", "三", *copy[2:]])
    plan = bring_in(two, saved(book))
    assert [row.kind for row in plan.rows] == [None, None, ChangeKind.ADD]
    assert two.records["0003"]["text"] == "本文"


def test_a_changed_key_is_an_error_that_names_the_old_one(two: MemoryTable) -> None:
    (error,) = planned(two, edited(sent_out(two), {"A3": "0009"})).errors
    assert error.where == "見本!A3"
    assert "0002" in error.message


def test_a_key_may_change_where_the_table_says_so(two: MemoryTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemoryTable, "keys_may_change", True)
    plan = planned(two, edited(sent_out(two), {"A3": "0009"}))
    assert plan.rows[1].change({}).values["number"] == "0009"  # type: ignore[union-attr]
    assert plan.rows[1].change({}).key == ("0002",)  # type: ignore[union-attr]


def test_a_record_removed_meanwhile_is_told(two: MemoryTable) -> None:
    content = sent_out(two)
    del two.records["0002"]
    (error,) = planned(two, content).errors
    assert "消されました" in error.message


def test_a_row_is_removed_only_with_the_mark_and_a_reason(two: MemoryTable) -> None:
    content = sent_out(two)
    headings = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content))["見本"][1]]
    mark = openpyxl.utils.get_column_letter(headings.index("削除") + 1)
    reason = openpyxl.utils.get_column_letter(headings.index("理由") + 1)
    (error,) = planned(two, edited(content, {f"{mark}3": "○"})).errors
    assert "理由" in error.message
    bring_in(two, edited(content, {f"{mark}3": "○", f"{reason}3": "統合したため"}))
    assert list(two.records) == ["0001"]
    assert two.saved[-1].reason == "統合したため"


def test_a_workbook_of_another_table_is_refused(two: MemoryTable, monkeypatch: pytest.MonkeyPatch) -> None:
    from tenshu.ground.files.refusals import FileRefused

    content = sent_out(two)
    monkeypatch.setattr(MemoryTable, "name", "another")
    with pytest.raises(FileRefused, match="別の表"):
        planned(two, content)


def test_cells_that_only_show_are_never_taken(two: MemoryTable) -> None:
    content = sent_out(two)
    headings = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content))["見本"][1]]
    letter = openpyxl.utils.get_column_letter(headings.index("登録者") + 1)
    plan = planned(two, edited(content, {f"{letter}2": "別人"}))
    assert [row.kind for row in plan.rows] == [None, None]


def test_columns_that_the_file_lacks_keep_their_values(two: MemoryTable) -> None:
    bring_in(two, workbook([["名称", "番号"], ["新一", "0001"]]))
    assert two.records["0001"]["name"] == "新一"
    assert two.records["0001"]["text"] == "本文"
