"""When a question is asked: conditions on earlier answers and on the subject, written as a person reads them.

    条件   = 項 { または 項 }
    項     = 因子 { かつ 因子 }
    因子   = 「(」 条件 「)」 | 左辺 比べ方 値 { 、 値 }
    左辺   = 設問番号 | 対象.属性
    比べ方 = ＝ | ≠ | ≧ | ≦          (half width: = != >= <=)

``Q3＝実施、一部実施 かつ 対象.ネットワーク≠インターネット接続系``. Several values mean any of them. The value 「空欄」
stands for no answer. Numbers and dates (和暦 too) are compared as such by ≧ and ≦. Values with blanks stand in 「」.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tenshu.engines.japanese import DateError, fold_width, parse_date

NOTHING = "空欄"
SUBJECT = "対象."

type Held = Callable[[str], frozenset[str]]
"""Left side (a question's code, or 対象.属性) → the texts that it holds; empty for none."""

_TOKEN = re.compile(
    r"\s*(?:(?P<word>または|かつ)|(?P<open>\()|(?P<close>\))|(?P<sign>>=|<=|!=|≠|≧|≦|=)|(?P<comma>、|,)"
    r"|「(?P<quoted>[^」]*)」|(?P<text>(?:(?!または|かつ)[^\s()=!<>≠≧≦、,「」])+))"
)
_SIGNS = {"!=": "≠", ">=": "≧", "<=": "≦", "=": "＝", "≠": "≠", "≧": "≧", "≦": "≦"}


class ConditionError(ValueError):
    """A condition cannot be read; the message is Japanese and says where."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left`` compared with any of ``values``."""

    left: str
    sign: str
    values: tuple[str, ...]

    def holds(self, held: Held) -> bool:
        """Whether the comparison is true of what is held."""
        texts = frozenset(fold_width(text) for text in held(self.left))
        wanted = frozenset(fold_width(value) for value in self.values)
        match self.sign:
            case "＝":
                return bool(texts & wanted) or (NOTHING in wanted and not texts)
            case "≠":
                return not texts & wanted and not (NOTHING in wanted and not texts)
        return any(_reaches(text, self.sign, value) for text in texts for value in self.values)

    def __str__(self) -> str:
        values = "、".join(f"「{v}」" if re.search(r"\s", v) else v for v in self.values)
        return f"{self.left}{self.sign}{values}"


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold (かつ)."""

    parts: tuple["Condition", ...]

    def holds(self, held: Held) -> bool:
        """Whether every part is true."""
        return all(part.holds(held) for part in self.parts)

    def __str__(self) -> str:
        return " かつ ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds (または)."""

    parts: tuple["Condition", ...]

    def holds(self, held: Held) -> bool:
        """Whether one part is true."""
        return any(part.holds(held) for part in self.parts)

    def __str__(self) -> str:
        return " または ".join(str(part) for part in self.parts)


type Condition = Comparison | Every | AnyOf


def parse_condition(text: str) -> Condition:
    """The condition that ``text`` says. Raises ``ConditionError``."""
    reader = _Reader(text)
    found = reader.any_of()
    if not reader.at_end:
        raise ConditionError(f"「{reader.ahead}」の前までしか読めません。")
    return found


def comparisons_of(condition: Condition) -> Iterator[Comparison]:
    """Every comparison inside."""
    if isinstance(condition, Comparison):
        yield condition
    else:
        for part in condition.parts:
            yield from comparisons_of(part)


def in_words(condition: Condition) -> str:
    """The condition as a sentence says it: Q1が「はい」、かつ 対象の部局が「総務部」以外."""
    match condition:
        case Every(parts):
            return "、かつ ".join(
                _bracketed(part) if isinstance(part, AnyOf) else in_words(part) for part in parts
            )
        case AnyOf(parts):
            return "、または ".join(in_words(part) for part in parts)
    left = condition.left
    if left.startswith(SUBJECT):
        left = f"対象の{left.removeprefix(SUBJECT)}"
    values = "か".join("空欄" if value == NOTHING else f"「{value}」" for value in condition.values)
    after = {"＝": "", "≠": "以外", "≧": "以上", "≦": "以下"}[condition.sign]
    return f"{left}が{values}{after}"


def _bracketed(condition: Condition) -> str:
    return f"（{in_words(condition)}）"


class _Reader:
    """Reads one condition from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._tokens)

    @property
    def ahead(self) -> str:
        return self._tokens[self._at][1] if not self.at_end else "終わり"

    def any_of(self) -> Condition:
        parts = [self._every()]
        while self._takes("word", "または"):
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _every(self) -> Condition:
        parts = [self._single()]
        while self._takes("word", "かつ"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _single(self) -> Condition:
        if self._takes("open"):
            inner = self.any_of()
            if not self._takes("close"):
                raise ConditionError("かっこが閉じていません。")
            return inner
        left = self._needs("text", "設問番号か「対象.属性」")
        sign = self._needs("sign", "＝、≠、≧、≦のどれか")
        values = [self._needs("text", "値")]
        while self._takes("comma"):
            values.append(self._needs("text", "値"))
        return Comparison(left, _SIGNS[sign], tuple(values))

    def _takes(self, kind: str, text: str | None = None) -> bool:
        if self.at_end or self._tokens[self._at][0] != kind or text not in (None, self._tokens[self._at][1]):
            return False
        self._at += 1
        return True

    def _needs(self, kind: str, what: str) -> str:
        if self.at_end or self._tokens[self._at][0] != kind:
            raise ConditionError(f"「{self.ahead}」のところに{what}がありません。")
        self._at += 1
        return self._tokens[self._at - 1][1]


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    # Signs and brackets come in full width as well; the texts between them keep their own width.
    text = text.translate(str.maketrans("（）＝！＜＞，　", "()=!<>, ")).strip()
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ConditionError(f"「{text[position:].strip()[:20]}」が読めません。")
        kind = str(match.lastgroup)
        yield ("text" if kind == "quoted" else kind), match[kind]
        position = match.end()


def _reaches(text: str, sign: str, value: str) -> bool:
    for read in (_number, _day):
        left, right = read(text), read(value)
        if left is not None and right is not None:
            return left >= right if sign == "≧" else left <= right  # type: ignore[operator]
    return False


def _number(text: str) -> Decimal | None:
    folded = fold_width(text).replace(",", "")
    return Decimal(folded) if re.fullmatch(r"-?\d+(\.\d+)?", folded) else None


def _day(text: str) -> datetime.date | None:
    try:
        return parse_date(text).date
    except DateError:
        return None
