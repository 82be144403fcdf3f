"""The uncertainty of the interval model itself, without fitting it again in every replicate."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .inputs import Floats, Ints
from .interval_model import IntervalModel, log_chances

_STEP = 1e-3


@dataclass(frozen=True, slots=True)
class OneStep:
    """One Newton step from the fitted parameters towards those of each bootstrap sample.

    ``deviations`` (B, 3) are the steps in intercept, slope and log shape.
    """

    model: IntervalModel
    deviations: Floats

    def spread(self, statistic: Callable[[IntervalModel], Floats]) -> Floats:
        """Deviations (B, k) of a statistic of shape (k,) that the model's uncertainty causes."""
        gradient = [
            (statistic(_moved(self.model, k, _STEP)) - statistic(_moved(self.model, k, -_STEP))) / (2 * _STEP)
            for k in range(3)
        ]
        found: Floats = self.deviations @ np.array(gradient)
        return found


def one_step(
    model: IntervalModel, low: Floats, high: Floats, calls: Floats, cluster: Ints, weights: Floats
) -> OneStep:
    """Steps H⁻¹ Σ w_i s_i with scores s_i and observed information H, clusters weighted as in the bootstrap.

    ``low``, ``high``, ``calls`` and ``cluster`` have shape (n,), ``weights`` (B, clusters). Source: one-step
    bootstrap of M-estimators, Davison and Hinkley 1997, section 2.7.
    """

    def chances(*moves: tuple[int, float]) -> Floats:
        moved = model
        for k, by in moves:
            moved = _moved(moved, k, by)
        return log_chances(moved, low, high, calls)

    scores = np.column_stack([(chances((k, _STEP)) - chances((k, -_STEP))) / (2 * _STEP) for k in range(3)])
    wide = 3 * _STEP
    information = np.zeros((3, 3))
    for a in range(3):
        for b in range(a, 3):
            plus = chances((a, wide), (b, wide)).sum() + chances((a, -wide), (b, -wide)).sum()
            minus = chances((a, wide), (b, -wide)).sum() + chances((a, -wide), (b, wide)).sum()
            information[a, b] = information[b, a] = -(plus - minus) / (4 * wide**2)
    by_cluster = np.zeros((weights.shape[1], 3))
    np.add.at(by_cluster, cluster, scores)
    return OneStep(model, (weights @ by_cluster) @ np.linalg.pinv(information))


def _moved(model: IntervalModel, parameter: int, by: float) -> IntervalModel:
    if parameter == 0:
        return replace(model, intercept=model.intercept + by)
    if parameter == 1:
        return replace(model, slope=model.slope + by)
    return replace(model, shape=model.shape * float(np.exp(by)))
