"""References: a natural key in the cell (組織コード, 職員番号), the record in the value, found in bulk."""

import datetime
import difflib
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils import timezone

from tenshu.ground.exchange.cells import CellError, Out, Raw, folded, text_of
from tenshu.ground.exchange.columns import ColumnSpec, RowContext

BATCH = 5_000
MOST_SUGGESTIONS = 50
"""Searching thousands of keys for the nearest one takes its time: a file that is all wrong gets this many."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record that a reference may mean, with its span of days where it has one."""

    pk: Any
    key: str
    label: str
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None

    def holds_on(self, day: datetime.date) -> bool:
        """Whether the record holds on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class Directory(ABC):
    """Finds records by their natural keys and back. One query a batch, never one a row."""

    noun: str = "登録"

    @abstractmethod
    def by_key(self, keys: Collection[str]) -> Iterable[Entry]:
        """All records, of any day, that one of ``keys`` names."""

    @abstractmethod
    def by_pk(self, pks: Collection[Any]) -> Iterable[Entry]:
        """The records with these keys."""

    def all_keys(self) -> list[str]:
        """Natural keys to suggest from when one is unknown."""
        return []


@dataclass(frozen=True)
class ModelDirectory(Directory):
    """Records of a model by a field of theirs.

    Args:
        model: "app_label.Model".
        key: field whose text stands in the file.
        label: field shown beside the key; the key itself when empty.
        dated: the model has ``valid_from`` and ``valid_until``; the record of the asked day is taken.
        noun: what an error calls it: 組織, 職員.
        filters: further conditions on the model.
    """

    model: str
    key: str
    label: str = ""
    dated: bool = False
    noun: str = "登録"
    filters: tuple[tuple[str, Any], ...] = ()

    def by_key(self, keys: Collection[str]) -> Iterator[Entry]:
        return self._entries(f"{self.key}__in", keys)

    def by_pk(self, pks: Collection[Any]) -> Iterator[Entry]:
        return self._entries("pk__in", pks)

    def all_keys(self) -> list[str]:
        return [str(key) for key in self._rows().order_by(self.key).values_list(self.key, flat=True)[:20_000]]

    def _rows(self) -> QuerySet[Model]:
        model: type[Model] = apps.get_model(self.model)
        return model._default_manager.filter(**dict(self.filters))

    def _entries(self, condition: str, wanted: Collection[Any]) -> Iterator[Entry]:
        fields = [
            "pk",
            self.key,
            self.label or self.key,
            *(("valid_from", "valid_until") if self.dated else ()),
        ]
        listed = list(wanted)
        for start in range(0, len(listed), BATCH):
            rows = self._rows().filter(**{condition: listed[start : start + BATCH]}).values_list(*fields)
            for pk, key, label, *span in rows:
                yield Entry(pk, folded(str(key)), str(label), *span)


class Lookups:
    """Everything that the references of one import or export need, loaded once a directory."""

    def __init__(self, today: datetime.date | None = None) -> None:
        self.today = today or timezone.localdate()
        self._by_key: dict[Directory, dict[str, list[Entry]]] = {}
        self._by_pk: dict[Directory, dict[Any, Entry]] = {}
        self._in_file: dict[str, set[str]] = {}
        self._all_keys: dict[Directory, list[str]] = {}
        self._suggested = 0

    def load_keys(self, directory: Directory, keys: Collection[str]) -> None:
        """Make the records of ``keys`` known."""
        known = self._by_key.setdefault(directory, {})
        missing = {key for key in keys if key and key not in known}
        known.update({key: [] for key in missing})
        by_pk = self._by_pk.setdefault(directory, {})
        for entry in directory.by_key(missing) if missing else ():
            known.setdefault(entry.key, []).append(entry)
            by_pk[entry.pk] = entry

    def load_pks(self, directory: Directory, pks: Collection[Any]) -> None:
        """Make the records with ``pks`` known."""
        known = self._by_pk.setdefault(directory, {})
        missing = {pk for pk in pks if pk is not None and pk not in known}
        for entry in directory.by_pk(missing) if missing else ():
            known[entry.pk] = entry

    def find(self, directory: Directory, key: str, on: datetime.date | None) -> list[Entry]:
        """The records that ``key`` names on ``on`` (today)."""
        day = on or self.today
        return [entry for entry in self._by_key.get(directory, {}).get(key, []) if entry.holds_on(day)]

    def known_on_other_days(self, directory: Directory, key: str) -> list[Entry]:
        """The records that ``key`` names on any day."""
        return self._by_key.get(directory, {}).get(key, [])

    def entry(self, directory: Directory, pk: Any) -> Entry | None:
        """The record with this key."""
        return self._by_pk.get(directory, {}).get(pk)

    def nearest(self, directory: Directory, key: str) -> str:
        """The key that ``key`` was probably meant to be, or ``""``; only for the first MOST_SUGGESTIONS."""
        self._suggested += 1
        if self._suggested > MOST_SUGGESTIONS:
            return ""
        if directory not in self._all_keys:
            self._all_keys[directory] = directory.all_keys()
        return next(iter(difflib.get_close_matches(key, self._all_keys[directory], n=1, cutoff=0.6)), "")

    def note_in_file(self, column: str, keys: Iterable[str]) -> None:
        """Remember the natural keys of the running file, for references within it."""
        self._in_file.setdefault(column, set()).update(keys)

    def is_in_file(self, column: str, key: str) -> bool:
        """Whether a row of the running file has ``key`` in ``column``."""
        return key in self._in_file.get(column, ())


@dataclass(frozen=True, slots=True)
class InFile:
    """A reference to another row of the same file that is not a record yet, by its natural key."""

    key: str


@dataclass(frozen=True)
class ReferenceColumn(ColumnSpec):
    """Names a record by its natural key. The value is the record's primary key.

    Args:
        directory: finds the records.
        on: the day that decides between records of one key: a date, or the name of a date column of the
            same row; today when empty.
        in_file: name of the column of this same table whose text the reference may name as well. The value
            is then an ``InFile`` while that row is no record yet, and the room's ``save`` resolves it.
    """

    directory: Directory = None  # type: ignore[assignment]
    on: datetime.date | str | None = None
    in_file: str = ""

    natural_width: ClassVar[int] = 14

    def read_filled(self, raw: Raw, context: RowContext) -> Any:
        key = folded(raw)
        found = context.lookups.find(self.directory, key, context.on)
        if len(found) == 1:
            return found[0].pk
        if self.in_file and context.lookups.is_in_file(self.in_file, key):
            return InFile(key)
        if found:
            raise CellError(
                f"「{key}」は{len(found)}件の{self.directory.noun}に当たります",
                "番号で書き分ける",
                text_of(raw),
            )
        raise self._unknown(key, raw, context)

    def _unknown(self, key: str, raw: Raw, context: RowContext) -> CellError:
        noun = self.directory.noun
        if others := context.lookups.known_on_other_days(self.directory, key):
            spans = "、".join(_span(entry) for entry in others[:3])
            return CellError(
                f"この日には無い{noun}です（{others[0].label}は{spans}）",
                f"{noun}か日付を確かめる",
                text_of(raw),
            )
        near = context.lookups.nearest(self.directory, key)
        cure = f"{near} でしょうか" if near else f"{noun}の一覧で確かめる"
        return CellError(f"登録にない{noun}です", cure, text_of(raw))

    def write(self, value: Any, lookups: Lookups) -> Out:
        if value is None:
            return None
        if isinstance(value, InFile):
            return value.key
        entry = lookups.entry(self.directory, value)
        return entry.key if entry else str(value)

    def show(self, value: Any, lookups: Lookups) -> str:
        if value is None or isinstance(value, InFile):
            return value.key if value else ""
        entry = lookups.entry(self.directory, value)
        if entry is None:
            return str(value)
        return entry.key if entry.label == entry.key else f"{entry.key} {entry.label}"

    def plain(self, value: Any) -> Any:
        if isinstance(value, InFile):
            return {"in_file": value.key}
        return value if value is None or isinstance(value, int) else str(value)

    def example(self) -> str:
        return self.help or f"{self.directory.noun}の番号を入れる"


def _span(entry: Entry) -> str:
    first = entry.valid_from.isoformat() if entry.valid_from else ""
    return f"{first}～{entry.valid_until.isoformat() if entry.valid_until else ''}"


def references(columns: Iterable[ColumnSpec]) -> list[ReferenceColumn]:
    """The references among ``columns``."""
    return [column for column in columns if isinstance(column, ReferenceColumn)]


def load_for(columns: Iterable[ColumnSpec], rows: Iterable[Mapping[str, Any]], lookups: Lookups) -> None:
    """Load every record that the reference columns of ``rows`` point to, one query a directory."""
    listed = references(columns)
    if not listed:
        return
    wanted: dict[Directory, set[Any]] = {}
    for row in rows:
        for column in listed:
            value = row.get(column.name)
            if value is not None and not isinstance(value, InFile):
                wanted.setdefault(column.directory, set()).add(value)
    for directory, pks in wanted.items():
        lookups.load_pks(directory, pks)
