"""Post-stratified totals with a cluster bootstrap, beside the estimators that go wrong, and worst-case
bounds."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .inputs import Floats, Ints
from .strata import Strata


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; ``replicates`` are the bootstrap values it was taken from."""

    value: float
    lower: float
    upper: float
    replicates: Floats

    def scaled(self, factor: float) -> "Estimate":
        """The same figure in another unit; ``factor`` must be positive."""
        return Estimate(
            self.value * factor, self.lower * factor, self.upper * factor, self.replicates * factor
        )

    def to_dict(self) -> dict[str, float]:
        """Plain values."""
        return {"estimate": self.value, "lower": self.lower, "upper": self.upper}


def interval(value: float, replicates: Floats, level: float = 0.95) -> Estimate:
    """Percentile interval."""
    tail = (1 - level) / 2
    lower, upper = np.quantile(replicates, [tail, 1 - tail])
    return Estimate(value, float(lower), float(upper), replicates)


def resampled_weights(clusters: int, replicates: int, seed: int) -> Floats:
    """How often each cluster is drawn in each replicate: shape (replicates, clusters), rows sum to
    ``clusters``."""
    source = np.random.default_rng(seed)
    drawn = source.multinomial(clusters, np.full(clusters, 1 / clusters), size=replicates)
    return drawn.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Frame:
    """Who belongs where: strata over the staff, and of the answering users their index, stratum and
    cluster."""

    strata: Strata
    persons: Ints  # (n,) index among the staff
    stratum: Ints  # (n,)
    cluster: Ints  # (n,)
    weights: Floats  # (replicates, clusters)

    def stratum_means(self, values: Floats) -> tuple[Floats, Floats]:
        """Means per stratum (H,) of answering users' values (n,), and their replicates (B, H).

        Replicate deviations are shrunk by √(1 − n/N) of the stratum: the users who answered are a known
        part of all users (finite population correction). Source: cluster bootstrap, Rao and Wu 1988, with
        known stratum sizes.
        """
        count, clusters = self.strata.count, self.weights.shape[1]
        sums, sizes = np.zeros((clusters, count)), np.zeros((clusters, count))
        np.add.at(sums, (self.cluster, self.stratum), values)
        np.add.at(sizes, (self.cluster, self.stratum), 1)
        means = sums.sum(0) / np.maximum(sizes.sum(0), 1)
        drawn = self.weights @ sizes
        resampled = np.where(drawn > 0, (self.weights @ sums) / np.maximum(drawn, 1), means)
        shrink = np.sqrt(np.clip(1 - self.strata.answered / self.strata.users, 0, 1))
        return means, means + shrink * (resampled - means)

    def point(self, values: Floats, expected: Floats, members: Floats) -> Floats:
        """Totals of k domains: Σ of ``expected`` (N,) over the domain + Σ N_hk · mean residual of the
        stratum.

        ``members`` (k, N) is 1 for the users of each domain; ``values`` has shape (n,). With ``expected``
        zero this is the plain post-stratified total.
        """
        residual = values - expected[self.persons]
        means = (
            np.bincount(self.stratum, weights=residual, minlength=self.strata.count) / self.strata.answered
        )
        found: Floats = members @ (expected + np.where(self.strata.of >= 0, means[self.strata.of], 0.0))
        return found

    def replicates(self, values: Floats, expected: Floats, members: Floats) -> Floats:
        """Bootstrap values (B, k) of ``point``, the model held."""
        _, resampled = self.stratum_means(values - expected[self.persons])
        sizes = np.stack([members @ (self.strata.of == h) for h in range(self.strata.count)])
        found: Floats = members @ expected + resampled @ sizes
        return found


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the total could be at worst and at best if nothing is known of who did not answer (Manski)."""

    lower: float
    upper: float


def worst_case_bounds(
    low: Floats, high: Floats, silent_users: int, least: float = 0.0, most: float | None = None
) -> Bounds:
    """Bounds from the answering users' bins (n,): silent users saved ``least``, or ``most`` (default the
    highest bin end).

    Source: Manski, Partial Identification of Probability Distributions, 2003. Non-users are zero by
    definition.
    """
    top = float(high.max()) if most is None else most
    return Bounds(float(low.sum()) + silent_users * least, float(high.sum()) + silent_users * top)


def naive_totals(
    middle: Floats, answering_users: npt.NDArray[np.bool_], staff: int, users: int
) -> dict[str, float]:
    """The usual estimators, for comparison. ``middle`` (m,) holds all answering persons, non-users
    included."""
    mean_all = float(middle.mean()) if len(middle) else 0.0
    mean_users = float(middle[answering_users].mean()) if np.any(answering_users) else 0.0
    return {
        "mean_of_answers_times_staff": mean_all * staff,
        "mean_of_answering_users_times_users": mean_users * users,
        "silent_saved_nothing": float(middle.sum()),
    }
