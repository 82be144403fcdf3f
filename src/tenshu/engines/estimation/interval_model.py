"""Interval regression: where in its bin does an answer lie on average, given the person's usage?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize, special

from .inputs import Floats

Family = Literal["lognormal", "gamma"]
FEWEST = 30
"""Answers below which no model is fitted and the middle of the bin is used."""
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class IntervalModel:
    """Minutes per week of a user: log mean ``intercept + slope · log(calls)``, spread ``shape``.

    lognormal: location of the logarithm and its standard deviation; gamma: mean and shape parameter. The
    family with the higher likelihood of the answered bins is chosen (both have three parameters).
    """

    family: Family
    intercept: float
    slope: float
    shape: float
    log_likelihood: float

    def expected(self, calls: Floats) -> Floats:
        """Mean minutes per week at a number of calls."""
        level = np.exp(self.intercept + self.slope * np.log(np.maximum(calls, 1)))
        found: Floats = level * np.exp(self.shape**2 / 2) if self.family == "lognormal" else level
        return found

    def within(self, low: Floats, high: Floats, calls: Floats) -> Floats:
        """Mean minutes inside the answered bins; the middle where the model gives the bin no weight."""
        level = np.exp(self.intercept + self.slope * np.log(np.maximum(calls, 1)))
        if self.family == "lognormal":
            below, above = _z(low, level, self.shape), _z(high, level, self.shape)
            weight = special.ndtr(above) - special.ndtr(below)
            moment = special.ndtr(above - self.shape) - special.ndtr(below - self.shape)
            mean = level * np.exp(self.shape**2 / 2) * moment
        else:
            rate = self.shape / level
            weight = special.gammainc(self.shape, high * rate) - special.gammainc(self.shape, low * rate)
            upper = special.gammainc(self.shape + 1, high * rate)
            mean = level * (upper - special.gammainc(self.shape + 1, low * rate))
        middle = (low + high) / 2
        found: Floats = np.where(weight > 1e-9, np.clip(mean / np.maximum(weight, _TINY), low, high), middle)
        return found


def log_chances(model: IntervalModel, low: Floats, high: Floats, calls: Floats) -> Floats:
    """Log probability of each answered bin, shape (n,)."""
    low, high = _widened(low, high)
    usage = np.log(np.maximum(calls, 1))
    return _log_chances(model.family, (model.intercept, model.slope, model.shape), low, high, usage)


def _widened(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    point = low == high
    return np.where(point, np.maximum(low - 0.5, 0), low), np.where(point, high + 0.5, high)


def _log_chances(
    family: str, parameters: tuple[float, float, float], low: Floats, high: Floats, usage: Floats
) -> Floats:
    intercept, slope, shape = parameters
    level = np.exp(np.clip(intercept + slope * usage, -30, 30))
    if family == "lognormal":
        chance = special.ndtr(_z(high, level, shape)) - special.ndtr(_z(low, level, shape))
    else:
        rate = shape / level
        chance = special.gammainc(shape, high * rate) - special.gammainc(shape, low * rate)
    found: Floats = np.log(np.maximum(chance, _TINY))
    return found


def fit_interval_model(low: Floats, high: Floats, calls: Floats) -> IntervalModel | None:
    """Maximum likelihood from bins [low, high] in minutes per week and calls ≥ 1, each of shape (n,).

    None with fewer than FEWEST answers or no spread. Bins of no width count as half a minute on either side.
    """
    if len(low) < FEWEST or np.ptp(low + high) == 0:
        return None
    low, high = _widened(low, high)
    usage = np.log(np.maximum(calls, 1))
    design = np.column_stack([np.ones(len(usage)), usage])
    middle = np.log((low + high) / 2)
    start = np.append(np.linalg.lstsq(design, middle, rcond=None)[0], np.log(max(float(middle.std()), 0.3)))
    fitted = [_fit(low, high, usage, start, family) for family in ("lognormal", "gamma")]
    return max(fitted, key=lambda model: model.log_likelihood)


def _fit(low: Floats, high: Floats, usage: Floats, start: Floats, family: str) -> IntervalModel:
    # Equal bins of people with equal usage need their likelihood only once.
    rows, times = np.unique(np.column_stack([low, high, usage]), axis=0, return_counts=True)
    below, above, where = rows[:, 0], rows[:, 1], rows[:, 2]

    def loss(parameters: Floats) -> float:
        shape = float(np.exp(np.clip(parameters[2], -4, 4)))
        point = (float(parameters[0]), float(parameters[1]), shape)
        return -float(np.sum(times * _log_chances(family, point, below, above, where)))

    first = start if family == "lognormal" else np.array([start[0], start[1], -2 * start[2]])
    found = optimize.minimize(
        loss, first, method="Nelder-Mead", options={"maxiter": 1000, "xatol": 1e-4, "fatol": 1e-4}
    )
    name: Family = "lognormal" if family == "lognormal" else "gamma"
    intercept, slope, shape = (float(value) for value in found.x)
    return IntervalModel(name, intercept, slope, float(np.exp(np.clip(shape, -4, 4))), -float(found.fun))


def _z(minutes: Floats, level: Floats, spread: float) -> Floats:
    with np.errstate(divide="ignore"):
        found: Floats = (np.log(minutes) - np.log(level)) / spread
    return found
