"""Consistency rules (整合性の検査): what a room offers in ``consistency.CHECKS``, run by ``tenshu check``."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.rooms import offered


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """The record cannot be right; figures that count it are wrong."""
    WARNING = "warning"
    """The record is unlikely to be right; somebody should look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks a rule: what it is, what is wrong (Japanese), the page that mends it."""

    label: str
    message: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule: a stable ``id`` (office.post.overlap), a Japanese ``title``, ``find`` for one fiscal year."""

    id: str
    severity: Severity
    title: str
    find: Callable[[FiscalYear], Iterable[Finding]]


def all_checks() -> Iterator[Check]:
    """The rules of all installed rooms."""
    for checks in offered("consistency", "CHECKS"):
        yield from checks
