"""Form fields that read what offices type: dates in any notation, full-width digits, ▲ for minus, 千円."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tenshu.engines.japanese import DateError, NumberError, format_wareki, parse_date, parse_number
from tenshu.ground.quantities import HeadCount, Quality
from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.dates import day_text


class DateField(forms.Field):
    """A day in 和暦 or 西暦 (日付): 令和6年6月30日, R6.6.30, 2024/6/30, full-width digits.

    Cleans to ``datetime.date``. ``earliest`` and ``latest`` bound it.
    After reading, the form shows what was read.
    """

    widget = forms.TextInput
    width = "m"
    default_help_text = "例：令和6年6月30日、R6.6.30、2024/6/30"

    def __init__(
        self,
        *,
        earliest: datetime.date | None = None,
        latest: datetime.date | None = None,
        help_text: str = default_help_text,
        **kwargs: Any,
    ) -> None:
        super().__init__(help_text=help_text, **kwargs)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        try:
            read = parse_date(str(value))
        except DateError as error:
            raise ValidationError(f"{error}。", code="invalid") from None
        if read.notice:
            raise ValidationError(f"{read.notice}。", code="invalid")
        if read.date is None:
            raise ValidationError("年・月・日のすべてを入れてください。", code="incomplete")
        try:
            format_wareki(read.date)  # pages show every day in 和暦, and nothing here is older than Meiji
        except DateError as error:
            raise ValidationError(f"{error}。", code="invalid") from None
        return read.date

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest:
            raise ValidationError(f"{day_text(self.earliest, 'plain')}以後の日にしてください。", code="early")
        if self.latest and value > self.latest:
            raise ValidationError(f"{day_text(self.latest, 'plain')}以前の日にしてください。", code="late")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime.datetime):
            value = value.date()
        if isinstance(value, datetime.date):
            try:
                return format_wareki(value)
            except DateError:
                return value.isoformat()
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def read_back(self, raw: Any, value: Any) -> str:
        """What was read, when it is not what was typed: 「令和6年6月30日（日）と読みました」."""
        if not isinstance(value, datetime.date) or str(raw).strip() == self.prepare_value(value):
            return ""
        return f"{day_text(value)}（{value.year}年）と読みました"


class NumberField(forms.Field):
    """A number (数) in full- or half-width digits, with or without commas, ▲ for minus.

    Cleans to ``int``, or to ``Decimal`` when ``places`` allows digits behind the point.
    """

    widget = forms.TextInput
    width = "s"

    def __init__(
        self,
        *,
        min_value: int | Decimal | None = None,
        max_value: int | Decimal | None = None,
        places: int = 0,
        unit: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.min_value, self.max_value, self.places, self.unit = min_value, max_value, places, unit

    def to_python(self, value: Any) -> int | Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int | Decimal):
            return value
        try:
            number = parse_number(str(value))
        except NumberError as error:
            raise ValidationError(f"{error}。数字だけを入れてください。", code="invalid") from None
        if isinstance(number, Decimal):
            if -int(number.as_tuple().exponent) > self.places:
                rule = f"小数点以下は{self.places}桁まで" if self.places else "整数"
                raise ValidationError(f"{rule}にしてください。", code="places")
            return number
        # Bounded by what a database column holds; a longer number is a slip of the keyboard.
        if abs(number) >= 10**18:
            raise ValidationError("けた数が多すぎます。", code="large")
        return Decimal(number) if self.places else number

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(
                f"{number_text(self.min_value)}{self.unit}以上にしてください。", code="small"
            )
        if self.max_value is not None and value > self.max_value:
            raise ValidationError(
                f"{number_text(self.max_value)}{self.unit}以下にしてください。", code="large"
            )

    def prepare_value(self, value: Any) -> Any:
        return number_text(value) if isinstance(value, int | float | Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def read_back(self, raw: Any, value: Any) -> str:
        """What was read, when full-width digits or ▲ were typed."""
        if value is None or str(raw).strip().replace(",", "") == str(value):
            return ""
        shown = self.prepare_value(value)
        return "" if str(raw).strip() == shown else f"{shown}{self.unit}と読みました"


class YenField(NumberField):
    """An amount of money (金額). Cleans to whole yen; typed and shown in 千円 unless ``thousands=False``."""

    width = "m"

    def __init__(self, *, thousands: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("unit", "千円" if thousands else "円")
        super().__init__(places=3 if thousands else 0, **kwargs)
        self.scale = 1000 if thousands else 1

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, int):
            return value
        number = super().to_python(value)
        return None if number is None else int(number * self.scale)

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
        if value is None:
            return
        # Bounds are given in yen, told in the unit that is typed.
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(
                f"{self.prepare_value(self.min_value)}{self.unit}以上にしてください。", code="small"
            )
        if self.max_value is not None and value > self.max_value:
            raise ValidationError(
                f"{self.prepare_value(self.max_value)}{self.unit}以下にしてください。", code="large"
            )

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        shown = Decimal(value) / self.scale
        return number_text(int(shown) if shown == shown.to_integral_value() else shown)


class HeadCountWidget(forms.MultiWidget):
    """A number and how sure it is."""

    def __init__(self) -> None:
        quality = forms.Select(choices=Quality.choices, attrs={"aria-label": "数の確かさ"})
        super().__init__({"count": forms.TextInput(attrs={"inputmode": "numeric"}), "quality": quality})

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, HeadCount):
            return [number_text(value.count), str(value.quality)]
        return [None, str(Quality.EXACT)]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


class HeadCountField(forms.MultiValueField):
    """A number of people with its quality (人数: 実数・約・以上). Cleans to ``HeadCount`` or None."""

    widget = HeadCountWidget
    unit = "名"
    width = "s"

    def __init__(self, **kwargs: Any) -> None:
        required = kwargs.get("required", True)
        fields = (
            NumberField(min_value=0, required=required),
            forms.ChoiceField(choices=Quality.choices, required=False),
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> HeadCount | None:
        if not data_list or data_list[0] is None:
            return None
        return HeadCount(int(data_list[0]), Quality(data_list[1] or Quality.EXACT))
