"""The table: filter, sort, page, columns, totals, files; whatever the query says, a page comes back."""

import datetime
import io
from dataclasses import dataclass

import openpyxl
import pytest
from django.test import Client

from tenshu.ground.office.models import Unit
from tenshu.ground.ui.tables import Column, Table, number_column
from tenshu.ground.ui.tests.gallery import UnitTable

pytestmark = pytest.mark.django_db


@pytest.fixture
def browse(gallery, person):
    client = Client()
    client.force_login(person)
    return lambda query="", **headers: client.get(f"/gallery/{query}", headers=headers)


def table_of(response):
    return response.context["table"]


def names(response):
    return [unit.name for unit in table_of(response).page.object_list]


def test_it_says_what_it_counts_and_in_which_order(browse):
    html = browse().content.decode()
    assert "49組織中 1～20。番号の順。金額は千円。" in html


def test_a_header_sorts_and_says_so(browse):
    html = browse("?sort=-name").content.decode()
    assert 'aria-sort="descending"' in html
    assert "名前の逆順" in html
    assert "sort=name" in html


def test_pages_of_equal_values_do_not_overlap(browse):
    Unit.objects.update(kana="")
    seen = [name for page in (1, 2, 3) for name in names(browse(f"?sort=name&page={page}"))]
    assert len(seen) == len(set(seen)) == 49


def test_a_text_finds_full_and_half_width_alike(browse):
    assert names(browse("?q=見本１2課")) == ["見本12課"]


def test_filters_and_text_work_together(browse):
    parent = Unit.objects.get(name="福祉部")
    response = browse(f"?kind=division&parent={parent.pk}&q=見本1")
    assert all(unit.parent_id == parent.pk for unit in table_of(response).page.object_list)
    assert "条件をすべて外す" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?page=99999",
        "?page=x",
        "?page=-1",
        "?sort=nothing",
        "?sort=-",
        "?sort=kind__password",
        "?cols=nothing",
        "?kind=nothing",
        "?parent=abc",
        "?parent=99999999999999999999999",
        "?q=%00",
        "?q=%F0%9F%8F%AF",
        "?q=%25_%27%22%5C",
        "?parent=%00",
        "?out=exe",
        "?nendo=abc",
        "?q=" + "あ" * 3000,
    ],
)
def test_no_query_breaks_the_page(browse, query):
    assert browse(query).status_code == 200


def test_a_filter_that_cannot_be_read_is_left_out_and_told(browse):
    response = browse("?parent=abc")
    assert table_of(response).page.paginator.count == 49
    assert "「上位組織」の値が読めなかったため" in response.content.decode()


def test_columns_can_be_chosen_but_the_name_always_stays(browse):
    shown = [column.name for column in table_of(browse("?cols=kana&cols=valid_until")).shown_columns]
    assert shown == ["name", "valid_until", "kana"]


def test_totals_are_of_all_rows_not_of_the_page(browse):
    response = browse("?page=2")
    assert table_of(response).totals["sort_order"] == sum(Unit.objects.values_list("sort_order", flat=True))
    assert "49組織の合計" in response.content.decode()


def test_excel_gives_all_pages_with_the_shown_columns(browse):
    response = browse("?out=xlsx&cols=name&cols=sort_order&kind=division")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[1]] == ["名前", "上位組織", "R5予算（円）"]
    assert sheet.max_row == 1 + Unit.objects.filter(kind="division").count()
    assert "attachment" in response["Content-Disposition"]


def test_csv_comes_with_japanese_headings(browse):
    response = browse("?out=csv")
    assert response.content.decode("utf-8-sig").startswith("番号,名前,上位組織,時点修正,R5予算（円）")


def test_htmx_gets_only_the_result(browse):
    response = browse("?q=見本", **{"HX-Request": "true", "HX-Target": "div#rows-results"})
    html = response.content.decode()
    assert "<html" not in html
    assert "toolbar" not in html
    assert "HX-Request" in response["Vary"]


def test_nothing_found_offers_to_take_the_conditions_away(browse):
    assert "条件に合うものがありません" in browse("?q=zzzz").content.decode()


def test_nothing_recorded_tells_how_to_start(browse):
    table = UnitTable(browse().wsgi_request, Unit.objects.none())
    assert table.page.paginator.count == 0
    assert not table.is_narrowed


def test_the_number_of_queries_does_not_depend_on_the_rows(browse, django_assert_max_num_queries):
    browse()  # remembers what is asked once a process
    with django_assert_max_num_queries(18) as few:
        browse("?kind=department")
    with django_assert_max_num_queries(18) as many:
        browse()
    assert len(few) == len(many)


@dataclass
class Line:
    name: str
    size: int | None
    day: datetime.date


class LineTable(Table[Line]):
    caption, counter = "行", "行"
    search = ("name",)
    columns = (
        Column(name="name", label="名前", heading=True, sort=True),
        number_column("size", "大きさ", "件", total=lambda rows: sum(row.size or 0 for row in rows)),
    )


def test_plain_rows_sort_search_and_sum_too(rf):
    day = datetime.date(2024, 2, 14)
    lines = [Line("い", 3, day), Line("あ", None, day), Line("う", 1, day)]
    table = LineTable(rf.get("/?sort=-size"), lines)
    assert [line.name for line in table.page.object_list] == ["い", "う", "あ"]
    assert table.totals == {"size": 4}
    assert [line.name for line in LineTable(rf.get("/?q=う"), lines).page.object_list] == ["う"]
