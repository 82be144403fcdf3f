"""One case a test: what the inspection says about a link, and why. All persons are invented."""

from pathlib import Path
from typing import Any

import pytest

from tenshu.engines.linkage import Items, Policy
from tenshu.engines.linkage.tests.samples import inspect, number, resident, row

pytestmark = pytest.mark.engine

TARO = resident(1)
HANAKO = resident(2, name="高橋\u3000花子", kana="タカハシ\u3000ハナコ", dob="1952-06-07", sex="女")
JIRO = resident(3, name="高橋\u3000次郎", kana="タカハシ\u3000ジロウ")
NAMESAKE = resident(4, addr="大阪府堺市堺区南瓦町３番１号")
STRANGER = resident(
    5,
    name="中村\u3000美咲",
    kana="ナカムラ\u3000ミサキ",
    dob="1990-12-25",
    sex="女",
    addr="大阪府八尾市本町１丁目１番１号",
)
EVERYBODY = [TARO, HANAKO, JIRO, NAMESAKE, STRANGER]


def only(
    folder: Path, rows: list[dict[str, Any]], residents: list[dict[str, Any]] = EVERYBODY, **changed: Any
) -> dict[str, Any]:
    """Result of the first row."""
    return inspect(folder, residents, rows, **changed)[0]


def test_another_notation_of_the_same_person_matches(tmp_path: Path) -> None:
    found = only(
        tmp_path,
        [
            row(
                "1",
                number(1),
                TARO,
                name="髙橋太郎",
                kana="ﾀｶﾊｼ ﾀﾛｳ",
                dob="S25.03.04",
                sex="1",
                addr="大阪市北区中之島一丁目2-3",
            )
        ],
    )
    assert (found["class"], found["claimed_person"], found["rank"]) == ("A", 1, None)
    assert found["reasons"] == set()


def test_a_mover_needs_eyes_but_is_not_wrong(tmp_path: Path) -> None:
    found = only(tmp_path, [row("1", number(5), STRANGER, addr="大阪市北区天満1-1")])
    assert found["class"] == "B"
    assert found["reasons"] == {"addr_different"}


def test_a_family_members_number_is_found_with_its_owner(tmp_path: Path) -> None:
    found = only(tmp_path, [row("1", number(1), HANAKO)])
    assert (found["class"], found["claimed_person"], found["best_other_person"]) == ("C", 1, 2)
    assert found["margin"] >= 3
    assert found["cause"] == "family"


def test_a_twins_number_is_found_although_only_the_name_differs(tmp_path: Path) -> None:
    found = only(tmp_path, [row("1", number(3), TARO)])
    assert (found["class"], found["best_other_person"], found["cause"]) == ("C", 1, "twin")


def test_a_namesake_of_the_same_day_is_told_from_a_mover_by_the_owner(tmp_path: Path) -> None:
    found = only(tmp_path, [row("1", number(4), TARO)])
    assert (found["class"], found["best_other_person"], found["cause"]) == ("C", 1, "namesake")


def test_two_equally_good_persons_are_asked_never_guessed(tmp_path: Path) -> None:
    found = only(tmp_path, [row("1", number(4), TARO, addr="大阪市西成区岸里1-1")])
    assert (found["class"], found["tie"]) == ("B", True)
    assert "tie" in found["reasons"]


def test_a_plainly_other_person_is_flagged_even_if_the_owner_has_left(tmp_path: Path) -> None:
    found = only(tmp_path, [row("1", number(5), TARO)], [STRANGER, HANAKO])
    assert (found["class"], found["best_other_person"]) == ("C", None)
    assert "no_owner" in found["reasons"]


def test_an_unlinked_row_gets_a_proposal_when_one_person_stands_out(tmp_path: Path) -> None:
    found = only(tmp_path, [row("1", "", STRANGER)])
    assert (found["class"], found["best_other_person"]) == ("U", 5)
    assert found["reasons"] == {"unlinked", "proposal"}


def test_an_unlinked_row_that_fits_two_persons_gets_none(tmp_path: Path) -> None:
    found = only(tmp_path, [row("1", "", TARO, addr="")])
    assert (found["class"], found["best_other_person"], found["tie"]) == ("U", None, True)


def test_a_number_of_nobody_is_told_apart_from_a_bad_one(tmp_path: Path) -> None:
    wrong_digit = number(5)[:-1] + str((int(number(5)[-1]) + 1) % 10)
    found = inspect(tmp_path, EVERYBODY, [row("1", number(99), STRANGER), row("2", wrong_digit, STRANGER)])
    assert [each["class"] for each in found] == ["N", "X"]
    assert [each["cause"] for each in found] == ["", "typo"]
    assert all(each["best_other_person"] == 5 for each in found)


def test_a_number_on_two_rows_is_a_duplicate(tmp_path: Path) -> None:
    found = inspect(tmp_path, EVERYBODY, [row("1", number(5), STRANGER), row("2", number(5), STRANGER)])
    assert [(each["class"], each["cause"]) for each in found] == [("D", "duplicate_number")] * 2


def test_one_programme_number_with_two_links_is_told(tmp_path: Path) -> None:
    found = inspect(tmp_path, EVERYBODY, [row("1", number(5), STRANGER), row("1", number(2), HANAKO)])
    assert {each["cause"] for each in found} == {"two_links"}


def test_programme_numbers_equal_but_for_zeros_explain_a_wrong_link(tmp_path: Path) -> None:
    found = inspect(tmp_path, EVERYBODY, [row("０123", number(5), HANAKO), row("123", number(5), STRANGER)])
    assert (found[0]["class"], found[0]["cause"]) == ("C", "number_collision")
    assert "pid_collides" in found[1]["reasons"]


def people(count: int) -> list[dict[str, Any]]:
    """Persons with nothing in common."""
    kanji = "一二三四五六七八九"
    return [
        resident(
            at + 10,
            name=f"{kanji[at]}山\u3000{kanji[-at - 1]}郎",
            kana=f"{'アイウエオカキクケ'[at]}ヤマ\u3000{'サシスセソタチツテ'[at]}ロウ",
            dob=f"19{40 + at}-0{at + 1}-1{at}",
            addr=f"大阪府吹田市千里{at + 1}丁目{at + 3}番{at + 5}号",
        )
        for at in range(count)
    ]


def test_a_shifted_block_is_named_as_such(tmp_path: Path) -> None:
    crowd = people(8)
    rows = [row(str(at), number(at + 10 - 1 if at else 10), person) for at, person in enumerate(crowd)]
    found = inspect(tmp_path, crowd, rows)
    assert [each["class"] for each in found[1:]] == ["C"] * 7
    assert {each["cause"] for each in found[1:]} == {"row_shift"}


def test_a_number_from_elsewhere_in_the_batch_is_named(tmp_path: Path) -> None:
    crowd = people(8)
    rows = [row(str(at), number(at + 10), person) for at, person in enumerate(crowd)]
    rows[2]["mynumber"] = number(10 + 6)
    found = inspect(tmp_path, crowd, rows)
    assert (found[2]["class"], found[2]["cause"]) == ("C", "batch_neighbour")


def test_residents_of_one_facility_do_not_hide_a_wrong_link(tmp_path: Path) -> None:
    crowd = [person | {"addr": "大阪府吹田市千里1丁目1番1号"} for person in people(9)]
    found = inspect(tmp_path, crowd, [row("1", number(13), crowd[0])])
    assert (found[0]["class"], found[0]["best_other_person"]) == ("C", 10)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"dob": "1990-12-05"}, "dob_one_part"),
        ({"dob": "平成2年12月日不詳"}, "dob_partial"),
        ({"dob": ""}, "dob_unknown"),
        ({"sex": "男"}, "sex_different"),
        ({"addr": "大阪府八尾市本町９丁目"}, "addr_town_only"),
        ({"name": "田辺\u3000美咲", "kana": ""}, "name_given_only"),
        ({"name": "中村\u3000美崎", "kana": ""}, "name_near"),
        ({"name": "MISAKI LEE", "kana": ""}, "name_script"),
        ({"name": "中村\u3000美崎"}, "name_kana_only"),
    ],
)
def test_every_difference_has_its_reason(tmp_path: Path, changed: dict[str, str], reason: str) -> None:
    found = only(tmp_path, [row("1", number(5), STRANGER, **changed)])
    assert found["class"] == "B"
    assert reason in found["reasons"]


def test_an_unprintable_character_does_not_hide_a_match(tmp_path: Path) -> None:
    found = only(tmp_path, [row("1", number(5), STRANGER, name="●村\u3000美咲", kana="")])
    assert found["class"] == "B"
    assert found["reasons"] == set()
    assert found["score"] > 20


def test_a_bracketed_alias_is_a_name_too(tmp_path: Path) -> None:
    lee = resident(6, name="LEE MIN（通称：安田 健）", kana="イ ミン", dob="1980-02-03")
    found = only(tmp_path, [row("1", number(6), lee, name="安田健", kana="")], [lee])
    assert found["reasons"] == set()


def test_a_programme_without_sex_and_address_judges_by_the_rest(tmp_path: Path) -> None:
    policy = Policy(items=Items(sex="absent", addr="absent"))
    found = only(tmp_path, [row("1", number(5), STRANGER, sex="男", addr="")], policy=policy)
    assert found["class"] == "A"


def test_an_optional_item_may_be_missing_but_not_differ(tmp_path: Path) -> None:
    policy = Policy(items=Items(addr="optional"))
    rows = [row("1", number(5), STRANGER, addr=""), row("2", number(2), HANAKO, addr="大阪市北区天満1-1")]
    assert [each["class"] for each in inspect(tmp_path, EVERYBODY, rows, policy=policy)] == ["A", "B"]


def test_wrong_links_come_first_in_the_order_of_review(tmp_path: Path) -> None:
    rows = [
        row("1", number(5), STRANGER),
        row("2", number(2), HANAKO, addr="大阪市北区天満1-1"),
        row("3", "", TARO),
        row("4", number(1), STRANGER),
        row("5", number(99), HANAKO),
    ]
    found = inspect(tmp_path, EVERYBODY, rows)
    assert [each["class"] for each in sorted(found, key=lambda each: each["rank"] or 99)] == [
        "C",
        "N",
        "B",
        "U",
        "A",
    ]
