"""A made trial with a known truth: who uses AI more saves more and answers more often."""

from typing import Literal

import numpy as np

from tenshu.engines.estimation import Answers, TrialData

Shape = Literal["lognormal", "gamma", "saturating"]
ENDS = np.array([0.0, 5.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0])
"""Ends of the answered bins in minutes per week."""


def simulated_trial(
    seed: int, shape: Shape = "lognormal", staff: int = 6000, divisions: int = 150
) -> tuple[TrialData, float]:
    """A trial and its true minutes saved per week, summed over the staff.

    45 % are users with log-normal calls; minutes rise with calls, differ by person and division, and are
    answered in bins; the chance to answer rises with calls and differs by division (about one in nine
    answers).
    """
    source = np.random.default_rng(seed)
    division = source.integers(0, divisions, staff)
    users = source.random(staff) < 0.45
    calls = np.where(users, np.ceil(np.exp(source.normal(3.0, 1.0, staff))), 0.0)
    local = np.exp(source.normal(0, 0.15, divisions))[division]
    minutes = _minutes(source, shape, calls) * local
    minutes = np.where(users, np.clip(minutes, 0, ENDS[-1] - 1), 0.0)
    leaning = source.normal(0, 0.4, divisions)[division]
    answered = source.random(staff) < 1 / (1 + np.exp(3.0 - 0.5 * np.log1p(calls) - leaning))
    person = np.flatnonzero(answered)
    place = np.searchsorted(ENDS, minutes[person], side="right") - 1
    low = np.where(users[person], ENDS[place], 0.0)
    high = np.where(users[person], ENDS[place + 1], 0.0)
    blank = ("",) * len(person)
    answers = Answers(person.astype(np.int64), low, high, np.zeros(len(person)), blank, blank)
    data = TrialData(
        tuple(f"p{i}" for i in range(staff)),
        division.astype(np.int64),
        tuple(f"第{d + 1}課" for d in range(divisions)),
        np.ones(staff, dtype=bool),
        calls,
        calls * 800,
        calls * 300,
        answers,
    )
    return data, float(minutes.sum())


def _minutes(source: np.random.Generator, shape: Shape, calls: np.ndarray) -> np.ndarray:
    count = len(calls)
    if shape == "lognormal":
        return np.asarray(1.3 * calls**0.75 * np.exp(source.normal(0, 0.6, count)))
    if shape == "gamma":
        return np.asarray(1.3 * calls**0.75 * source.gamma(1.5, 1 / 1.5, count))
    level = 60 * (1 - np.exp(-calls / 30)) * source.gamma(2, 1 / 2, count)
    return np.asarray(np.where(source.random(count) < 0.15, 0.0, level))
