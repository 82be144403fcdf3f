"""The values of which requests and answers are made. What they take is what the schema says, to the letter."""

import datetime
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.db import models
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import core_schema

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import opened_years, reference_day
from tenshu.ground.quantities import HeadCount, Quality

if TYPE_CHECKING:
    from tenshu.ground.access.models import User
    from tenshu.ground.office.models import Staff, Unit
    from tenshu.ground.systems.models import System

FIRST_DAY, LAST_DAY = datetime.date(1900, 4, 1), datetime.date(2200, 3, 31)


class Out(BaseModel):
    """A part of an answer."""


class Body(BaseModel):
    """What a write takes: no field that is not named, no value that would have to be guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _day(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            raise ValueError("日付は 2023-08-24 のように書いてください。")
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise ValueError("その日はありません。") from None
    return value


def _whole(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"-?\d{1,19}", value, re.ASCII):
            raise ValueError("整数にしてください。")
        return int(value)
    return value


def _plain(value: str) -> str:
    if "\0" in value:
        raise ValueError("使えない文字があります。")
    return value


def _told(value: str) -> str:
    if not value.strip():
        raise ValueError("入れてください。")
    return value.strip()


def _clock(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
        raise ValueError("時刻は 14:00 のように書いてください。")
    return value


Day = Annotated[datetime.date, BeforeValidator(_day)]
"""A day, ISO 8601."""
Clock = Annotated[str, BeforeValidator(_clock), Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day, 14:00."""
DIGITS = BeforeValidator(_whole)
"""Makes the text of a whole number in a query a number."""


class OneOf:
    """One of the words of a list, as ``Annotated[str, OneOf(Kind)]``; ``empty=True`` takes no word as well."""

    def __init__(self, choices: type[models.TextChoices], *, empty: bool = False) -> None:
        self.words = [*([""] if empty else []), *choices.values]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.literal_schema(self.words)


PLAIN = AfterValidator(_plain)
"""A text without NUL, which no database keeps."""
Text = Annotated[str, Field(max_length=200), PLAIN]
LongText = Annotated[str, Field(max_length=100_000), PLAIN]
Reason = Annotated[str, Field(min_length=1, max_length=300), PLAIN, AfterValidator(_told)]
"""Why something is done, as it stands in the record: as on a page, spaces alone are no reason."""
QualityWord = Annotated[str, OneOf(Quality)]
Flag = Literal["true", "false"]
"""Yes or no in a query."""
Year = Annotated[
    str,
    Field(
        pattern=r"^(190[1-9]|19[1-9][0-9]|2[01][0-9]{2}|R[1-9][0-9]?|H([1-9]|[12][0-9]|3[01]))$",
        description="年度。R5 または 2023",
    ),
]
"""A fiscal year as a query or path writes it: one that has a year before it and one behind it."""


def fiscal_year(text: str) -> FiscalYear:
    """The year of a query; without one the newest opened year."""
    if text:
        return FiscalYear.parse(text)
    opened = opened_years()
    return opened[0].fiscal_year if opened else FiscalYear.containing(datetime.date.today())


def opened_year(text: str) -> FiscalYear:
    """The year into which something is entered; raises ``ValidationError`` for one that is not open for records."""
    year = fiscal_year(text)
    if all(row.year != year.year for row in opened_years()):
        raise ValidationError({"year": f"{year.label}は開かれていません。先に年度を開いてください。"})
    return year


def day_asked(day: datetime.date | Literal[""], year: str = "") -> datetime.date:
    """The day as of which is answered: the one asked for, else the reference day of the year."""
    if day == "":
        return reference_day(fiscal_year(year))
    return min(max(day, FIRST_DAY), LAST_DAY)


class UnitRef(Out):
    """A unit as others name it."""

    id: int
    code: str
    name: str

    @classmethod
    def of(cls, unit: "Unit") -> "UnitRef":
        """The reference to ``unit``."""
        return cls(id=unit.pk, code=unit.code, name=unit.name)


class StaffRef(Out):
    """A member of staff as others name them."""

    id: int
    number: str
    name: str

    @classmethod
    def of(cls, staff: "Staff") -> "StaffRef":
        """The reference to ``staff``."""
        return cls(id=staff.pk, number=staff.number, name=staff.name)


class SystemRef(Out):
    """A system as others name it."""

    id: int
    number: str
    name: str

    @classmethod
    def of(cls, system: "System") -> "SystemRef":
        """The reference to ``system``."""
        return cls(id=system.pk, number=system.number, name=system.name)


class PersonRef(Out):
    """An account as others name it."""

    id: int
    display_name: str

    @classmethod
    def of(cls, user: "User") -> "PersonRef":
        """The reference to ``user``."""
        return cls(id=user.pk, display_name=user.display_name)


class HeadCountOut(Out):
    """A number of people and how sure it is."""

    count: int
    quality: QualityWord

    @classmethod
    def of(cls, value: HeadCount | None) -> "HeadCountOut | None":
        """The count, if one was recorded."""
        return None if value is None else cls(count=value.count, quality=value.quality)


class HeadCountIn(Body):
    """A number of people that somebody enters."""

    count: Annotated[int, Field(ge=0, le=1_000_000)]
    quality: QualityWord = Quality.EXACT.value

    def value(self) -> HeadCount:
        """As the house keeps it."""
        return HeadCount(self.count, Quality(self.quality))


class FiscalYearOut(Out):
    """A fiscal year under its names."""

    fiscal_year: str
    year: int
    label: str

    @classmethod
    def of(cls, year: FiscalYear) -> "FiscalYearOut":
        """The names of ``year``."""
        return cls(fiscal_year=year.short, year=year.year, label=year.label)
