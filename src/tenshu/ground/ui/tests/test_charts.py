"""Charts and plans: colours are classes, the finding is a sentence, the data stands beside."""

import datetime
import itertools
import re

import pytest
from django.template import Context, Template

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.charts import MoneyYear, Reading, columns_over_years, line_over_band, money_over_years
from tenshu.ground.ui.gantt import Bar, Gantt, Milestone, Row
from tenshu.ground.ui.marks import bar_svg, spark_svg
from tenshu.ground.ui.parts import Segment
from tenshu.ground.ui.tests.gallery import charts

VALUES = [("R4", 18), ("R5", 21)]


def show(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize("name", ["years", "money", "line", "heat"])
def test_a_picture_has_classes_and_no_colours_styles_or_ids(name):
    svg = charts()[name].svg
    assert not re.search(r"style=|#[0-9a-f]{6}|\sid=|font-family|<image|href", svg)
    assert "fill-" in svg
    assert 'role="img"' in svg


def test_a_chart_says_its_finding_and_shows_its_data():
    html = show("{% chart figure %}", figure=columns_over_years("5年の推移", VALUES, unit="件"))
    assert 'aria-label="5年の推移。R4の18件からR5の21件へ"' in html
    assert "表で見る" in html
    assert "<figcaption>" in html


def test_a_year_without_a_record_is_said_in_words():
    chart = columns_over_years("推移", [("R4", None), ("R5", 21)], unit="件")
    assert ["R4", "なし"] in [list(row) for row in chart.rows]
    assert "なし" in chart.svg


def test_this_year_is_dark_and_earlier_years_are_soft():
    svg = columns_over_years("推移", VALUES, unit="件").svg
    assert svg.count("fill-c1") == 1
    assert svg.count("fill-soft") == 1


def test_money_keeps_every_yen_in_the_table():
    chart = money_over_years("費用", [MoneyYear("R4", {"運用": 12_480_123}, 13_000_000)])
    assert list(chart.rows[0]) == ["R4", "12,480,123", "12,480,123", "13,000,000", "なし"]
    assert "12.5" in chart.svg


def test_a_document_gets_a_complete_picture_in_light_colours():
    svg = columns_over_years("推移", VALUES, unit="件").paper
    assert svg.startswith("<svg xmlns=")
    assert "#0017c1" in svg
    assert "#010101" not in svg


def test_the_same_picture_is_drawn_once(settings):
    columns_over_years("推移", VALUES, unit="件").svg  # noqa: B018
    columns_over_years("推移", VALUES, unit="件").svg  # noqa: B018
    assert len(list((settings.TENSHU_HOME / "cache" / "charts").glob("*.svg"))) == 1


def test_what_people_typed_cannot_leave_the_picture():
    chart = columns_over_years('"><script>x</script>', [("<b>", 1)], unit="件")
    assert "<script>" not in show("{% chart figure %}", figure=chart)


def test_a_measure_without_any_value_still_draws():
    at = datetime.datetime(2024, 2, 14)
    assert "<svg" in line_over_band("応答", [Reading(at, None), Reading(at, None)], unit="秒").svg


def test_a_bar_is_drawn_in_percent_and_nothing_for_nothing():
    svg = bar_svg([Segment("済", 1, "done"), Segment("未", 3, "none")], 4)
    assert 'width="25.0%"' in svg
    assert "p-done" not in bar_svg([Segment("済", 0, "done")], 0)


def test_spark_columns_of_nothing_are_nothing():
    assert spark_svg([]) == ""
    assert spark_svg([0, 0]).count("<rect") == 2


def plan(**kwargs):
    rows = [
        Row(
            "許認可WG",
            [Bar("調査", datetime.date(2023, 4, 1), datetime.date(2023, 9, 30))],
            [Milestone("決裁", datetime.date(2024, 3, 31))],
        )
    ]
    return Gantt("工程", rows, today=datetime.date(2023, 10, 1), **kwargs)


def test_a_bar_lies_where_its_days_lie():
    shape = next(iter(plan().lines)).shapes[0]
    assert shape.x == 0
    assert shape.width == pytest.approx(100 * 183 / 366, abs=0.01)
    assert plan().now == pytest.approx(50, abs=0.1)


def test_bars_and_milestones_never_cover_each_other():
    rows = [
        Row(
            "WG",
            [
                Bar("とても長い名前の仕事", datetime.date(2023, 4, 1), datetime.date(2023, 4, 30), "c1")
                for _ in range(3)
            ],
            [Milestone("決裁", datetime.date(2023, 5, 1)), Milestone("公表", datetime.date(2023, 5, 2))],
        )
    ]
    shapes = next(iter(Gantt("工程", rows, today=datetime.date(2023, 5, 1)).lines)).shapes
    for lane in {shape.lane for shape in shapes}:
        spans = sorted(shape.extent for shape in shapes if shape.lane == lane)
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_the_axis_takes_what_the_rows_need_or_what_it_is_told():
    assert [tick.label for tick in plan().ticks] == ["令和5年度", "7月", "10月", "1月"]
    assert [tick.label for tick in plan(last=FiscalYear(2025)).ticks] == ["R5", "R6", "R7"]


def test_today_is_not_drawn_when_it_is_not_on_the_axis():
    assert (
        Gantt("工程", plan().rows, FiscalYear(2023), FiscalYear(2023), datetime.date(2026, 1, 1)).now is None
    )


def test_a_plan_is_read_out_and_stands_as_a_table():
    html = show("{% gantt plan %}", plan=plan())
    assert "調査 令和5年4月1日～令和5年9月30日" in html
    assert "◆ 決裁" in html
