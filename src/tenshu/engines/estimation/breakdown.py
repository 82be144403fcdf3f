"""The total by division and by task kind, small cells hidden."""

from typing import Any

import numpy as np

from .inputs import Answers, TrialData
from .outcome import Outcome, task_shares
from .suppression import hidden_cells
from .totals import Estimate, Frame


def by_division(
    data: TrialData, outcome: Outcome, frame: Frame, hours: float, least: int
) -> list[dict[str, Any]]:
    """Hours per year by division: usage of its users through the strata means of all (synthetic estimate).

    The divisions add up to the total. ``answered`` counts answering users; ``mean_minutes`` is their own
    mean.
    """
    users = data.users
    net = outcome.central - outcome.checking
    means, resampled = frame.stratum_means((net - outcome.expected)[frame.persons])
    answering = outcome.answering_users(data)
    counts = [int(np.sum(answering & (data.division == d))) for d in range(len(data.divisions))]
    hidden = hidden_cells(counts, least)
    rows: list[dict[str, Any]] = []
    for d, name in enumerate(data.divisions):
        here = data.division == d
        members = np.bincount(frame.strata.of[here & users], minlength=frame.strata.count)
        base = float(outcome.expected[here & users].sum())
        row: dict[str, Any] = {"division": name, "staff": int(here.sum()), "users": int((here & users).sum())}
        if hidden[d]:
            rows.append({**row, "answered": None, "hours": None, "mean_minutes": None, "suppressed": True})
            continue
        values = base + resampled @ members
        lower, upper = np.quantile(values, [0.025, 0.975])
        total = {"estimate": base + float(means @ members), "lower": float(lower), "upper": float(upper)}
        own = float(net[answering & here].mean()) if counts[d] else None
        row |= {"answered": counts[d], "hours": {k: v * hours for k, v in total.items()}, "mean_minutes": own}
        rows.append({**row, "suppressed": False})
    return rows


def by_task(
    data: TrialData, answers: Answers, outcome: Outcome, frame: Frame, total: Estimate, least: int
) -> list[dict[str, Any]]:
    """The net total shared out by task kind, by post-stratified shares; the kinds add up to the total.

    A person may answer for several kinds; ``answered`` counts answering users who named the kind.
    """
    shares = task_shares(data, answers, outcome)
    sums = {task: frame.stratum_means(values[frame.persons]) for task, values in shares.items()}
    users = frame.strata.users
    whole = sum(means @ users for means, _ in sums.values())
    whole_resampled = np.sum([resampled @ users for _, resampled in sums.values()], axis=0)
    counts = [_answering(data, answers, task) for task in shares]
    hidden = hidden_cells(counts, least)
    rows: list[dict[str, Any]] = []
    for at, (task, (means, resampled)) in enumerate(sums.items()):
        if hidden[at] or not whole:
            rows.append({"task": task, "answered": None, "hours": None, "share": None, "suppressed": True})
            continue
        share = float(means @ users / whole)
        ratio = np.divide(
            resampled @ users, whole_resampled, where=whole_resampled != 0, out=np.zeros(len(resampled))
        )
        lower, upper = np.quantile(ratio * total.replicates, [0.025, 0.975])
        hours = {"estimate": share * total.value, "lower": float(lower), "upper": float(upper)}
        rows.append(
            {"task": task, "answered": counts[at], "hours": hours, "share": share, "suppressed": False}
        )
    return rows


def _answering(data: TrialData, answers: Answers, task: str) -> int:
    name = "" if task == "（区分なし）" else task
    people = {int(p) for p, t in zip(answers.person, answers.task, strict=True) if t == name}
    return sum(bool(data.users[p]) for p in people)
