"""Columns of numbers: integers, decimals, yen, head counts with their quality, and fiscal years."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from tenshu.engines.japanese import NumberError, fold_width, parse_number
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange.cells import CellError, Out, Raw, folded, number_out, text_of
from tenshu.ground.exchange.columns import ColumnSpec, RowContext
from tenshu.ground.quantities import HeadCount, Quality

if TYPE_CHECKING:
    from tenshu.ground.exchange.lookups import Lookups

_NOT_OF_A_NUMBER = re.compile(r"[^0-9,.\-−▲△+¥￥ ]+")
_EXPONENT = re.compile(r"[+-]?[0-9.]+[Ee][+-]?[0-9]+")
_LOOK_ALIKES = {
    "O": "英字のO",
    "o": "英字のo",
    "l": "英字のl",
    "I": "英字のI",
    "〇": "漢数字の〇",
    "○": "記号の○",
}
_MENDED = str.maketrans("OolI〇○", "001100")
_UNITS = frozenset(
    {
        "千円",
        "百万円",
        "万円",
        "億円",
        "円",
        "名",
        "人",
        "件",
        "台",
        "回",
        "%",
        "個",
        "部",
        "本",
        "時間",
        "日",
    }
)


def read_number(raw: Raw) -> int | Decimal:
    """The number in a cell, exactly as typed; raises ``CellError`` that names the wrong characters."""
    match raw:
        case bool():
            raise CellError("数ではなく TRUE か FALSE が入っています", "数字を入れる", text_of(raw))
        case int():
            return raw
        case float():
            if raw != raw or abs(raw) == float("inf"):
                raise CellError("数として読めません", "数字を入れる")
            return int(raw) if raw.is_integer() else Decimal(repr(raw))
        case str():
            return _number_in(text_of(raw))
        case _:
            raise CellError(
                "数ではなく日付か時刻が入っています", "セルの書式を「数値」にして入れ直す", text_of(raw)
            )


def _number_in(text: str) -> int | Decimal:
    try:
        return parse_number(text)
    except NumberError:
        pass
    wide = fold_width(text)
    if _EXPONENT.fullmatch(wide):
        raise CellError(
            "桁が省かれた形（1.2E+10）で入っています", "セルの書式を「数値」にして保存し直す", text
        )
    for found in _NOT_OF_A_NUMBER.finditer(wide):
        wrong = text[found.start() : found.end()] if len(wide) == len(text) else found.group()
        if found.group().strip() in _UNITS:
            cure = f"{wide[: found.start()].strip()} だけにする" if found.start() else "数字だけにする"
            raise CellError("単位が入っています", cure, wrong)
        if alike := next((name for sign, name in _LOOK_ALIKES.items() if sign in found.group()), ""):
            fixed = wide.translate(_MENDED)
            raise CellError(
                f"数ではない文字（{alike}）が入っています", f"{fixed} のように数字だけにする", wrong
            )
        if found.group().strip() == "同上":
            raise CellError("「同上」は読み取れません", "上の行と同じ値を入れる", wrong)
        raise CellError("数ではない文字が入っています", "数字だけにする", wrong)
    raise CellError("数の書き方が違います", "桁区切りのカンマや小数点の位置を直す", text)


@dataclass(frozen=True)
class IntegerColumn(ColumnSpec):
    """A whole number from ``minimum`` to ``maximum``."""

    minimum: int | None = 0
    maximum: int | None = None

    natural_width: ClassVar[int] = 12
    number_format: ClassVar[str] = "#,##0"
    right_aligned: ClassVar[bool] = True

    def read_filled(self, raw: Raw, context: RowContext) -> int:
        number = read_number(raw)
        if not isinstance(number, int):
            if number != number.to_integral_value():
                raise CellError("小数が入っています", "整数で入れる", text_of(raw))
            number = int(number)
        _within(number, self.minimum, self.maximum, raw)
        return number

    def write(self, value: Any, lookups: "Lookups") -> Out:
        return None if value is None else number_out(int(value))

    def show(self, value: Any, lookups: "Lookups") -> str:
        return "" if value is None else f"{int(value):,}"

    def plain(self, value: Any) -> Any:
        return None if value is None else int(value)

    def example(self) -> str:
        return self.help or "12,300 のように整数で入れる"


@dataclass(frozen=True)
class DecimalColumn(ColumnSpec):
    """A number with up to ``places`` decimal places, as ``Decimal``."""

    places: int = 2
    minimum: Decimal | int | None = 0
    maximum: Decimal | int | None = None

    natural_width: ClassVar[int] = 12
    right_aligned: ClassVar[bool] = True
    number_format: ClassVar[str] = "General"

    def read_filled(self, raw: Raw, context: RowContext) -> Decimal:
        number = Decimal(read_number(raw))
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            raise CellError(
                f"小数点より下が{-exponent}桁あります",
                f"小数点より下は{self.places}桁までにする",
                text_of(raw),
            )
        _within(number, self.minimum, self.maximum, raw)
        return number

    def write(self, value: Any, lookups: "Lookups") -> Out:
        return None if value is None else number_out(Decimal(value))

    def show(self, value: Any, lookups: "Lookups") -> str:
        return "" if value is None else f"{Decimal(value):,f}"

    def plain(self, value: Any) -> Any:
        if value is None:
            return None
        number = Decimal(value).normalize()
        return "0" if number == 0 else format(number, "f")

    def unplain(self, plain: Any) -> Any:
        return None if plain is None else Decimal(plain)

    def example(self) -> str:
        return self.help or "12.5 のように数字で入れる"


@dataclass(frozen=True)
class YenColumn(ColumnSpec):
    """Money. The value is whole yen; the file is in the ``unit`` of its heading, 円 or 千円.

    A file whose heading says the other unit is converted. ▲ and △ mean minus where ``negative`` allows it.
    """

    unit: str = "千円"
    negative: bool = False

    natural_width: ClassVar[int] = 14
    number_format: ClassVar[str] = "#,##0;▲#,##0"
    right_aligned: ClassVar[bool] = True

    def read_filled(self, raw: Raw, context: RowContext) -> int:
        number = read_number(raw) * (1000 if (context.unit or self.unit) == "千円" else 1)
        if number != int(number):
            raise CellError("1円より細かい額が入っています", "円の位までにする", text_of(raw))
        if number < 0 and not self.negative:
            sign = next((sign for sign in text_of(raw) if sign in "▲△-−－"), "")
            raise CellError("負の数は入りません", f"{abs(int(read_number(raw))):,} のように入れる", sign)
        return int(number)

    def write(self, value: Any, lookups: "Lookups") -> Out:
        if value is None:
            return None
        return number_out(self._in_unit(int(value)))

    def show(self, value: Any, lookups: "Lookups") -> str:
        return "" if value is None else f"{self._in_unit(int(value)):,}".replace("-", "▲")

    def plain(self, value: Any) -> Any:
        return None if value is None else int(value)

    def example(self) -> str:
        return self.help or f"48,200 のように{self.unit}の数で入れる"

    def _in_unit(self, yen: int) -> int | Decimal:
        if self.unit != "千円":
            return yen
        return yen // 1000 if yen % 1000 == 0 else Decimal(yen) / 1000


_HEADS = re.compile(
    r"(?P<about>約|およそ|おおよそ|概ね)? *(?P<count>[0-9,]+) *(?:名|人)? *"
    r"(?P<after>以上|超|程度|余り?|ほど|強)? *(?:名|人)?"
)


@dataclass(frozen=True)
class HeadCountColumn(ColumnSpec):
    """A number of people with its quality: 20, 約20, 163以上. The value is a ``HeadCount``."""

    unit: str = "名"

    natural_width: ClassVar[int] = 12
    number_format: ClassVar[str] = "#,##0"
    right_aligned: ClassVar[bool] = True

    def read_filled(self, raw: Raw, context: RowContext) -> HeadCount:
        if not isinstance(raw, str):
            return HeadCount(self._people(read_number(raw), raw))
        match = _HEADS.fullmatch(folded(raw))
        if match is None:
            raise CellError("人数として読めません", self.example(), text_of(raw))
        count = self._people(_number_in(match["count"]), raw)
        if match["after"] in {"以上", "超", "余", "余り", "強"}:
            return HeadCount(count, Quality.AT_LEAST)
        return HeadCount(count, Quality.APPROXIMATE if match["about"] or match["after"] else Quality.EXACT)

    @staticmethod
    def _people(number: int | Decimal, raw: Raw) -> int:
        if number < 0 or number != int(number):
            raise CellError("人数は0以上の整数です", "20 のように入れる", text_of(raw))
        return int(number)

    def write(self, value: Any, lookups: "Lookups") -> Out:
        if value is None:
            return None
        return int(value.count) if value.quality == Quality.EXACT else self.show(value, lookups)

    def show(self, value: Any, lookups: "Lookups") -> str:
        return "" if value is None else str(value).replace("名", "")

    def plain(self, value: Any) -> Any:
        return None if value is None else [int(value.count), str(value.quality)]

    def unplain(self, plain: Any) -> Any:
        return None if plain is None else HeadCount(plain[0], Quality(plain[1]))

    def example(self) -> str:
        return self.help or "20、約20、163以上 のように入れる"


@dataclass(frozen=True)
class FiscalYearColumn(ColumnSpec):
    """A fiscal year: R5, 令和5年度, 2023. The value is a ``FiscalYear``."""

    natural_width: ClassVar[int] = 8

    def read_filled(self, raw: Raw, context: RowContext) -> FiscalYear:
        try:
            return FiscalYear.parse(folded(raw))
        except ValueError as error:
            raise CellError(str(error), self.example(), text_of(raw)) from error

    def write(self, value: Any, lookups: "Lookups") -> Out:
        return None if value is None else str(value.short)

    def plain(self, value: Any) -> Any:
        return None if value is None else str(value.short)

    def unplain(self, plain: Any) -> Any:
        return None if plain is None else FiscalYear.parse(plain)

    def example(self) -> str:
        return self.help or "R5 のように入れる"


def _within(
    number: int | Decimal, minimum: Decimal | int | None, maximum: Decimal | int | None, raw: Raw
) -> None:
    if minimum is not None and number < minimum:
        if minimum == 0:
            raise CellError("負の数は入りません", f"{-number:,} か、正しい数を入れる", text_of(raw))
        raise CellError(f"{minimum:,}より小さい数です", f"{minimum:,}以上の数を入れる", text_of(raw))
    if maximum is not None and number > maximum:
        raise CellError(f"{maximum:,}より大きい数です", f"{maximum:,}以下の数を入れる", text_of(raw))
