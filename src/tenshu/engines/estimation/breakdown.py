"""The total by division and by task kind, small cells hidden."""

from typing import Any

import numpy as np

from .domains import Estimator
from .inputs import Answers, TrialData
from .outcome import Outcome, task_shares
from .suppression import hidden_cells
from .totals import Estimate, Frame


def by_division(made: Estimator, hours: float, least: int) -> list[dict[str, Any]]:
    """Hours per year by division: usage of its users through the strata means of all (synthetic estimate).

    The divisions add up to the total. ``answered`` counts answering users; ``mean_minutes`` is their own
    mean.
    """
    data, outcome = made.data, made.outcome
    net = outcome.central - outcome.checking
    answering = outcome.answering_users(data)
    here = data.division[None, :] == np.arange(len(data.divisions))[:, None]
    counts = [int(n) for n in (here & answering).sum(1)]
    hidden = hidden_cells(counts, least)
    totals = made.parts("net", (here & data.users).astype(np.float64))
    rows: list[dict[str, Any]] = []
    for d, name in enumerate(data.divisions):
        row: dict[str, Any] = {"division": name, "staff": int(here[d].sum())}
        row["users"] = int((here[d] & data.users).sum())
        if hidden[d]:
            rows.append({**row, "answered": None, "hours": None, "mean_minutes": None, "suppressed": True})
            continue
        own = float(net[answering & here[d]].mean()) if counts[d] else None
        shown = {"answered": counts[d], "hours": totals[d].scaled(hours).to_dict(), "mean_minutes": own}
        rows.append({**row, **shown, "suppressed": False})
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
