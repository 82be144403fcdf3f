"""Kinds of subjects (対象) that a questionnaire may be about; a room offers them in ``subject_kinds.KINDS``."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tenshu.ground.rooms import offered

type AttributeValue = str | int | datetime.date | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something known of a subject that conditions may ask for, by its Japanese label; ``options`` when it is a list."""

    label: str
    options: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject: its key, how people name it, and the key of the unit that answers for it."""

    key: int
    name: str
    number: str
    unit_id: int


class SubjectKind(Protocol):
    """A kind of subject: systems, divisions, people."""

    key: str
    label: str
    model: str
    """``app.Model`` of the subjects."""
    attributes: Sequence[Attribute]

    def subjects(self, on: datetime.date) -> Sequence[Subject]:
        """All subjects that stand on a day, in their order; a fixed number of queries."""
        ...

    def attributes_of(
        self, keys: Sequence[int], on: datetime.date
    ) -> Mapping[int, Mapping[str, AttributeValue]]:
        """What is known of the subjects with these keys on a day, by label; a fixed number of queries."""
        ...


def subject_kinds() -> dict[str, SubjectKind]:
    """All kinds by key."""
    return {kind.key: kind for kinds in offered("subject_kinds", "KINDS") for kind in kinds}


def texts_of(value: Any) -> frozenset[str]:
    """What a condition compares: the value as texts; none for nothing."""
    match value:
        case None | "":
            return frozenset()
        case bool():
            return frozenset({"はい" if value else "いいえ"})
        case datetime.date():
            return frozenset({value.isoformat()})
        case str() | int():
            return frozenset({str(value)})
    return frozenset(str(item) for item in value)
