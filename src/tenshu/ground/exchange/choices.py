"""Columns whose cells come from a list: one choice, or several."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Choices

from tenshu.engines.japanese import fold_width
from tenshu.ground.exchange.cells import CellError, Out, Raw, folded, text_of
from tenshu.ground.exchange.columns import ColumnSpec, RowContext

if TYPE_CHECKING:
    from tenshu.ground.exchange.lookups import Lookups

type ChoiceList = type[Choices] | Mapping[Any, str] | Sequence[tuple[Any, str]]
"""A Django ``TextChoices`` class, or stored values with their Japanese labels."""


@dataclass(frozen=True)
class ChoiceColumn(ColumnSpec):
    """One of a list. The value is the stored value, the cell holds the Japanese label.

    ``spellings`` maps other texts that come in from old files to stored values: {"正職員": "regular"}.
    """

    choices: ChoiceList = ()
    spellings: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def labels(self) -> dict[Any, str]:
        """Stored value → Japanese label."""
        pairs = self.choices
        if isinstance(pairs, type):
            return {member.value: str(member.label) for member in pairs}
        return {
            value: str(label) for value, label in (pairs.items() if isinstance(pairs, Mapping) else pairs)
        }

    @cached_property
    def stored(self) -> dict[str, Any]:
        """Folded label → stored value."""
        return {_key(label): value for label, value in self.spellings.items()} | {
            _key(label): value for value, label in self.labels.items()
        }

    def read_filled(self, raw: Raw, context: RowContext) -> Any:
        text = folded(raw)
        if _key(text) in self.stored:
            return self.stored[_key(text)]
        raise CellError("区分の一覧にありません", suggestion(text, list(self.labels.values())), text_of(raw))

    def write(self, value: Any, lookups: "Lookups") -> Out:
        return None if value in (None, "") else self.labels.get(value, str(value))

    def plain(self, value: Any) -> Any:
        return None if value in (None, "") else getattr(value, "value", value)

    def example(self) -> str:
        return self.help or f"{_quoted(list(self.labels.values()))}から選ぶ"

    def offered(self) -> list[str]:
        return list(self.labels.values())


@dataclass(frozen=True)
class MultipleChoiceColumn(ChoiceColumn):
    """Several of a list, joined by 「、」 or line ends. The value is a tuple in the order of the list."""

    natural_width: ClassVar[int] = 24
    wraps: ClassVar[bool] = True
    empty: ClassVar[Any] = ()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.stored, key=len, reverse=True)
        return re.compile("|".join(re.escape(label) for label in longest_first) or r"(?!)")

    def read_filled(self, raw: Raw, context: RowContext) -> tuple[Any, ...]:
        rest, found = fold_width(text_of(raw)), set()
        position = 0
        while position < len(rest):
            if rest[position] in "、,，;；/・| \n":
                position += 1
                continue
            match = self._pattern.match(rest, position)
            if match is None:
                wrong = re.split(r"[、,;/\n]", rest[position:], maxsplit=1)[0]
                raise CellError(
                    "区分の一覧にありません", suggestion(wrong, list(self.labels.values())), wrong
                )
            found.add(self.stored[match.group()])
            position = match.end()
        return self._ordered(found)

    def write(self, value: Any, lookups: "Lookups") -> Out:
        return "、".join(self.labels.get(item, str(item)) for item in self._ordered(value or ())) or None

    def plain(self, value: Any) -> Any:
        return [getattr(item, "value", item) for item in self._ordered(value or ())]

    def example(self) -> str:
        return self.help or f"{_quoted(list(self.labels.values()))}から選び、「、」でつなぐ"

    def offered(self) -> list[str]:
        return []

    def _ordered(self, values: Any) -> tuple[Any, ...]:
        held = set(values)
        return tuple(value for value in self.labels if value in held)


def suggestion(text: str, offered: Sequence[str]) -> str:
    """A cure for a text that is not on a list: the nearest entry, or the whole list when it is short."""
    if near := difflib.get_close_matches(text, offered, n=1, cutoff=0.6):
        return f"「{near[0]}」でしょうか"
    return f"{_quoted(offered)}から選ぶ"


def _quoted(labels: Sequence[str]) -> str:
    shown = "".join(f"「{label}」" for label in labels[:8])
    return f"{shown}など" if len(labels) > 8 else shown


def _key(label: str) -> str:
    return fold_width(label).strip()
