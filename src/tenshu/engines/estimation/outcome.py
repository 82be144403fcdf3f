"""One wave of the survey as one outcome a person.

Bins summed over tasks, the mean inside, checking taken off.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from .inputs import Answers, Floats, TrialData
from .interval_model import IntervalModel, fit_interval_model


@dataclass(frozen=True, slots=True)
class Outcome:
    """Minutes per week of everybody, shape (N,); zero where nobody answered and for non-users.

    ``middle`` is the middle of the bin, ``central`` the mean inside the bin under ``model`` (the middle
    when no model could be fitted), ``expected`` what the model expects of each user, zero without a
    model.
    """

    answered: npt.NDArray[np.bool_]
    low: Floats
    middle: Floats
    high: Floats
    central: Floats
    checking: Floats
    expected: Floats
    model: IntervalModel | None
    contradictions: int

    def under(self, model: IntervalModel, data: TrialData) -> tuple[Floats, Floats]:
        """``central`` and ``expected`` under a model."""
        users = self.answering_users(data)
        central, expected = self.middle.copy(), np.zeros(len(self.middle))
        central[users] = model.within(self.low[users], self.high[users], data.calls[users])
        expected[data.users] = np.minimum(model.expected(data.calls[data.users]), self.high[users].max())
        return central, expected

    def answering_users(self, data: TrialData) -> npt.NDArray[np.bool_]:
        """Who answered and is in the gateway log."""
        return self.answered & data.users


def outcome_of(data: TrialData, answers: Answers) -> Outcome:
    """Sum the answers of each person.

    Non-users are zero by definition; those who claim to have saved time are counted in ``contradictions``.
    """
    count = len(data.person)
    low, high, checking = (
        np.bincount(answers.person, weights=values, minlength=count)
        for values in (answers.low, answers.high, answers.checking)
    )
    answered = np.bincount(answers.person, minlength=count) > 0
    claims = answered & ~data.users & (low > 0)
    for values in (low, high, checking):
        values[~data.users] = 0.0
    users = answered & data.users
    middle = (low + high) / 2
    model = fit_interval_model(low[users], high[users], data.calls[users])
    plain = Outcome(answered, low, middle, high, middle, checking, np.zeros(count), model, int(claims.sum()))
    if model is None:
        return plain
    central, expected = plain.under(model, data)
    return replace(plain, central=central, expected=expected)


def task_shares(data: TrialData, answers: Answers, outcome: Outcome) -> dict[str, Floats]:
    """Per task kind the net minutes of everybody (N,).

    Each person's central value shared out by the bins' middles.
    """
    count = len(data.person)
    middle = (answers.low + answers.high) / 2
    whole = np.bincount(answers.person, weights=middle, minlength=count)
    found: dict[str, Floats] = {}
    for task in sorted(set(answers.task)):
        chosen = np.array([t == task for t in answers.task], dtype=bool)
        part = np.bincount(answers.person[chosen], weights=middle[chosen], minlength=count)
        spent = np.bincount(answers.person[chosen], weights=answers.checking[chosen], minlength=count)
        share = np.divide(part, whole, out=np.zeros(count), where=whole > 0)
        found[task or "（区分なし）"] = np.where(data.users, outcome.central * share - spent, 0.0)
    return found
