"""Answers that are asked for many times within one question: kept while the block lasts, and no longer."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """Within this block ``remembered`` asks each question once. Only for blocks that write nothing."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def remembered[T](question: Hashable, ask: Callable[[], T]) -> T:
    """The answer to ``question``; outside a block it is asked for every time."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if question not in answers:
        answers[question] = ask()
    return cast("T", answers[question])
