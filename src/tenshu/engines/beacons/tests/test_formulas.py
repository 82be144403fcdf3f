"""The SQL of the score against the plain formulas, and their invariants."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.beacons.databases import DuckDatabase
from tenshu.engines.beacons.formulas import RULES, Window, scored
from tenshu.engines.beacons.rows import unscored_types
from tenshu.engines.beacons.tests.reference import beacon

pytestmark = pytest.mark.engine

START, END = 1_775_433_000, 1_775_519_400
PARTS = ("ts_score", "ds_score", "hist_score", "dur_score", "beacon")


@pytest.fixture(scope="module")
def db():
    database = DuckDatabase(500_000_000, threads=1)
    yield database
    database.close()


def scores(
    db: DuckDatabase, pairs: list[tuple[list[int], list[int]]], window: str
) -> list[dict[str, object]]:
    """Scores of pairs of (seconds, sizes), in order."""
    frame = pl.DataFrame(
        {
            "n": range(len(pairs)),
            "secs": [[t - START for t in times] for times, _ in pairs],
            "sizes": [sizes for _, sizes in pairs],
        },
        schema={"n": pl.Int64, "secs": pl.List(pl.Int32), "sizes": pl.List(pl.Int64)},
    )
    db.table("made", frame)
    sql = scored(
        db.dialect, "made", RULES[window], Window(START, END), "n", unscored_types("duckdb"), "len(secs)"
    )
    return db.frame(f"SELECT * FROM ({sql}) ORDER BY n").to_dicts()


pairs_of_any_kind = st.lists(
    st.tuples(
        st.lists(st.integers(START - 600, END), min_size=0, max_size=80),
        st.lists(st.integers(0, 50_000), min_size=0, max_size=40),
    ),
    min_size=1,
    max_size=12,
)
beacon_like = st.builds(
    lambda first, period, count, wobble, size: (
        [min(END, first + n * period + wobble[n % len(wobble)]) for n in range(count)],
        [size + wobble[n % len(wobble)] for n in range(count)],
    ),
    st.integers(START, START + 40_000),
    st.integers(20, 4000),
    st.integers(1, 120),
    st.lists(st.integers(0, 30), min_size=1, max_size=7),
    st.integers(0, 5000),
)


@pytest.mark.parametrize("window", ["rita", "own"])
@settings(max_examples=60, deadline=None)
@given(pairs=st.one_of(pairs_of_any_kind, st.lists(beacon_like, min_size=1, max_size=12)))
def test_the_sql_agrees_with_the_plain_formulas(db, window, pairs):
    found = scores(db, pairs, window)
    for (times, sizes), row in zip(pairs, found, strict=True):
        expected = beacon(times, sizes, START, END, own=window == "own")
        if expected is None:
            assert row["beacon"] is None
            continue
        assert {name: row[name] for name in PARTS} == pytest.approx(expected, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(pairs=st.lists(beacon_like, min_size=1, max_size=8))
def test_every_score_lies_between_0_and_1(db, pairs):
    for window in RULES:
        for row in scores(db, pairs, window):
            assert all(row[name] is None or -1e-12 <= row[name] <= 1 + 1e-12 for name in PARTS)


@settings(max_examples=30, deadline=None)
@given(pairs=st.lists(beacon_like, min_size=1, max_size=6), seed=st.randoms())
def test_the_order_of_the_rows_does_not_matter(db, pairs, seed):
    shuffled = [(seed.sample(t, len(t)), seed.sample(z, len(z))) for t, z in pairs]
    assert scores(db, pairs, "own") == scores(db, shuffled, "own")


def test_seconds_before_the_window_fall_into_the_first_bin(db):
    times = [START - 600 + 600 * n for n in range(100)]
    row = scores(db, [(times, [100] * 100)], "rita")[0]
    assert row["hourly"][0] == 1 + sum(1 for t in times if START <= t < START + 3600)
    assert sum(row["hourly"]) == 100


def test_a_perfect_beacon_of_an_office_day_scores_1_in_the_own_window_only(db):
    times = [START + 9 * 3600 + 300 * n for n in range(119)]
    office = (times, [500] * len(times))
    assert scores(db, [office], "own")[0]["beacon"] == pytest.approx(1.0, abs=0.02)
    assert scores(db, [office], "rita")[0]["beacon"] < 0.75


def test_three_different_seconds_are_too_few_for_a_score(db):
    times = [START, START, START + 60, START + 120, START + 120]
    assert scores(db, [(times, [1] * 5)], "own")[0]["beacon"] is None


def test_a_pair_that_knocks_every_second_is_a_strobe_without_beacon_score(db):
    row = scores(db, [([START + n % 86_400 for n in range(86_400)], [60] * 86_400)], "own")[0]
    assert row["strobe"] is True
    assert row["beacon"] is None


def test_the_interval_histogram_counts_every_interval(db):
    times = [START + 300 * n for n in range(200)]
    row = scores(db, [(times, [100] * 200)], "own")[0]
    assert sum(row["intervals"]) == 199
    assert row["interval_median"] == 300
