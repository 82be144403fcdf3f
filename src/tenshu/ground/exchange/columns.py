"""Typed columns: what a Japanese header means, how its cells are read, written, shown and compared."""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tenshu.ground.exchange.cells import (
    LONGEST_CELL,
    TOO_LONG,
    UNWRITABLE,
    CellError,
    Out,
    Raw,
    folded,
    is_empty,
    text_of,
)

if TYPE_CHECKING:
    from tenshu.ground.exchange.lookups import Lookups


@dataclass(frozen=True, slots=True)
class RowContext:
    """What a cell may need of its surroundings while it is read."""

    lookups: "Lookups"
    unit: str = ""
    """The unit in the file's header, when it has one: 円 or 千円."""
    on: datetime.date | None = None
    """The day on which a reference must hold; ``None`` means today."""


@dataclass(frozen=True)
class ColumnSpec(ABC):
    """One column. ``name`` is the key in every ``values`` dict, ``header`` the Japanese heading of the file.

    Args:
        name: English name of the field.
        header: heading in the file, without its unit.
        required: an empty cell is an error.
        unit: printed behind the heading in brackets: 名, 千円.
        help: one sentence for the person who fills the column in; becomes the note on the heading.
        editable: False locks the cells on export and ignores them on import.
        also: other headings under which the column may come in.
        default: value of an added row when the column is missing or the cell empty.
        width: column width in characters; the kind's own when 0.
    """

    name: str
    header: str
    _: KW_ONLY
    required: bool = False
    unit: str = ""
    help: str = ""
    editable: bool = True
    also: Sequence[str] = ()
    default: Any = None
    width: int = 0

    natural_width: ClassVar[int] = 14
    number_format: ClassVar[str] = ""
    right_aligned: ClassVar[bool] = False
    wraps: ClassVar[bool] = False
    empty: ClassVar[Any] = None
    """The value of an empty cell: ``""`` for texts, ``None`` for everything else."""

    def read(self, raw: Raw, context: RowContext) -> Any:
        """The typed value of a cell.

        Raises:
            CellError: the cell cannot be read, or is empty although it is required.
        """
        if self.holds_nothing(raw):
            if self.required:
                raise CellError(f"「{self.header}」が空です", self.example())
            return self.empty if self.default is None else self.default
        return self.read_filled(raw, context)

    def holds_nothing(self, raw: Raw) -> bool:
        """Whether the cell counts as empty."""
        return is_empty(raw)

    @abstractmethod
    def read_filled(self, raw: Raw, context: RowContext) -> Any:
        """The typed value of a cell that holds something; raises ``CellError``."""

    def write(self, value: Any, lookups: "Lookups") -> Out:
        """What stands in the cell of a file; ``read`` of it gives ``value`` back."""
        return None if value is None else str(value)

    def show(self, value: Any, lookups: "Lookups") -> str:
        """The value as a page shows it; empty text for nothing."""
        written = self.write(value, lookups)
        return "" if written is None else str(written)

    def plain(self, value: Any) -> Any:
        """The value as JSON. Two values are the same exactly when their plain forms are."""
        return None if value is None else str(value)

    def unplain(self, plain: Any) -> Any:
        """The value that has this plain form; needed of key columns only."""
        return plain

    def example(self) -> str:
        """How to fill the cell in, for an error message."""
        return self.help or "値を入れる"

    @property
    def heading(self) -> str:
        """Heading with its unit: 当初予算（千円）."""
        return f"{self.header}（{self.unit}）" if self.unit else self.header

    def offered(self) -> list[str]:
        """Texts for the list validation of a spreadsheet; empty when anything may be typed."""
        return []


@dataclass(frozen=True)
class TextColumn(ColumnSpec):
    """One line of text. Inner text is never altered, a dash stays a dash; an empty cell is ``""``."""

    longest: int = 300
    pattern: str = ""

    natural_width: ClassVar[int] = 24
    empty: ClassVar[Any] = ""
    multi_line: ClassVar[bool] = False

    def holds_nothing(self, raw: Raw) -> bool:
        return raw is None or (isinstance(raw, str) and not raw.strip())

    def read_filled(self, raw: Raw, context: RowContext) -> str:
        text = text_of(raw)
        if not self.multi_line and "\n" in text:
            raise CellError("改行が入っています", "1行で書く")
        if len(text) > self.longest:
            raise CellError(f"{len(text):,}字あります。{self.longest:,}字までです", "短くする")
        return text

    def example(self) -> str:
        return self.help or f"{self.longest:,}字までで入れる"

    def write(self, value: Any, lookups: "Lookups") -> Out:
        text = self.plain(value) or ""
        return TOO_LONG if len(text) > LONGEST_CELL - 1 else text or None

    def plain(self, value: Any) -> str:
        return UNWRITABLE.sub("", str(value or "")).replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True)
class LongTextColumn(TextColumn):
    """Text of several lines."""

    longest: int = 20_000

    natural_width: ClassVar[int] = 40
    wraps: ClassVar[bool] = True
    multi_line: ClassVar[bool] = True


@dataclass(frozen=True)
class CodeColumn(ColumnSpec):
    """A code or number that is a name, not a quantity: folded to half width, upper case as typed.

    ``digits`` gives back the leading zeros that a spreadsheet drops from 0042.
    """

    longest: int = 40
    digits: int = 0

    empty: ClassVar[Any] = ""

    def read_filled(self, raw: Raw, context: RowContext) -> str:
        text = folded(raw)
        if self.digits and text.isdecimal() and not isinstance(raw, str):
            text = text.zfill(self.digits)
        if "\n" in text:
            raise CellError("改行が入っています", "1行で書く")
        if len(text) > self.longest:
            raise CellError(f"{len(text)}字あります。{self.longest}字までです", "短くする")
        return text

    def example(self) -> str:
        return self.help or f"{self.longest}字までで入れる。全角の英数字は半角に直る"

    def write(self, value: Any, lookups: "Lookups") -> Out:
        return self.plain(value) or None

    def plain(self, value: Any) -> str:
        return folded(str(value or ""))


TRUE_WORDS = frozenset(
    {"はい", "○", "◯", "〇", "●", "◎", "有", "有り", "あり", "TRUE", "YES", "Y", "1", "レ", "✓", "✔", "該当"}
)
FALSE_WORDS = frozenset({"いいえ", "×", "✕", "✗", "無", "無し", "なし", "FALSE", "NO", "N", "0", "非該当"})


@dataclass(frozen=True)
class BooleanColumn(ColumnSpec):
    """Yes or no. Written as ``words`` (はい, いいえ); ○, 有, TRUE, レ and their opposites are read as well.

    With ``words=("○", "")`` an empty cell means no; give ``default=False`` for a field that is never empty.
    """

    words: tuple[str, str] = ("はい", "いいえ")

    natural_width: ClassVar[int] = 10

    def read_filled(self, raw: Raw, context: RowContext) -> bool:
        text = folded(raw).upper()
        if text in TRUE_WORDS or text == folded(self.words[0]):
            return True
        if text in FALSE_WORDS or text == folded(self.words[1]):
            return False
        raise CellError(
            f"「{self.words[0]}」か「{self.words[1] or '空欄'}」ではありません", self.example(), text_of(raw)
        )

    def write(self, value: Any, lookups: "Lookups") -> Out:
        return None if value is None else (self.words[0] if value else self.words[1]) or None

    def plain(self, value: Any) -> Any:
        if value is None and not self.words[1]:
            return False
        return None if value is None else bool(value)

    def example(self) -> str:
        return (
            f"「{self.words[0]}」か「{self.words[1]}」を入れる"
            if self.words[1]
            else f"「{self.words[0]}」か空欄にする"
        )

    def offered(self) -> list[str]:
        return [word for word in self.words if word]
