"""Totals of the whole and of parts with their full uncertainty.

Sampling of divisions and fit of the model.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .inputs import Floats, TrialData
from .interval_model import IntervalModel
from .one_step import OneStep, one_step
from .outcome import Outcome
from .totals import Estimate, Frame, interval

Figure = Literal["net", "gross", "low", "middle", "high", "strata_only"]


@dataclass(frozen=True, slots=True)
class Estimator:
    """Everything that a total is made of."""

    data: TrialData
    outcome: Outcome
    frame: Frame
    step: OneStep | None
    level: float

    def whole(self, figure: Figure) -> Estimate:
        """Total over all users, minutes per week."""
        return self.parts(figure, self.data.users[None, :].astype(np.float64))[0]

    def parts(self, figure: Figure, members: Floats) -> list[Estimate]:
        """Totals of k domains of users, ``members`` (k, N) being 1 or 0, minutes per week."""
        values, expected = self._ingredients(figure, None)
        points = self.frame.point(values, expected, members)
        replicates = self.frame.replicates(values, expected, members)
        if self.step is not None:
            replicates = replicates + self.step.spread(
                lambda model: self.frame.point(*self._ingredients(figure, model), members)
            )
        return [interval(float(p), replicates[:, k], self.level) for k, p in enumerate(points)]

    def _ingredients(self, figure: Figure, model: IntervalModel | None) -> tuple[Floats, Floats]:
        """Values of the answering users (n,) and expectations (N,), under another model if one is given."""
        outcome, persons = self.outcome, self.frame.persons
        central, expected = outcome.central, outcome.expected
        if model is not None:
            central, expected = outcome.under(model, self.data)
        values = {
            "net": central - outcome.checking,
            "gross": central,
            "low": outcome.low,
            "middle": outcome.middle,
            "high": outcome.high,
            "strata_only": central,
        }[figure]
        return values[persons], np.zeros(len(expected)) if figure == "strata_only" else expected


def estimator(data: TrialData, outcome: Outcome, frame: Frame, level: float) -> Estimator:
    """An estimator with the one-step bootstrap of the model, where a model could be fitted."""
    step = None
    if outcome.model is not None:
        persons = frame.persons
        low, high, calls = outcome.low[persons], outcome.high[persons], data.calls[persons]
        step = one_step(outcome.model, low, high, calls, frame.cluster, frame.weights)
    return Estimator(data, outcome, frame, step, level)
