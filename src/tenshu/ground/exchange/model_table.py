"""A table whose rows are the records of one model, saved and recorded field by field."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from tenshu.ground.exchange.spec import ChangeKind, CurrentRow, Key, RowChange, RowRefused, TableSpec

if TYPE_CHECKING:
    from tenshu.ground.access.models import User


class ModelTable(TableSpec):
    """One row a record of ``model``; column names are attributes, or ``attributes`` says which.

    ``verb`` begins the recorded operations: ``taskforce.group`` gives ``taskforce.group_added`` and so on.
    Override ``values_of`` and ``attributes_of`` where a column is not an attribute of the record.
    """

    model: ClassVar[type[models.Model]]
    verb: ClassVar[str]
    attributes: ClassVar[Mapping[str, str]] = {}

    def queryset(self) -> "models.QuerySet[Any]":
        """The records in the order of the file."""
        return self.model._default_manager.order_by("pk")

    def rows(self, user: "User") -> Iterable[CurrentRow]:
        return (CurrentRow(record.pk, self.values_of(record)) for record in self.queryset())

    def current(self, keys: Collection[Key]) -> Mapping[Key, CurrentRow]:
        asked = set(keys)
        rows = (CurrentRow(record.pk, self.values_of(record)) for record in self.queryset())
        by_key = {tuple(row.values[name] for name in self.key): row for row in rows}
        return {key: row for key, row in by_key.items() if key in asked}

    def values_of(self, record: Any) -> dict[str, Any]:
        """A record's value by column name."""
        return {c.name: getattr(record, self.attributes.get(c.name, c.name)) for c in self.columns}

    def attributes_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What to set on the record, from the values of a row."""
        return {self.attributes.get(name, name): value for name, value in values.items()}

    def save(self, changes: Sequence[RowChange], *, acting_user: "User") -> None:
        from tenshu.ground.audit import writing  # models are not loaded yet when specs are imported

        known = self.model._default_manager.in_bulk([c.pk for c in changes if c.pk is not None])
        added, changed, removed = [], [], []
        for item in changes:
            if item.kind is ChangeKind.REMOVE:
                removed.append(known[item.pk])
            elif item.kind is ChangeKind.ADD:
                added.append(self._checked(self.model(**self.attributes_of(item.values)), item))
            else:
                values = self.attributes_of(item.values)
                self._check_values(known[item.pk], values, item)
                changed.append((known[item.pk], values))
        writing.remove_many(removed, f"{self.verb}_removed", acting_user=acting_user)
        writing.create_many(added, f"{self.verb}_added", acting_user=acting_user)
        writing.change_many(changed, f"{self.verb}_changed", acting_user=acting_user)

    def _check_values(self, record: models.Model, values: Mapping[str, Any], change: RowChange) -> None:
        copy = type(record)(**{f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields})
        copy._state.adding = False
        for name, value in values.items():
            setattr(copy, name, value)
        self._checked(copy, change)

    def _checked[M: models.Model](self, record: M, change: RowChange) -> M:
        try:
            record.full_clean()
        except ValidationError as error:
            field, messages = next(iter(error.message_dict.items()))
            names = {self.attributes.get(c.name, c.name).removesuffix("_id"): c.name for c in self.columns}
            column = "" if field == NON_FIELD_ERRORS else names.get(field, "")
            raise RowRefused(change, messages[0], column=column) from error
        return record
