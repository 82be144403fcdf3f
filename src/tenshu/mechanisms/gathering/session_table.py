"""A table whose rows are a session together with the room's record that is tied to it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change_many, create_many
from tenshu.ground.exchange import ChangeKind, CurrentRow, Key, RowChange, RowProblem, RowRefused, TableSpec
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind, GatheringState
from tenshu.mechanisms.gathering.sheets import gathering_attributes, gathering_values


class SessionTable(TableSpec):
    """One row a session: the room's own columns first, then ``GATHERING_COLUMNS``.

    ``model`` has a ``gathering`` of its own; ``attributes`` maps the room's columns to its attributes.
    """

    model: ClassVar[type[models.Model]]
    verb: ClassVar[str]
    kind: ClassVar[GatheringKind]
    attributes: ClassVar[Mapping[str, str]]

    def rows(self, user: User) -> Iterable[CurrentRow]:
        return (self._row(record) for record in self._queryset())

    def current(self, keys: Collection[Key]) -> Mapping[Key, CurrentRow]:
        asked = set(keys)
        by_key = {tuple(row.values[n] for n in self.key): row for row in map(self._row, self._queryset())}
        return {key: row for key, row in by_key.items() if key in asked}

    def own_values(self, record: Any) -> dict[str, Any]:
        """The room's own values of a record, by column name."""
        return {name: getattr(record, attribute) for name, attribute in self.attributes.items()}

    def save(self, changes: Sequence[RowChange], *, acting_user: User) -> None:
        known = self._queryset().in_bulk([item.pk for item in changes if item.pk is not None])
        new, changed, tied = [], [], []
        for item in changes:
            values = gathering_attributes(item.values, self.kind)
            own = {attribute: item.values[name] for name, attribute in self.attributes.items()}
            if item.kind is ChangeKind.ADD:
                new.append((self._checked(Gathering(**values), item), own))
            else:
                record = known[item.pk]
                self._checked(_copy(record.gathering, values), item)
                changed.append((record.gathering, values))
                tied.append((record, own))
        made = create_many([gathering for gathering, _ in new], "gathering.planned", acting_user=acting_user)
        records = [self.model(gathering=session, **own) for session, (_, own) in zip(made, new, strict=True)]
        create_many(records, f"{self.verb}_added", acting_user=acting_user)
        change_many(changed, "gathering.changed", acting_user=acting_user)
        change_many(tied, f"{self.verb}_changed", acting_user=acting_user)

    def _queryset(self) -> "models.QuerySet[Any]":
        return self.model._default_manager.select_related("gathering").order_by("gathering__held_on", "pk")

    def _row(self, record: Any) -> CurrentRow:
        return CurrentRow(record.pk, self.own_values(record) | gathering_values(record.gathering))

    @staticmethod
    def _checked(gathering: Gathering, change: RowChange) -> Gathering:
        try:
            gathering.full_clean()
        except ValidationError as error:
            field, messages = next(iter(error.message_dict.items()))
            raise RowRefused(
                change, messages[0], column="" if field == NON_FIELD_ERRORS else field
            ) from error
        return gathering


def session_problems(row: RowChange) -> Iterable[RowProblem]:
    """What is wrong between the cells of a session: its year, its times, its state.

    The room's ``validate`` calls this; the row has a ``year`` beside ``GATHERING_COLUMNS``.
    """
    values = row.values
    day, start, end = values["held_on"], values["starts_at"], values["ends_at"]
    if day not in values["year"]:
        yield RowProblem("held_on", "開催日がこの年度の日ではありません", "年度か開催日を直す")
    if start and end and end <= start:
        yield RowProblem("ends_at", "終了時刻が開始時刻より後ではありません", "どちらかの時刻を直す")
    if values["state"] == GatheringState.HELD and day > timezone.localdate():
        yield RowProblem("state", "開催日がまだ来ていません", "状態を「予定」にするか、開催日を直す")


def _copy(gathering: Gathering, values: Mapping[str, Any]) -> Gathering:
    """What the session would be, to be checked before anything is written."""
    copy = Gathering(**{f.attname: getattr(gathering, f.attname) for f in Gathering._meta.concrete_fields})
    copy._state.adding = False
    for name, value in values.items():
        setattr(copy, name, value)
    return copy
