"""The other components: what they write for readers and for the keyboard."""

import datetime

import pytest
from django.template import Context, Template

from tenshu.ground.ui.parts import Crumb, EvidenceLine, Fact, Segment, Step, Tab
from tenshu.ground.ui.tests.gallery import charts, parts
from tenshu.ground.ui.todo import TodoItem


def show(source, **context):
    return Template(source).render(Context(context))


def test_the_current_tab_is_marked():
    html = show("{% tabs items %}", items=[Tab("すべて", "/a/", True, 135), Tab("未提出", "/b/")])
    assert 'aria-current="page">すべて' in html
    assert html.count("aria-current") == 1


def test_the_breadcrumb_takes_pairs_or_a_list():
    pairs = show('{% crumbs "庁内DX" "" "カルテ" "/k/" %}')
    listed = show("{% crumbs trail %}", trail=[Crumb("庁内DX"), Crumb("カルテ", "/k/")])
    assert pairs == listed
    assert 'aria-label="現在地"' in pairs


def test_an_order_of_work_says_what_is_done_and_where_it_stands():
    html = show("{% steps items %}", items=[Step("受け取る", "done"), Step("直す", "now")])
    assert "（済み）" in html
    assert 'aria-current="step"' in html


def test_a_button_of_a_task_names_its_task():
    html = show("{% task item %}", item=TodoItem("カルテを直す", "/x/", action_label="直す"))
    assert 'class="sr">：カルテを直す' in html


def test_a_due_task_shows_its_day_in_the_tone_of_the_days_left():
    item = TodoItem("カルテを直す", "/x/", datetime.date(2024, 2, 15))
    assert 'data-tone="warning"' in show("{% task item days_left=1 %}", item=item)


def test_tasks_sort_by_due_date_and_those_without_come_last():
    items = [TodoItem("い", "/"), TodoItem("あ", "/", datetime.date(2024, 2, 15))]
    assert [item.title for item in sorted(items, key=lambda item: item.sort_key)] == ["あ", "い"]


def test_a_progress_bar_has_its_words_and_counts_beside_it():
    html = show(
        "{% progress segments %}", segments=[Segment("確認済", 78, "done"), Segment("入力中", 17, "typing")]
    )
    assert "確認済 <b>78</b>" in html
    assert 'fill="url(#hatch)"' in html


def test_a_low_share_has_the_second_colour():
    assert "p-low" in show("{% meter 52 %}")
    assert "p-done" in show("{% meter 74 %}")


def test_an_empty_fact_is_said_in_words():
    assert "なし" in show("{% facts items %}", items=[Fact("業者", None)])
    assert "例田 太郎" in show("{% facts items %}", items={"主担当": "例田 太郎"})


def test_hits_in_evidence_are_marked_and_the_rest_escaped():
    line = EvidenceLine(1, '<script src="cdn.example">', "+", ["cdn.example"])
    assert show("{% marked line %}", line=line) == "&lt;script src=&quot;<mark>cdn.example</mark>&quot;&gt;"


def test_a_conflict_offers_what_can_be_chosen():
    html = show("{% conflict clash %}", clash=parts()["clash"])
    assert html.count('type="radio"') == 2
    assert html.count("checked") == 1
    assert "<legend>" in html


@pytest.mark.parametrize("tone", ["neutral", "info", "success", "warning", "danger"])
def test_a_banner_has_an_icon_in_every_tone(tone):
    html = show('{% banner tone title="題" live=True %}<p>文</p>{% endbanner %}', tone=tone)
    assert f'data-tone="{tone}"' in html
    assert "<svg" in html
    assert "role=" in html


def test_no_component_writes_a_style():
    html = show(
        "{% figure_strip tiles %}{% key_facts key %}{% next_card next %}{% progress segments %}"
        "{% feed news %}"
        "{% wizard wizard_steps %}{% attached links %}{% evidence before after %}{% conflict clash %}"
        "{% gantt plan %}{% chart years %}",
        **parts(),
        **charts(),
    )
    assert "style=" not in html
    assert "<script" not in html
