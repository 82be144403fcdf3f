"""The trial estimate: against a known truth, its invariants, its refusals."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.estimation import (
    InputError,
    Settings,
    crossover,
    estimate_trial,
    fit_interval_model,
    hidden_cells,
    prices_from,
    trial_data,
    usage_strata,
    worst_case_bounds,
)
from tenshu.engines.estimation.__main__ import main

from .simulation import ENDS, simulated_trial

pytestmark = pytest.mark.engine

FEW = Settings(replicates=200)


def small(**changes: Any) -> tuple[dict[str, list[Any]], dict[str, list[Any]], dict[str, list[Any]]]:
    """Two divisions of six; the first of each never uses AI; everybody answers 10 to 30 minutes a week."""
    people = [f"p{i}" for i in range(12)]
    staff = {"person": people, "division": ["総務課"] * 6 + ["税務課"] * 6}
    usage = {"person": [p for i, p in enumerate(people) if i % 6], "calls": [10] * 10}
    survey = {"person": list(people), "saved_lo": [10] * 12, "saved_hi": [30] * 12}
    survey.update(changes)
    return staff, usage, survey


def test_the_estimate_is_near_the_truth_where_the_naive_one_doubles_it() -> None:
    truth = 0.0
    sums = {"naive": 0.0, "net": 0.0}
    covered = 0
    for seed in range(500, 512):
        data, minutes = simulated_trial(seed)
        result = estimate_trial(data, Settings(replicates=300, seed=seed))
        hours = minutes * 48 / 60
        truth += hours
        sums["net"] += result.net.value
        sums["naive"] += result.to_dict()["other_estimators"]["mean_of_answers_times_staff"]
        covered += result.net.lower <= hours <= result.net.upper
    assert sums["naive"] / truth > 2
    assert abs(sums["net"] / truth - 1) < 0.05
    assert covered >= 9


def test_the_truth_lies_within_the_worst_case_bounds() -> None:
    data, minutes = simulated_trial(7)
    bounds = estimate_trial(data, FEW).to_dict()["bounds"]
    assert bounds["lower"] <= minutes * 48 / 60 <= bounds["upper"]


def test_when_every_user_answers_nothing_is_left_to_chance() -> None:
    result = estimate_trial(trial_data(*small()), FEW)
    assert result.net.value == pytest.approx(10 * 20 * 48 / 60)
    assert result.net.lower == pytest.approx(result.net.upper)
    assert result.low.value == pytest.approx(10 * 10 * 48 / 60)
    assert result.high.value == pytest.approx(10 * 30 * 48 / 60)


def test_non_users_count_nothing_and_their_claims_are_reported() -> None:
    counts = estimate_trial(trial_data(*small()), FEW).to_dict()["counts"]
    assert counts["saved_time_without_use"] == 2
    assert counts["answered_users"] == 10


def test_checking_is_taken_off() -> None:
    result = estimate_trial(trial_data(*small(checking=[5] * 12)), FEW)
    assert result.gross.value - result.net.value == pytest.approx(10 * 5 * 48 / 60)


def test_divisions_and_tasks_add_up_to_the_total() -> None:
    staff, usage, survey = small()
    both = {k: v * 2 for k, v in survey.items()} | {"task": ["議事録要約"] * 12 + ["挨拶文"] * 12}
    value = estimate_trial(trial_data(staff, usage, both), FEW).to_dict()
    for part in ("divisions", "tasks"):
        assert sum(row["hours"]["estimate"] for row in value[part]) == pytest.approx(
            value["net_hours"]["estimate"]
        )


def test_a_division_with_few_answers_is_hidden_and_cannot_be_had_by_subtraction() -> None:
    staff, usage, survey = small()
    fewer = {k: v[:9] for k, v in survey.items()}
    rows = estimate_trial(trial_data(staff, usage, fewer), FEW).to_dict()["divisions"]
    assert all(row["suppressed"] and row["hours"] is None and row["answered"] is None for row in rows)


def test_waves_are_paired_by_person() -> None:
    staff, usage, survey = small()
    waves = {k: v * 2 for k, v in survey.items()} | {"wave": ["before"] * 12 + ["final"] * 12}
    waves["saved_lo"] = [0] * 12 + [10] * 12
    waves["saved_hi"] = [10] * 12 + [30] * 12
    value = estimate_trial(trial_data(staff, usage, waves), FEW).to_dict()
    assert value["figure"]["wave"] == "final"
    (change,) = value["waves"]
    assert (change["from"], change["to"], change["persons"]) == ("before", "final", 12)
    assert change["change_minutes_per_week"]["estimate"] == pytest.approx(15 * 10 / 12)


def test_cost_per_hour_counts_tokens_licences_and_training() -> None:
    staff, usage, survey = small()
    usage = {**usage, "tokens_in": [1_000_000] * 10, "tokens_out": [0] * 10}
    prices = prices_from(
        {
            "yen_per_million_input_tokens": 100.0,
            "licences_yen_per_year": 5000,
            "training_hours_per_user": 2,
            "hourly_wage_yen": 2500,
            "period_weeks": 26,
        }
    )
    cost = estimate_trial(trial_data(staff, usage, survey), FEW, prices=prices).to_dict()["cost"]
    assert cost["total_yen"] == pytest.approx(2 * 10 * 100 + 5000 + 10 * 2 * 2500)
    assert cost["yen_per_hour"]["estimate"] == pytest.approx(cost["total_yen"] / 160)
    assert cost["hours_less_training"]["estimate"] == pytest.approx(160 - 20)


def test_no_cost_per_hour_is_given_when_checking_eats_what_was_saved() -> None:
    data = trial_data(*small(checking=[40] * 12))
    cost = estimate_trial(data, FEW, prices=prices_from({"licences_yen_per_year": 1})).to_dict()["cost"]
    assert cost["yen_per_hour"] == {"estimate": None, "lower": None, "upper": None}


def test_the_same_seed_gives_the_same_result() -> None:
    data, _ = simulated_trial(3, staff=800, divisions=20)
    assert estimate_trial(data, FEW).to_dict() == estimate_trial(data, FEW).to_dict()


def test_rows_of_strangers_and_repeated_answers_are_counted_not_used() -> None:
    staff, usage, survey = small()
    survey = {k: [*v, v[0], v[0]] for k, v in survey.items()}
    survey["person"][-1] = "stranger"
    data = trial_data(staff, usage, survey)
    assert data.excluded == {"survey_answered_again": 1, "survey_unknown_person": 1}
    assert len(data.answers.person) == 12


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"saved_lo": [40] * 12}, "a.csv: 2行目 saved_lo・saved_hi"),
        ({"saved_lo": [10] * 11 + ["多い"]}, "a.csv: 13行目 saved_lo: 数値ではありません"),
        ({"person": ["p0"] * 11 + [""]}, "a.csv: 13行目 person: 値がありません"),
        ({"checking": [-1] * 12}, "a.csv: 2行目"),
    ],
)
def test_wrong_answers_are_refused_with_file_row_and_column(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        trial_data(*small(**change), files={"survey": "a.csv"})


def test_without_any_answering_user_there_is_no_estimate() -> None:
    staff, usage, survey = small()
    only = {k: v[:1] for k, v in survey.items()}
    with pytest.raises(InputError, match="推計できません"):
        estimate_trial(trial_data(staff, usage, only))
    with pytest.raises(InputError, match="mid"):
        estimate_trial(trial_data(staff, usage, survey), Settings(wave="mid"))


def test_the_model_finds_where_in_the_bins_the_answers_lie() -> None:
    source = np.random.default_rng(5)
    calls = np.ceil(np.exp(source.normal(3, 1, 4000)))
    true = np.clip(1.3 * calls**0.75 * np.exp(source.normal(0, 0.6, 4000)), 0, 479)
    place = np.searchsorted(ENDS, true, side="right") - 1
    low, high = ENDS[place], ENDS[place + 1]
    model = fit_interval_model(low, high, calls)
    assert model is not None
    assert model.family == "lognormal"
    assert model.slope == pytest.approx(0.75, abs=0.05)
    within = model.within(low, high, calls)
    assert np.all((within >= low) & (within <= high))
    assert within.mean() == pytest.approx(true.mean(), rel=0.02)
    assert ((low + high) / 2).mean() > 1.05 * true.mean()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    calls=st.lists(st.integers(0, 50), min_size=5, max_size=80),
    wanted=st.integers(1, 10),
    least=st.integers(1, 6),
    data=st.data(),
)
def test_strata_hold_every_user_once_and_enough_answers(
    calls: list[int], wanted: int, least: int, data: st.DataObject
) -> None:
    values = np.array(calls, dtype=np.float64)
    answered = np.array(data.draw(st.lists(st.booleans(), min_size=len(calls), max_size=len(calls))))
    if not np.any((values > 0) & answered):
        with pytest.raises(ValueError, match="no user"):
            usage_strata(values, answered, wanted, least)
        return
    strata = usage_strata(values, answered, wanted, least)
    assert np.all((strata.of >= 0) == (values > 0))
    assert strata.users.sum() == np.sum(values > 0)
    assert strata.answered.sum() == np.sum((values > 0) & answered)
    assert strata.count == 1 or strata.answered.min() >= least
    assert np.all(strata.calls_from[1:] > strata.calls_to[:-1])


@settings(max_examples=200, deadline=None, derandomize=True)
@given(answers=st.lists(st.integers(0, 30), max_size=12), least=st.integers(2, 8))
def test_hidden_cells_never_leave_a_small_remainder(answers: list[int], least: int) -> None:
    hidden = hidden_cells(answers, least)
    assert all(hide for count, hide in zip(answers, hidden, strict=True) if 0 < count < least)
    held = sum(count for count, hide in zip(answers, hidden, strict=True) if hide)
    shown = [count for count, hide in zip(answers, hidden, strict=True) if not hide and count]
    if any(hidden) and shown:
        assert sum(hidden) >= 2
        assert held >= least


@settings(max_examples=100, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_low_and_high_ends_enclose_the_estimate(seed: int) -> None:
    data, _ = simulated_trial(seed, staff=300, divisions=10)
    if not np.any(data.users[data.answers.person]):
        return
    result = estimate_trial(data, Settings(replicates=100))
    assert result.low.value <= result.gross.value + 1e-6 <= result.high.value + 2e-6
    assert result.net.lower <= result.net.upper


def test_worst_case_bounds_use_the_highest_bin_for_the_silent() -> None:
    bounds = worst_case_bounds(np.array([0.0, 10.0]), np.array([10.0, 30.0]), 3)
    assert (bounds.lower, bounds.upper) == (10.0, 130.0)


def test_the_self_reported_total_is_shown_at_the_measured_rate() -> None:
    tasks = {
        "person": ["a", "b", "c", "d"],
        "first": ["with", "with", "without", "without"],
        "minutes_with": [20, 25, 20, 25],
        "minutes_without": [30, 30, 30, 30],
        "reported_saved": [15, 15, 15, 15],
    }
    value = estimate_trial(trial_data(*small()), FEW, substudy=crossover(tasks)).to_dict()
    assert value["substudy"]["measured_to_reported"]["estimate"] == pytest.approx(0.5)
    assert value["substudy"]["net_hours_at_measured_rate"]["estimate"] == pytest.approx(80)


def test_the_command_line_gives_one_reproducible_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    staff, usage, survey = small()
    for name, table in (("staff", staff), ("usage", usage), ("survey", survey)):
        rows = [",".join(table), *(",".join(map(str, row)) for row in zip(*table.values(), strict=True))]
        (tmp_path / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "costs.toml").write_text("licences_yen_per_year = 160", encoding="utf-8")
    given_files = [
        word for n in ("staff", "usage", "survey") for word in (f"--{n}", str(tmp_path / f"{n}.csv"))
    ]
    out = tmp_path / "result.json"
    more = ["--costs", str(tmp_path / "costs.toml"), "--cut-off", "2024-03-31", "--out", str(out)]
    assert main(["trial", *given_files, *more]) == 0
    value = json.loads(out.read_text(encoding="utf-8"))
    assert value["net_hours"]["estimate"] == pytest.approx(160)
    assert value["cost"]["yen_per_hour"]["estimate"] == pytest.approx(1)
    assert value["figure"]["query"] == "estimation.trial.net_hours_per_year"
    assert value["figure"]["cut_off"] == "2024-03-31"
    assert [i["rows"] for i in value["figure"]["inputs"]] == [12, 10, 12]
    assert "推計 4/4" in capsys.readouterr().err


def test_the_command_line_names_the_file_and_row_of_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (
        ("staff", "person,division\np1,課"),
        ("usage", "person,calls\np1,abc"),
        ("survey", "x\n1"),
    ):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    given_files = [
        word for n in ("staff", "usage", "survey") for word in (f"--{n}", str(tmp_path / f"{n}.csv"))
    ]
    assert main(["trial", *given_files]) == 2
    assert "survey.csv: 1行目: 列「person」がありません" in capsys.readouterr().err
    (tmp_path / "survey.csv").write_text("person,saved_lo,saved_hi\np1,1,2", encoding="utf-8")
    assert main(["trial", *given_files]) == 2
    assert "usage.csv: 2行目 calls: 数値ではありません" in capsys.readouterr().err
