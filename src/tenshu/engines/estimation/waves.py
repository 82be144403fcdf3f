"""The same people before, in the middle and at the end: paired changes."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .inputs import WAVES, TrialData
from .outcome import outcome_of
from .totals import Estimate, interval, resampled_weights


@dataclass(frozen=True, slots=True)
class PairedChange:
    """Mean change in minutes per week of the ``persons`` who answered both waves.

    None when hidden or empty.
    """

    first: str
    second: str
    persons: int
    change: Estimate | None


def waves_in_order(data: TrialData) -> list[str]:
    """The waves of the survey: before, mid, final, then any others by name."""
    named = set(data.answers.wave)
    return [w for w in WAVES if w in named] + sorted(named - set(WAVES))


def paired_changes(
    data: TrialData, *, replicates: int = 2000, seed: int = 1, least: int = 5
) -> list[PairedChange]:
    """Change from each wave to the next and from the first to the last, divisions resampled.

    Everybody's value is the net central minutes of the wave, non-users zero.
    """
    names = waves_in_order(data)
    if len(names) < 2:
        return []
    outcomes = {name: outcome_of(data, data.answers.of_wave(name)) for name in names}
    pairs = [*pairwise(names)]
    if len(names) > 2:
        pairs.append((names[0], names[-1]))
    weights = resampled_weights(len(data.divisions), replicates, seed)
    found: list[PairedChange] = []
    for first, second in pairs:
        a, b = outcomes[first], outcomes[second]
        both = a.answered & b.answered
        count = int(both.sum())
        if count < least:
            found.append(PairedChange(first, second, count, None))
            continue
        change = (b.central - b.checking - a.central + a.checking)[both]
        clusters = data.division[both]
        sums = np.bincount(clusters, weights=change, minlength=len(data.divisions))
        sizes = np.bincount(clusters, minlength=len(data.divisions))
        drawn = weights @ sizes
        usable = drawn > 0
        means = (weights @ sums)[usable] / drawn[usable]
        found.append(PairedChange(first, second, count, interval(float(change.mean()), means)))
    return found
