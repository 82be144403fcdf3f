"""The randomised sub-study: the same people with and without AI, in random order."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from .inputs import Columns, Floats, InputError
from .totals import Estimate, interval


@dataclass(frozen=True, slots=True)
class Crossover:
    """``time_ratio`` is minutes with AI over minutes without (1.19: 19 % longer); below 1 AI saves time.

    ``measured_to_reported`` is measured minutes saved over self-reported ones, None when nothing was
    reported.
    """

    persons: int
    tasks: int
    time_ratio: float
    lower: float
    upper: float
    period_effect: float
    p_value: float
    measured_minutes: float
    reported_minutes: float
    measured_to_reported: Estimate | None


def crossover(
    table: Columns, *, level: float = 0.95, replicates: int = 2000, seed: int = 1, file: str = "substudy"
) -> Crossover:
    """Two-period crossover.

    Columns: ``person``, ``first`` (``with`` or ``without``), ``minutes_with``, ``minutes_without``,
    ``reported_saved`` (minutes the person says AI saved on it), one row a task. Each person's mean log
    ratio d; the effect is the mean of the two order groups' means, so that learning from first to second
    period cancels; interval and p value by Welch's t on the two groups (Senn, Cross-over Trials in
    Clinical Research, 2002, chapter 3). Raises InputError; both orders need two persons.
    """
    persons, first, ratios, measured, reported = _rows(table, file)
    names = sorted(set(persons))
    where = np.array([names.index(p) for p in persons])
    ratio = np.bincount(where, weights=ratios) / np.bincount(where)
    order = dict(zip(persons, first, strict=True))
    starts_with = np.array([order[p] == "with" for p in names])
    a, b = ratio[starts_with], ratio[~starts_with]
    if min(len(a), len(b)) < 2:
        raise InputError("substudy: 先に使う群・後に使う群とも2人以上が必要です。")
    effect = (a.mean() + b.mean()) / 2
    spread = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    error = float(np.sqrt(sum(spread))) / 2
    freedom = sum(spread) ** 2 / max(
        sum(s**2 / (len(g) - 1) for s, g in zip(spread, (a, b), strict=True)), 1e-300
    )
    reach = float(stats.t.ppf((1 + level) / 2, freedom)) * error
    p_value = float(2 * stats.t.sf(abs(effect) / error, freedom)) if error > 0 else 0.0
    per_person = np.column_stack([np.bincount(where, weights=measured), np.bincount(where, weights=reported)])
    return Crossover(
        len(names),
        len(persons),
        float(np.exp(effect)),
        float(np.exp(effect - reach)),
        float(np.exp(effect + reach)),
        float(np.exp((b.mean() - a.mean()) / 2)),
        p_value,
        float(measured.sum()),
        float(reported.sum()),
        _measured_to_reported(per_person, starts_with, level, replicates, seed),
    )


def _measured_to_reported(
    per_person: Floats, starts_with: np.ndarray, level: float, replicates: int, seed: int
) -> Estimate | None:
    """Ratio of sums; persons are resampled within their order group."""
    if per_person[:, 1].sum() <= 0:
        return None
    source = np.random.default_rng(seed)
    sums = np.zeros((replicates, 2))
    for group in (per_person[starts_with], per_person[~starts_with]):
        drawn = source.multinomial(len(group), np.full(len(group), 1 / len(group)), size=replicates)
        sums += drawn @ group
    usable = sums[sums[:, 1] > 0]
    value = float(per_person[:, 0].sum() / per_person[:, 1].sum())
    return interval(value, usable[:, 0] / usable[:, 1], level)


def _rows(table: Columns, file: str) -> tuple[list[str], list[str], Floats, Floats, Floats]:
    for name in ("person", "first", "minutes_with", "minutes_without", "reported_saved"):
        if name not in table:
            raise InputError(f"{file}: 列「{name}」がありません。")
    persons = [str(p) for p in table["person"]]
    first = [str(f) for f in table["first"]]
    minutes = np.zeros((3, len(persons)))
    orders: dict[str, str] = {}
    for row, person in enumerate(persons):
        if first[row] not in ("with", "without"):
            raise InputError(f"{file}: {row + 2}行目 first: with か without です（{first[row]!r}）。")
        if orders.setdefault(person, first[row]) != first[row]:
            raise InputError(f"{file}: {row + 2}行目 first: 同じ人の順序が前の行と違います。")
        for k, name in enumerate(("minutes_with", "minutes_without", "reported_saved")):
            try:
                minutes[k, row] = float(table[name][row])
            except (TypeError, ValueError) as error:
                raise InputError(f"{file}: {row + 2}行目 {name}: 数値ではありません。") from error
        if not (np.isfinite(minutes[:, row]).all() and minutes[:2, row].min() > 0):
            raise InputError(f"{file}: {row + 2}行目 minutes_with・minutes_without: 0より大きい分数です。")
    return persons, first, np.log(minutes[0] / minutes[1]), minutes[1] - minutes[0], minutes[2]
