"""Staff, usage log and survey of an AI trial as checked arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Columns = Mapping[str, Sequence[Any]]
"""Columns by name: a dict of lists, or ``table.to_pydict()`` of an Arrow table."""

WEEK_MINUTES = 7 * 24 * 60
WAVES = ("before", "mid", "final")


class InputError(ValueError):
    """An input that cannot be used, with file, row and column. The message is in Japanese."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The survey, one element an answer: index of the person among the staff, bin in minutes per week.

    ``low`` and ``high`` are the ends of the bin as answered, ``checking`` the minutes per week spent on
    checking and redoing; ``wave`` and ``task`` are empty text when the survey has none.
    """

    person: Ints
    low: Floats
    high: Floats
    checking: Floats
    wave: tuple[str, ...]
    task: tuple[str, ...]

    def of_wave(self, wave: str) -> "Answers":
        """The answers of one wave."""
        chosen = np.array([w == wave for w in self.wave], dtype=bool)
        return self.take(chosen)

    def take(self, chosen: npt.NDArray[np.bool_]) -> "Answers":
        """The chosen answers."""
        return Answers(
            self.person[chosen],
            self.low[chosen],
            self.high[chosen],
            self.checking[chosen],
            tuple(w for w, keep in zip(self.wave, chosen, strict=True) if keep),
            tuple(t for t, keep in zip(self.task, chosen, strict=True) if keep),
        )


@dataclass(frozen=True, slots=True)
class TrialData:
    """Everything known about a trial. Arrays over the staff have length N.

    ``calls`` and the tokens are sums over the gateway log of the period; who is not in the log has zero.
    ``excluded`` counts rows left out, by reason.
    """

    person: tuple[str, ...]
    division: Ints
    divisions: tuple[str, ...]
    asked: npt.NDArray[np.bool_]
    calls: Floats
    tokens_in: Floats
    tokens_out: Floats
    answers: Answers
    excluded: dict[str, int] = field(default_factory=dict)

    @property
    def users(self) -> npt.NDArray[np.bool_]:
        """Who called the gateway at least once."""
        return self.calls > 0


def trial_data(
    staff: Columns, usage: Columns, survey: Columns, *, files: Mapping[str, str] | None = None
) -> TrialData:
    """Join and check the three tables.

    staff: ``person``, ``division``, optional ``asked`` (1/0, default 1). usage: ``person``, ``calls``,
    optional ``tokens_in``, ``tokens_out``; several rows a person are summed. survey: ``person``,
    ``saved_lo``, ``saved_hi`` (minutes per week, ends of the bin; an empty ``saved_hi`` is the open top
    bin and counts as twice ``saved_lo``), optional ``checking``, ``wave``, ``task``; of two answers of a
    person to the same wave and task the last counts. ``files`` gives the tables' names in errors. Raises
    InputError.
    """
    named = {"staff": "staff", "usage": "usage", "survey": "survey"} | dict(files or {})
    people = [str(p) for p in _column(staff, "person", named["staff"])]
    index = {p: i for i, p in enumerate(people)}
    if len(index) < len(people):
        row = next(i for i, p in enumerate(people) if index[p] != i)
        raise InputError(f"{named['staff']}: {row + 2}行目 person: 「{people[row]}」が2回あります。")
    names, division = np.unique(
        [str(d) for d in _column(staff, "division", named["staff"])], return_inverse=True
    )
    asked = np.array(_optional(staff, "asked", len(people), 1.0, named["staff"]), dtype=np.float64) > 0
    excluded: dict[str, int] = {}
    log = _usage(usage, index, excluded, named["usage"])
    answers = _survey(survey, index, excluded, named["survey"])
    return TrialData(
        tuple(people), division.astype(np.int64), tuple(str(n) for n in names), asked, *log, answers, excluded
    )


def _usage(
    usage: Columns, index: dict[str, int], excluded: dict[str, int], file: str
) -> tuple[Floats, Floats, Floats]:
    people = _column(usage, "person", file)
    sums = np.zeros((3, len(index)))
    columns = [_numbers(usage, "calls", file)]
    columns += [_optional(usage, name, len(people), 0.0, file) for name in ("tokens_in", "tokens_out")]
    for row, person in enumerate(people):
        at = index.get(str(person))
        if at is None:
            _count(excluded, "usage_unknown_person")
            continue
        for k in range(3):
            if columns[k][row] < 0:
                raise InputError(f"{file}: {row + 2}行目: 負の値です。")
            sums[k, at] += columns[k][row]
    return sums[0], sums[1], sums[2]


def _survey(survey: Columns, index: dict[str, int], excluded: dict[str, int], file: str) -> Answers:
    people = _column(survey, "person", file)
    count = len(people)
    low = _numbers(survey, "saved_lo", file)
    high = _numbers(survey, "saved_hi", file, blank=float("nan"))
    checking = _optional(survey, "checking", count, 0.0, file)
    wave = [str(w or "") for w in survey.get("wave", [""] * count)]
    task = [str(t or "") for t in survey.get("task", [""] * count)]
    kept: dict[tuple[int, str, str], int] = {}
    for row in range(count):
        if np.isnan(high[row]):
            high[row] = 2 * low[row]
        if not 0 <= low[row] <= high[row] <= WEEK_MINUTES or not 0 <= checking[row] <= WEEK_MINUTES:
            raise InputError(
                f"{file}: {row + 2}行目 saved_lo・saved_hi・checking: 0以上1週間（10080分）以下で、"
                f"下限が上限を超えないようにしてください（{low[row]:g}～{high[row]:g}）。"
            )
        at = index.get(str(people[row]))
        if at is None:
            _count(excluded, "survey_unknown_person")
            continue
        key = (at, wave[row], task[row])
        if key in kept:
            _count(excluded, "survey_answered_again")
        kept[key] = row
    rows = sorted(kept.values())
    return Answers(
        np.array([index[str(people[r])] for r in rows], dtype=np.int64),
        np.array([low[r] for r in rows], dtype=np.float64),
        np.array([high[r] for r in rows], dtype=np.float64),
        np.array([checking[r] for r in rows], dtype=np.float64),
        tuple(wave[r] for r in rows),
        tuple(task[r] for r in rows),
    )


def _count(excluded: dict[str, int], reason: str) -> None:
    excluded[reason] = excluded.get(reason, 0) + 1


def _column(table: Columns, name: str, file: str) -> Sequence[Any]:
    if name not in table:
        raise InputError(f"{file}: 列「{name}」がありません。")
    values = table[name]
    for row, value in enumerate(values):
        if value is None or str(value).strip() == "":
            raise InputError(f"{file}: {row + 2}行目 {name}: 値がありません。")
    return values


def _numbers(table: Columns, name: str, file: str, blank: float | None = None) -> list[float]:
    if name not in table:
        raise InputError(f"{file}: 列「{name}」がありません。")
    found: list[float] = []
    for row, value in enumerate(table[name]):
        empty = value is None or str(value).strip() == ""
        if empty and blank is not None:
            found.append(blank)
            continue
        try:
            number = float(value) if not empty else float("nan")
        except (TypeError, ValueError):
            number = float("nan")
        if not np.isfinite(number):
            raise InputError(f"{file}: {row + 2}行目 {name}: 数値ではありません（{value!r}）。")
        found.append(number)
    return found


def _optional(table: Columns, name: str, count: int, default: float, file: str) -> list[float]:
    return _numbers(table, name, file, blank=default) if name in table else [default] * count
