"""Bias and coverage of the trial estimate over simulated trials, beside the usual estimators.

Run: python benchmarks/estimation/trial.py [--small] [--runs N] [--seed FIRST]
"""

import argparse
import time

import numpy as np
from scipy import stats

from tenshu.engines.estimation import (
    Settings,
    difference_of_shares,
    estimate_trial,
    smallest_visible_change,
    wilson,
)
from tenshu.engines.estimation.tests.simulation import Shape, simulated_trial

HOURS = 48 / 60
ORDER: tuple[Shape, ...] = ("lognormal", "gamma", "saturating")
OTHERS = {
    "mean_of_answers_times_staff": "mean of answers x staff",
    "mean_of_answering_users_times_users": "mean of answering users x users",
    "silent_saved_nothing": "silent saved nothing",
}


def run(shape: Shape, runs: int, first: int) -> None:
    """Simulate and print one shape."""
    errors: dict[str, list[float]] = {name: [] for name in (*OTHERS, "strata_only", "net")}
    covered = bounded = 0
    peer: list[tuple[float, bool]] = []
    start = time.process_time()
    for seed in range(first, first + runs):
        data, minutes = simulated_trial(seed, shape)
        truth = minutes * HOURS
        result = estimate_trial(data, Settings(seed=seed, replicates=1000))
        values = result.to_dict()
        for name in OTHERS:
            errors[name].append(values["other_estimators"][name] / truth - 1)
        errors["strata_only"].append(values["other_estimators"]["strata_only"]["estimate"] / truth - 1)
        errors["net"].append(result.net.value / truth - 1)
        covered += result.net.lower <= truth <= result.net.upper
        bounded += values["bounds"]["lower"] <= truth <= values["bounds"]["upper"]
        answering = result.outcome.answering_users(data)
        sample = result.outcome.middle[answering] * HOURS * int(data.users.sum())
        reach = stats.sem(sample) * 1.96
        peer.append((sample.mean() / truth - 1, abs(sample.mean() - truth) <= reach))
    spent = (time.process_time() - start) / runs
    print(f"{shape}: {runs} trials of 6,000 staff, {spent:.2f} CPU-s a trial")
    for name, label in OTHERS.items():
        print(f"    {label:34} bias {np.mean(errors[name]):+7.1%}")
    print(f"    {'SciPy sem of answering users':34} bias {np.mean([p[0] for p in peer]):+7.1%}   "
          f"coverage {np.mean([p[1] for p in peer]):6.1%}")  # fmt: skip
    print(f"    {'strata alone':34} bias {np.mean(errors['strata_only']):+7.1%}")
    print(f"    {'tenshu':34} bias {np.mean(errors['net']):+7.1%}   coverage {covered / runs:6.1%}   "
          f"worst run {max(errors['net'], key=abs):+.1%}   bounds hold {bounded}/{runs}")  # fmt: skip
    if shape == "lognormal":
        print("    target: mean of answers x staff above +100 %, bias within 5 %, coverage 93-97 %, 400 runs")


def proportions() -> None:
    """The small-number methods beside statsmodels."""
    try:
        from statsmodels.stats.power import NormalIndPower
        from statsmodels.stats.proportion import (
            confint_proportions_2indep,
            proportion_confint,
            proportion_effectsize,
        )
    except ImportError:
        print("peer statsmodels is not installed: pip install tenshu[bench]")
        return
    ours, peer = wilson(7, 80), proportion_confint(7, 80, method="wilson")
    print_beside("wilson 7/80", (ours.lower, ours.upper), peer)
    diff = difference_of_shares((30, 200), (18, 210))
    other = confint_proportions_2indep(18, 210, 30, 200, method="newcomb")
    print_beside("newcombe 30/200 to 18/210", (diff.lower, diff.upper), other)
    change = smallest_visible_change(0.12, 4000, 4000)["fall"] or 0.0
    size = abs(proportion_effectsize(0.12, 0.12 + change))
    power = NormalIndPower().power(size, 4000, 0.05)
    print(
        f"visible fall from 12 %, 2 x 4,000: tenshu {change:+.4f}"
        f"   power at it by statsmodels (arcsine) {power:.4f}   target 0.80"
    )


def print_beside(name: str, ours: tuple[float, float], peer: tuple[float, float]) -> None:
    """One interval of both."""
    print(f"{name:26} tenshu {ours[0]:.6f} {ours[1]:.6f}   statsmodels {peer[0]:.6f} {peer[1]:.6f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a smoke run of a few seconds")
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20_000, help="first seed")
    options = parser.parse_args()
    for shape in ORDER:
        run(shape, 10 if options.small else options.runs, options.seed)
    proportions()


if __name__ == "__main__":
    main()
