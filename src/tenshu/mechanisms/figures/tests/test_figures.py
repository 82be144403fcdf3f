"""Figures: measures keep the quality of the records, a year without records is 記録なし, closed values stay."""

import datetime
from decimal import Decimal

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from tenshu.annual.declared_figures import FIGURES as DECLARED
from tenshu.ground.access.actions import system_user
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.models import Unit
from tenshu.ground.quantities import HeadCount, Quality
from tenshu.mechanisms.figures.actions import do_freeze_figures
from tenshu.mechanisms.figures.measures import count, count_distinct, head_count, share_percent
from tenshu.mechanisms.figures.queries import compute_all, differences, frozen_value, newest_editions
from tenshu.mechanisms.figures.registry import all_figures
from tenshu.mechanisms.figures.values import FigureValue
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind, GatheringState

YEAR = FiscalYear(2023)


@pytest.fixture
def unit(db) -> Unit:
    return Unit.objects.create(code="1", kind="division", name="見本課", valid_from=datetime.date(2020, 4, 1))


def session(unit: Unit, people: int | None = None, quality: str = Quality.EXACT, **more) -> Gathering:
    values = {"kind": GatheringKind.TRAINING, "title": "研修", "held_on": datetime.date(2023, 6, 1)} | more
    return Gathering.objects.create(
        host=unit, state=GatheringState.HELD, attendance_count=people, attendance_quality=quality, **values
    )


def test_a_count_of_nothing_is_nothing_recorded_and_not_zero(unit):
    outcome = count()(Gathering.objects.all())
    assert (outcome.value, outcome.rows) == (None, 0)


def test_distinct_values_are_counted_once(unit):
    for title in ("甲", "甲", "乙"):
        session(unit, title=title)
    outcome = count_distinct("title")(Gathering.objects.all())
    assert (outcome.value, outcome.rows) == (2, 3)


@pytest.mark.parametrize(
    ("qualities", "expected"),
    [
        ([Quality.EXACT, Quality.EXACT], Quality.EXACT),
        ([Quality.EXACT, Quality.APPROXIMATE], Quality.APPROXIMATE),
        ([Quality.APPROXIMATE, Quality.AT_LEAST], Quality.AT_LEAST),
    ],
)
def test_a_sum_of_head_counts_keeps_the_weaker_quality(unit, qualities, expected):
    for quality in qualities:
        session(unit, 20, quality)
    session(unit)
    outcome = head_count("attendance_count", quality="attendance_quality")(Gathering.objects.all())
    assert (outcome.value, outcome.quality, outcome.rows) == (40, expected, 2)


def test_a_share_is_rounded_half_up_to_one_decimal(unit):
    for index in range(230):
        session(unit, title="開封" if index < 9 else "未開封")
    outcome = share_percent(Q(title="開封"))(Gathering.objects.all())
    assert (outcome.value, outcome.rows) == (Decimal("3.9"), 230)


@pytest.mark.parametrize(
    ("value", "qualifier", "unit", "text"),
    [
        (135, Quality.EXACT, "システム", "135システム"),
        (20, Quality.APPROXIMATE, "名", "約20名"),
        (163, Quality.AT_LEAST, "名", "163名以上"),
        (6677, Quality.EXACT, "名", "6,677名"),
        (Decimal("3.9"), Quality.APPROXIMATE, "%", "約3.9%"),
        (None, Quality.EXACT, "名", "記録なし"),
    ],
)
def test_a_value_is_written_as_the_report_writes_it(value, qualifier, unit, text):
    number = None if value is None else Decimal(value)
    assert FigureValue("k", "名称", unit, number, qualifier, 1).text == text


@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(list(Quality)))))
def test_head_counts_add_up_in_any_order(parts):
    counts = [HeadCount(number, quality) for number, quality in parts]
    total = HeadCount.total(counts)
    assert total == HeadCount.total(reversed(counts))
    assert total.count == sum(number for number, _ in parts)


def test_every_figure_of_the_report_is_declared_and_none_of_an_unbuilt_room_shows_a_number(db):
    assert len(DECLARED) == 26
    assert {declared.key for declared in DECLARED} <= set(all_figures())
    for value in compute_all(YEAR):
        assert value.missing
        assert value.text == "記録なし"
        assert value.as_json()["value"] is None


def test_a_frozen_figure_keeps_its_value_while_the_records_go_on(world):
    do_freeze_figures(YEAR, 1, acting_user=system_user())
    assert list(differences(YEAR)) == []
    system = world.objects["system"]
    system.candidate_until = datetime.date(2023, 5, 31)
    system.save()
    difference = next(d for d in differences(YEAR) if d.figure.key == "taskforce.systems")
    assert (difference.then.value, difference.now.value, difference.value_changed) == (2, 1, True)
    assert [(row.kind, row.label) for row in difference.rows] == [("removed", "総務事務システム")]


def test_a_row_that_only_changed_its_name_is_a_difference_without_a_change_of_the_value(world):
    do_freeze_figures(YEAR, 1, acting_user=system_user())
    group = world.objects["group"]
    group.name = "総務事務"
    group.save()
    (difference,) = differences(YEAR)
    assert not difference.value_changed
    assert [row.kind for row in difference.rows] == ["changed"]


def test_the_newest_edition_of_each_year_counts(world):
    for edition in (1, 2):
        do_freeze_figures(YEAR, edition, acting_user=system_user())
    newest = newest_editions().filter(year=YEAR.year)
    assert {item.edition for item in newest} == {2}
    assert frozen_value(newest.get(key="taskforce.systems")).text == "2システム"
