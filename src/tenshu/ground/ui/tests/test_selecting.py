"""Ticking rows: the boxes, the bar, and the rows that a page of an action finds again."""

import pytest
from django.test import RequestFactory

from tenshu.ground.office.models import Unit
from tenshu.ground.ui.selecting import BulkAction, selected
from tenshu.ground.ui.tables import Column, Table
from tenshu.ground.ui.tests.gallery import UnitTable

pytestmark = pytest.mark.django_db


class PlainTable(Table[Unit]):
    caption = "組織"
    page_size = 5
    columns = (Column(name="name", label="名前", heading=True, sort=True),)


def table_of(query="", kind=UnitTable, rows=None):
    table = kind(RequestFactory().get(f"/list/{query}"), Unit.objects.all() if rows is None else rows)
    table.bulk = [BulkAction("催促する", "/remind/")]
    return table


def html_of(table):
    from django.template.loader import render_to_string

    return render_to_string("ui/table/results.html", {"table": table})


def test_every_row_has_a_box_that_the_row_names_and_the_bar_has_the_actions(person):
    html = html_of(table_of())
    first = table_of().page.object_list[0]
    assert html.count('type="checkbox" name="row"') == 20
    assert f'value="{first.pk}" form="rows-bulk" aria-labelledby="rows-row-{first.pk}"' in html
    assert f'id="rows-row-{first.pk}"' in html
    assert 'formaction="/remind/">催促する' in html
    assert "この画面の20組織すべて" in html
    assert "条件に合う49組織すべて" in html


def test_a_table_without_actions_has_neither_boxes_nor_bar(person):
    table = table_of()
    table.bulk = ()
    html = html_of(table)
    assert 'name="row"' not in html
    assert "rows-bulk" not in html


def test_the_bar_carries_filters_text_and_order_and_the_number_of_the_page(person):
    table = table_of("?kind=division&q=課&sort=-name&page=2&cols=name&out=")
    assert table.selection is not None
    assert table.selection.kept == [("kind", "division"), ("q", "課"), ("sort", "-name"), ("at", "2")]


def test_ticked_rows_are_found_if_they_belong_to_the_list(person):
    own, other = Unit.objects.filter(kind="division")[:2]
    department = Unit.objects.filter(kind="department").first()
    query = f"?kind=division&row={own.pk}&row={other.pk}&row={department.pk}&row=x&row={'9' * 30}"
    assert set(selected(table_of(query))) == {own, other}
    assert selected(table_of("?kind=division")) == []


def test_all_on_the_page_and_all_that_match(person):
    page = table_of("?sort=name&page=2").page.object_list
    assert selected(table_of("?sort=name&which=page&at=2")) == list(page)
    assert len(selected(table_of("?kind=division&which=all"))) == Unit.objects.filter(kind="division").count()


def test_plain_rows_are_chosen_alike(person):
    rows = list(Unit.objects.order_by("pk")[:12])
    assert selected(table_of(f"?row={rows[3].pk}", PlainTable, rows)) == [rows[3]]
    assert selected(table_of("?which=page&at=2", PlainTable, rows)) == rows[5:10]
    assert selected(table_of("?which=all", PlainTable, rows)) == rows
