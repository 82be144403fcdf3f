"""Shares, visible changes, standardised rates and the crossover, beside statsmodels and simulation."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    power_proportions_2indep,
    proportion_confint,
    proportion_effectsize,
)

from tenshu.engines.estimation import (
    Cell,
    InputError,
    crossover,
    difference_of_shares,
    pooled_standard,
    power_of_change,
    smallest_visible_change,
    standardised_rate,
    wilson,
)
from tenshu.engines.estimation.__main__ import main

pytestmark = pytest.mark.engine

QUICK = settings(max_examples=150, deadline=None, derandomize=True)
SHARES = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@QUICK
@given(share=SHARES)
def test_wilson_agrees_with_statsmodels(share: tuple[int, int]) -> None:
    found = wilson(*share)
    lower, upper = proportion_confint(*share, method="wilson")
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=1e-9)
    assert found.lower - 1e-12 <= found.value <= found.upper + 1e-12


@QUICK
@given(first=SHARES, second=SHARES)
def test_newcombe_agrees_with_statsmodels(first: tuple[int, int], second: tuple[int, int]) -> None:
    found = difference_of_shares(first, second)
    lower, upper = confint_proportions_2indep(*second, *first, method="newcomb")
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=1e-9)


@pytest.mark.parametrize(("rate", "change", "size"), [(0.1, -0.03, 900), (0.3, 0.1, 200), (0.5, 0.02, 5000)])
def test_power_agrees_with_statsmodels(rate: float, change: float, size: int) -> None:
    other = power_proportions_2indep(change, rate, size, ratio=1, alpha=0.05, return_results=False)
    assert power_of_change(rate, change, size, size) == pytest.approx(other, abs=1e-3)


@QUICK
@given(rate=st.floats(0.02, 0.98), first=st.integers(20, 20_000), second=st.integers(20, 20_000))
def test_the_smallest_visible_change_has_just_the_wanted_power(rate: float, first: int, second: int) -> None:
    for change in smallest_visible_change(rate, first, second).values():
        if change is not None:
            assert power_of_change(rate, change, first, second) == pytest.approx(0.8, abs=1e-6)


def test_the_smallest_visible_change_is_near_the_arcsine_power_of_statsmodels() -> None:
    fall = smallest_visible_change(0.12, 4000, 4000)["fall"]
    assert fall is not None
    size = abs(proportion_effectsize(0.12, 0.12 + fall))
    assert NormalIndPower().power(size, 4000, 0.05) == pytest.approx(0.8, abs=0.01)


def test_a_change_that_cannot_be_seen_is_none() -> None:
    assert smallest_visible_change(0.05, 20, 20)["fall"] is None
    with pytest.raises(ValueError, match="range"):
        smallest_visible_change(0, 10, 10)


def test_a_harder_drill_does_not_make_a_division_worse() -> None:
    easy, hard = [Cell("易", 10, 100), Cell("難", 3, 10)], [Cell("易", 1, 10), Cell("難", 30, 100)]
    standard = pooled_standard([easy, hard])
    first, second = standardised_rate(easy, standard), standardised_rate(hard, standard)
    assert first.crude == pytest.approx(13 / 110)
    assert second.crude == pytest.approx(31 / 110)
    assert first.value == pytest.approx(second.value) == pytest.approx(0.2)


@QUICK
@given(cells=st.lists(SHARES, min_size=1, max_size=5))
def test_a_standardised_rate_to_its_own_mix_is_the_crude_rate(cells: list[tuple[int, int]]) -> None:
    own = [Cell(str(k), hits, count) for k, (hits, count) in enumerate(cells)]
    found = standardised_rate(own, pooled_standard([own]))
    assert found.value == pytest.approx(found.crude)
    assert found.lower <= found.value + 1e-12
    assert found.value <= found.upper + 1e-12


def test_one_class_gives_the_wilson_interval_and_missing_classes_are_named() -> None:
    found = standardised_rate([Cell("易", 7, 80)], {"易": 1.0, "難": 1.0})
    share = wilson(7, 80)
    assert (found.lower, found.upper) == pytest.approx((share.lower, share.upper))
    assert found.missing == ("難",)
    with pytest.raises(ValueError, match="observed"):
        standardised_rate([], {"易": 1.0})


def substudy(
    seed: int, persons: int = 40, ratio: float = 0.8, learning: float = 0.9
) -> dict[str, list[object]]:
    """Everybody does one task each way; the second period goes faster; reports are doubled."""
    source = np.random.default_rng(seed)
    table: dict[str, list[object]] = {
        k: [] for k in ("person", "first", "minutes_with", "minutes_without", "reported_saved")
    }
    for person in range(persons):
        with_first = person % 2 == 0
        base = 30 * np.exp(source.normal(0, 0.4))
        noise = np.exp(source.normal(0, 0.15, 2))
        using = base * ratio * noise[0] * (1 if with_first else learning)
        without = base * noise[1] * (learning if with_first else 1)
        table["person"].append(f"p{person}")
        table["first"].append("with" if with_first else "without")
        table["minutes_with"].append(using)
        table["minutes_without"].append(without)
        table["reported_saved"].append(2 * 30 * (1 - ratio))
    return table


def test_the_crossover_recovers_the_time_ratio_free_of_learning() -> None:
    covered = 0
    ratios = []
    for seed in range(200):
        found = crossover(substudy(seed), replicates=100)
        ratios.append(found.time_ratio)
        covered += found.lower <= 0.8 <= found.upper
    assert np.mean(ratios) == pytest.approx(0.8, abs=0.01)
    assert 180 <= covered <= 199


def test_learning_shows_as_the_period_effect_and_overstatement_in_the_ratio() -> None:
    found = crossover(substudy(1, persons=2000), replicates=200)
    assert found.period_effect == pytest.approx(0.9, abs=0.02)
    assert found.measured_to_reported is not None
    assert found.measured_to_reported.value == pytest.approx(0.5, abs=0.1)


def test_ai_that_slows_down_is_shown_as_such() -> None:
    found = crossover(substudy(2, persons=200, ratio=1.19), replicates=100)
    assert found.lower > 1
    assert found.measured_to_reported is None


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("first", "AI", "2行目 first"),
        ("minutes_with", 0, "2行目 minutes_with"),
        ("minutes_without", "x", "2行目 minutes_without"),
    ],
)
def test_wrong_rows_of_the_substudy_are_named(column: str, value: object, words: str) -> None:
    table = substudy(0)
    table[column][0] = value
    with pytest.raises(InputError, match=words):
        crossover(table, file="b.csv")


def test_the_small_commands_print_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wilson", "7", "80", "--against", "3", "90"]) == 0
    assert json.loads(capsys.readouterr().out)["difference"]["value"] < 0
    assert main(["visible-change", "--rate", "0.12", "--first", "4000", "--second", "4000"]) == 0
    assert json.loads(capsys.readouterr().out)["fall"] == pytest.approx(-0.0196, abs=1e-3)
    (tmp_path / "d.csv").write_text("group,difficulty,hits,count\n甲,易,1,10\n乙,難,3,10", encoding="utf-8")
    assert main(["standardise", str(tmp_path / "d.csv")]) == 0
    assert set(json.loads(capsys.readouterr().out)["groups"]) == {"甲", "乙"}
    assert main(["wilson", "9", "8"]) == 2
    (tmp_path / "d.csv").write_text("group,difficulty,hits,count\n甲,易,11,10", encoding="utf-8")
    assert main(["standardise", str(tmp_path / "d.csv")]) == 2
    assert "d.csv: 2行目 hits・count" in capsys.readouterr().err
