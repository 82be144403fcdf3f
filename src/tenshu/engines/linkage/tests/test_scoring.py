"""Evidence: symmetric, equal to a plain reading of the rules, and blind to nothing but what is absent."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.linkage import Policy, Seal
from tenshu.engines.linkage.normalise import normalise_items
from tenshu.engines.linkage.scoring import score_pairs
from tenshu.engines.linkage.slips import is_slip
from tenshu.engines.linkage.statements import COMPARED
from tenshu.engines.linkage.text_overlap import overlap

pytestmark = pytest.mark.engine

NAMES = [
    "高橋 太郎",
    "髙橋太郎",
    "高橋 次郎",
    "中村 美咲",
    "●橋 太郎",
    "LEE MIN",
    "LEE MIN（通称：高橋 太郎）",
    "",
]
KANA = ["タカハシ タロウ", "ﾀｶﾊｼ ｼﾞﾛｳ", "ナカムラ ミサキ", "イ ミン", ""]
DATES = [
    "1950-03-04",
    "S25.04.03",
    "1950-03-14",
    "1951-03-04",
    "昭和25年月日不詳",
    "昭和25年3月日不詳",
    "1988-01-01",
    "",
]
ADDRESSES = [
    "大阪市北区中之島1-2-3",
    "大阪府大阪市北区中之島１丁目２番３号",
    "大阪市北区中之島9",
    "八尾市本町1-1",
    "",
]
PERSONS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "kana": st.sampled_from(KANA),
        "dob": st.sampled_from(DATES),
        "sex": st.sampled_from(["男", "2", ""]),
        "addr": st.sampled_from(ADDRESSES),
    }
)


def score(left: list[dict[str, str]], right: list[dict[str, str]]) -> pl.DataFrame:
    """Score persons against persons, row by row."""
    sides = []
    for prefix, people in (("r", left), ("p", right)):
        frame = pl.DataFrame(people).with_columns(pl.lit("").alias("mynumber"))
        items = normalise_items(frame, Seal(bytes(32))).select(COMPARED)
        sides.append(items.rename({name: f"{prefix}_{name}" for name in COMPARED}))
    keys = pl.DataFrame({"row": range(len(left)), "person": range(len(left))})
    return score_pairs(pl.concat([keys, *sides], how="horizontal"), Policy())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(PERSONS, PERSONS), min_size=1, max_size=20))
def test_the_score_does_not_depend_on_the_side(pairs: list[tuple[dict[str, str], dict[str, str]]]) -> None:
    left, right = [list(side) for side in zip(*pairs, strict=True)]
    assert score(left, right).equals(score(right, left))


@settings(deadline=None, max_examples=40)
@given(st.lists(PERSONS, min_size=1, max_size=20))
def test_nobody_fits_better_than_oneself(people: list[dict[str, str]]) -> None:
    own = score(people, people)["score"]
    other = score(people, people[::-1])["score"]
    assert all(mine >= theirs for mine, theirs in zip(own, other, strict=True))


def test_absent_items_count_neither_for_nor_against() -> None:
    person = {
        "name": "高橋 太郎",
        "kana": "タカハシ タロウ",
        "dob": "1950-03-04",
        "sex": "男",
        "addr": "中之島1-2",
    }
    bare = person | {"sex": "", "addr": ""}
    assert score([person], [bare])["score"].item() == 1700


def naive(left: str, right: str) -> tuple[int, int]:
    """Common prefix and suffix of two texts, a wildcard agreeing with anything."""

    def run(one: str, other: str) -> int:
        length = 0
        for a, b in zip(one, other, strict=False):
            if a != b and "●" not in (a, b):
                break
            length += 1
        return length

    return run(left, right), run(left[::-1], right[::-1])


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.text("高橋太郎●ab", max_size=6), st.text("高橋太郎●ab", max_size=6)),
        min_size=1,
        max_size=20,
    )
)
def test_overlaps_agree_with_a_plain_comparison(pairs: list[tuple[str, str]]) -> None:
    left, right = [pl.Series(list(side), dtype=pl.String) for side in zip(*pairs, strict=True)]
    found = overlap(left, right)
    assert list(zip(found.prefix.tolist(), found.suffix.tolist(), strict=True)) == [
        naive(*pair) for pair in pairs
    ]


@pytest.mark.parametrize(
    ("written", "right", "slip"),
    [
        ("123456789012", "123456789013", True),
        ("123456789012", "213456789012", True),
        ("123456789012", "23456789012", True),
        ("123456789012", "1234456789012", True),
        ("123456789012", "123456789012", False),
        ("123456789012", "923456789019", False),
    ],
)
def test_a_slip_of_the_hand_is_one_change(written: str, right: str, slip: bool) -> None:
    assert is_slip(written, right) is slip


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(0, 10**12 - 1), max_size=30))
def test_tokens_are_equal_exactly_for_equal_numbers(numbers: list[int | None]) -> None:
    column = pl.Series("n", numbers, dtype=pl.Int64)
    tokens = Seal(b"k" * 32).tokens(column).to_list()
    assert tokens == Seal(b"k" * 32).tokens(column).to_list()
    assert [token is None for token in tokens] == [value is None for value in numbers]
    assert len(set(tokens)) == len(set(numbers))
    others = Seal(b"x" * 32).tokens(column).to_list()
    assert not {token for token in tokens if token} & {token for token in others if token}
