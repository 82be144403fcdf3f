"""What is found by which words, and in which order."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenshu.ground.access.roles import Role
from tenshu.ground.search import finding
from tenshu.ground.search.folding import clusters, fold
from tenshu.ground.search.tests.asking import SPELLINGS, found, title_of
from tenshu.ground.systems.actions import do_add_system
from tenshu.mechanisms.gathering import actions as gathering
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind

TEXTS = st.text(
    st.sampled_from("会議室情報標準化シスデータガパ髙﨑ＡａB1２①ー～。、 　\n"), min_size=2, max_size=60
)


@pytest.fixture
def secretary(indexed):
    return indexed.users[Role.SECRETARIAT]


def meeting(world, title, minutes="", held_on=datetime.date(2023, 5, 1)):
    row = Gathering(
        kind=GatheringKind.MEETING, title=title, host=world.objects["own"], held_on=held_on, minutes=minutes
    )
    return gathering.do_plan_gathering(row, acting_user=world.house.machine)


@pytest.mark.parametrize(
    "typed", ["事務", "総務事務", "ジム", "ｼｽﾃﾑ", "しすてむ", "0007", "０００７", "システム 総務"]
)
def test_a_system_is_found_by_parts_of_name_and_number(secretary, typed):
    expected = [] if typed == "ジム" else ["system 総務事務システム"]
    assert [hit for hit in found(secretary, typed, "system") if "総務" in hit] == expected


@pytest.mark.parametrize("typed", ["見本花子", "見本 花子", "花子", "みほん", "ﾐﾎﾝ", "ミホンハナコ", "1001"])
def test_a_person_is_found_by_name_reading_and_number(secretary, typed):
    assert "staff 見本 花子" in found(secretary, typed, "staff")


def test_all_words_have_to_stand_in_the_record(indexed, secretary):
    meeting(indexed, "年度末の打合せ", "予算の要求を確認した。")
    assert found(secretary, "予算 確認", "gathering") == ["gathering 年度末の打合せ"]
    assert found(secretary, "予算 否認", "gathering") == []


def test_words_in_quotes_stand_beside_each_other(indexed, secretary):
    meeting(indexed, "甲の会", "予算 要求")
    meeting(indexed, "乙の会", "要求した予算")
    assert found(secretary, '"予算 要求"', "gathering") == ["gathering 甲の会"]
    assert len(found(secretary, "予算 要求", "gathering")) == 2


def test_all_triples_of_a_long_word_are_not_the_word(indexed, secretary):
    meeting(indexed, "丙の会", "会議録の写し。議録音を聴く。")
    assert found(secretary, "会議録音を聴く", "gathering") == []


def test_one_letter_finds_beginnings_of_titles(indexed, secretary):
    meeting(indexed, "丁寧な会", "甲乙丙丁")
    meeting(indexed, "包丁の会")
    assert found(secretary, "丁") == ["gathering 丁寧な会"]


def test_titles_that_somebody_may_not_read_do_not_crowd_out_the_own_ones(indexed, monkeypatch):
    officer = indexed.users[Role.OFFICER]
    for number in range(30):
        row = Gathering(
            kind=GatheringKind.MEETING,
            title=f"衛生の会{number}",
            host=indexed.objects["other"],
            held_on=datetime.date(2023, 5, 1),
        )
        gathering.do_plan_gathering(row, acting_user=indexed.house.machine)
    meeting(indexed, "衛生委員会との打合せ")
    own = ["gathering 衛生委員会との打合せ"]
    assert titles(finding.find(officer, finding.Wording(("衛",)), kind="gathering", most=3)) == own
    monkeypatch.setattr(finding, "SORTED_WHOLE", 0)
    assert titles(finding.find(officer, finding.Wording(("衛生",)), kind="gathering", most=3)) == own


def titles(found_hits):
    return [f"{hit.source} {title_of(hit.source, hit.key)}" for hit in found_hits.hits]


def test_one_letter_beside_a_word_counts_too(indexed, secretary):
    meeting(indexed, "窓口の会", "甲案とする。")
    assert found(secretary, "窓口 甲", "gathering") == ["gathering 窓口の会"]
    assert found(secretary, "窓口 乙", "gathering") == []


def test_order_exact_beginning_inside_text_and_the_newer_first(indexed, secretary):
    meeting(indexed, "本文だけの会", "点検計画について")
    meeting(indexed, "今年の点検計画の会")
    meeting(indexed, "点検計画の会")
    meeting(indexed, "点検計画の古い会", held_on=datetime.date(2020, 1, 1))
    meeting(indexed, "点検計画")
    assert [hit.removeprefix("gathering ") for hit in found(secretary, "点検計画")] == [
        "点検計画",
        "点検計画の会",
        "点検計画の古い会",
        "今年の点検計画の会",
        "本文だけの会",
    ]


def test_a_whole_number_comes_before_everything(indexed, secretary):
    meeting(indexed, "0007番の会")
    assert found(secretary, "0007")[0] == "system 総務事務システム"


def test_no_kind_hides_the_others(indexed, secretary):
    for number in range(9):
        meeting(indexed, f"巡回点検 {number}")
    owner, machine = indexed.objects["own"], indexed.house.machine
    do_add_system({"number": "0300", "name": "巡回点検システム"}, owner, acting_user=machine)
    assert "system 巡回点検システム" in found(secretary, "巡回点検")[:4]


@pytest.mark.parametrize(
    "typed", ["' OR 1=1 --", '"', "%%", "*", "AND", "NEAR(", "会議\0", "\\", "(", "kind:system", "😀😀"]
)
def test_no_character_means_anything_to_the_database(secretary, typed):
    found(secretary, typed)


def test_more_hits_than_are_told_is_said(indexed, secretary, monkeypatch):
    for number in range(12):
        meeting(indexed, f"巡回点検 {number}", held_on=datetime.date(2012 + number, 5, 1))
    result = finding.find(secretary, finding.Wording((fold("巡回点検"),)), most=5)
    assert (len(result.hits), result.more) == (5, True)
    monkeypatch.setattr(finding, "SORTED_WHOLE", 3)
    by_years = finding.find(secretary, finding.Wording((fold("巡回点検"),)), most=5)
    assert (len(by_years.hits), by_years.more) == (5, True)


def test_very_frequent_words_find_the_same_year_by_year(indexed, secretary, monkeypatch):
    for number in range(12):
        meeting(indexed, f"第{number}の会", "巡回点検をした。", datetime.date(2012 + number, 5, 1))
        meeting(indexed, f"巡回点検の会{number}", "", datetime.date(2012 + number, 6, 1))
    usual = found(secretary, "巡回点検")
    monkeypatch.setattr(finding, "SORTED_WHOLE", 3)
    assert set(found(secretary, "巡回点検")) == set(usual)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS, data=st.data())
def test_whatever_part_of_a_text_finds_it(indexed, secretary, text, data):
    own = Gathering.objects.get(pk=indexed.objects["own_meeting"].pk)
    gathering.do_change_gathering(own, {"minutes": text}, acting_user=indexed.house.machine)
    letters = clusters(text)
    start = data.draw(st.integers(0, len(letters) - 1))
    part = "".join(letters[start : data.draw(st.integers(start + 1, len(letters)))])
    spelled = data.draw(st.sampled_from(SPELLINGS))(part)
    if len(fold(part)) >= 2:
        assert f"gathering {own.title}" in found(secretary, f'"{spelled}"', "gathering")
