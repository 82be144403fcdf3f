"""The effect of an AI trial.

Hours saved per year with intervals, bounds, breakdowns, cost; one figure a question.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from .breakdown import by_division, by_task
from .costs import Prices, cost_figures
from .crossover import Crossover
from .domains import Estimator, estimator
from .inputs import InputError, TrialData
from .outcome import Outcome, outcome_of
from .proportions import wilson
from .strata import Strata, usage_strata
from .totals import Estimate, Frame, interval, naive_totals, resampled_weights, worst_case_bounds
from .waves import paired_changes, waves_in_order

QUERY = "estimation.trial.net_hours_per_year"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to estimate. ``weeks`` are working weeks a year; ``least`` is the smallest cell that is shown."""

    wave: str = ""
    weeks: float = 48.0
    strata: int = 8
    replicates: int = 2000
    seed: int = 1
    least: int = 5
    level: float = 0.95
    cut_off: str = ""

    def check(self) -> None:
        """Raises InputError for impossible settings."""
        if not (
            0 < self.weeks <= 53 and self.strata >= 1 and self.replicates >= 100 and 0.5 <= self.level < 1
        ):
            raise InputError(
                "設定: 週数は53以下、層は1以上、反復は100以上、信頼度は0.5以上1未満にしてください。"
            )


@dataclass(frozen=True, slots=True)
class TrialResult:
    """Everything that may be published about a trial; hours per year unless the name says otherwise.

    ``net`` is the one figure of the question: central minutes less checking, post-stratified by usage.
    """

    settings: Settings
    wave: str
    net: Estimate
    gross: Estimate
    low: Estimate
    middle: Estimate
    high: Estimate
    strata: Strata
    outcome: Outcome
    values: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return self.values


def estimate_trial(
    data: TrialData,
    settings: Settings | None = None,
    *,
    prices: Prices | None = None,
    substudy: Crossover | None = None,
    progress: Progress | None = None,
) -> TrialResult:
    """Estimate the hours saved per year.

    Raises InputError when no user answered or the wave does not exist.
    """
    chosen = settings or Settings()
    chosen.check()
    names = waves_in_order(data)
    wave = chosen.wave or (names[-1] if names else "")
    if wave not in names:
        raise InputError(
            f"survey: 調査「{wave}」の回答がありません（ある調査: {'、'.join(names) or 'なし'}）。"
        )
    answers = data.answers.of_wave(wave)
    outcome = outcome_of(data, answers)
    frame = _frame(data, outcome, chosen)
    hours = chosen.weeks / 60
    step = _steps(progress)
    step()
    made = estimator(data, outcome, frame, chosen.level)
    net, gross, low, middle, high = (
        made.whole(figure).scaled(hours) for figure in ("net", "gross", "low", "middle", "high")
    )
    step()
    values: dict[str, Any] = {
        "figure": _figure(chosen, wave, outcome),
        "counts": _counts(data, outcome),
        "net_hours": net.to_dict(),
        "gross_hours": gross.to_dict(),
        "bin_ends": {"low": low.to_dict(), "middle": middle.to_dict(), "high": high.to_dict()},
        "bounds": _bounds(data, outcome, hours),
        "other_estimators": _others(made, hours),
        "strata": _strata_rows(frame, outcome, chosen.least),
        "divisions": by_division(made, hours, chosen.least),
        "tasks": by_task(data, answers, outcome, frame, net, chosen.least),
        "waves": _wave_rows(data, chosen),
    }
    step()
    if prices is not None:
        values["cost"] = cost_figures(data, prices, net)
    if substudy is not None:
        values["substudy"] = _substudy(substudy, net, chosen)
    step()
    return TrialResult(chosen, wave, net, gross, low, middle, high, frame.strata, outcome, values)


def _steps(progress: Progress | None) -> Callable[[], None]:
    done = [0]

    def step() -> None:
        done[0] += 1
        if progress:
            progress("推計", done[0], 4)

    return step


def _frame(data: TrialData, outcome: Outcome, settings: Settings) -> Frame:
    answering = outcome.answering_users(data)
    if not answering.any():
        raise InputError("survey: 利用者（利用記録のある職員）の回答が1件もないため、推計できません。")
    strata = usage_strata(data.calls, answering, settings.strata, settings.least)
    persons = np.flatnonzero(answering)
    weights = resampled_weights(len(data.divisions), settings.replicates, settings.seed)
    return Frame(strata, persons, strata.of[persons], data.division[persons], weights)


def _figure(settings: Settings, wave: str, outcome: Outcome) -> dict[str, Any]:
    model = outcome.model
    return {
        "query": QUERY,
        "cut_off": settings.cut_off or None,
        "wave": wave or None,
        "unit": "hours per year",
        "settings": asdict(settings),
        "within_bins": {"method": "fitted", **asdict(model)} if model else {"method": "middle"},
    }


def _counts(data: TrialData, outcome: Outcome) -> dict[str, Any]:
    answered, users = int(outcome.answered.sum()), data.users
    asked = int((data.asked | outcome.answered).sum())
    rate = wilson(answered, asked)
    return {
        "staff": len(data.person),
        "users": int(users.sum()),
        "asked": asked,
        "answered": answered,
        "answered_users": int((outcome.answered & users).sum()),
        "response_rate": {"estimate": rate.value, "lower": rate.lower, "upper": rate.upper},
        "excluded": dict(data.excluded),
        "saved_time_without_use": outcome.contradictions,
    }


def _bounds(data: TrialData, outcome: Outcome, hours: float) -> dict[str, float]:
    answering = outcome.answering_users(data)
    silent = int((data.users & ~outcome.answered).sum())
    found = worst_case_bounds(outcome.low[answering], outcome.high[answering], silent)
    return {"lower": found.lower * hours, "upper": found.upper * hours}


def _others(made: Estimator, hours: float) -> dict[str, Any]:
    """What other reports would have printed, in hours per year, and the plain post-stratified total."""
    data, outcome = made.data, made.outcome
    answered = outcome.answered
    naive = naive_totals(
        outcome.middle[answered], data.users[answered], len(data.person), int(data.users.sum())
    )
    others: dict[str, Any] = {name: value * hours for name, value in naive.items()}
    return {**others, "strata_only": made.whole("strata_only").scaled(hours).to_dict()}


def _strata_rows(frame: Frame, outcome: Outcome, least: int) -> list[dict[str, Any]]:
    means, _ = frame.stratum_means((outcome.central - outcome.checking)[frame.persons])
    rows: list[dict[str, Any]] = []
    for k in range(frame.strata.count):
        shown = int(frame.strata.answered[k]) >= least
        rows.append(
            {
                "calls_from": float(frame.strata.calls_from[k]),
                "calls_to": float(frame.strata.calls_to[k]),
                "users": int(frame.strata.users[k]),
                "answered": int(frame.strata.answered[k]) if shown else None,
                "mean_minutes": float(means[k]) if shown else None,
                "suppressed": not shown,
            }
        )
    return rows


def _wave_rows(data: TrialData, settings: Settings) -> list[dict[str, Any]]:
    found = paired_changes(data, replicates=settings.replicates, seed=settings.seed, least=settings.least)
    return [
        {
            "from": change.first,
            "to": change.second,
            "persons": change.persons if change.change else None,
            "change_minutes_per_week": change.change.to_dict() if change.change else None,
            "suppressed": change.change is None,
        }
        for change in found
    ]


def _substudy(found: Crossover, net: Estimate, settings: Settings) -> dict[str, Any]:
    """The sub-study, and the self-reported total at the measured rate with both uncertainties."""
    ratio = found.measured_to_reported
    value: dict[str, Any] = {
        "persons": found.persons,
        "tasks": found.tasks,
        "time_ratio": {"estimate": found.time_ratio, "lower": found.lower, "upper": found.upper},
        "period_effect": found.period_effect,
        "p_value": found.p_value,
        "measured_minutes": found.measured_minutes,
        "reported_minutes": found.reported_minutes,
        "measured_to_reported": ratio.to_dict() if ratio else None,
    }
    if ratio:
        size = min(len(ratio.replicates), len(net.replicates))
        shuffled = np.random.default_rng(settings.seed).permutation(ratio.replicates)[:size]
        at_measured = interval(ratio.value * net.value, shuffled * net.replicates[:size], settings.level)
        value["net_hours_at_measured_rate"] = at_measured.to_dict()
    return value
