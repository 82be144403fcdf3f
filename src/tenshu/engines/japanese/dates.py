"""Dates in every notation found in ledgers, with unknown parts (不詳, 00) kept as unknown."""

import calendar
import datetime
import re
from dataclasses import dataclass, field

from tenshu.engines.japanese.eras import ERA_BY_SIGN, ERAS, DateError, Era
from tenshu.engines.japanese.width import fold_width

_UNKNOWN = r"不詳|不明|未詳|[?*xX×●○〇-]+"
_PART = rf"[0-9]{{1,2}}|{_UNKNOWN}"
_ERA = r"(?P<era>明治|大正|昭和|平成|令和|[明大昭平令㍾㍽㍼㍻㋿MTSHRmtshr])"
_END = r"(?:生(?:まれ)?)?(?:[ T]*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?"

#: 令和6年6月30日, 2024年6月, 昭和20年月日不詳.
_WITH_UNITS = re.compile(
    rf"(?:西暦|{_ERA})?\.?(?P<year>元|[0-9]{{1,4}}|{_UNKNOWN})?年(?:頃|ごろ)?"
    rf"(?:(?P<month>{_PART})?月)?(?:(?P<day>{_PART})?日)?(?:不詳|不明|頃)?{_END}"
)
#: 2024/6/30, R6.6.30, S64-01-07, 昭和64.1.7, 2024/6.
_WITH_MARKS = re.compile(
    rf"(?:{_ERA}\.?)?(?P<year>元|[0-9]{{1,4}})(?P<mark>[./・,-])(?P<month>{_PART})"
    rf"(?:(?P=mark)(?P<day>{_PART}))?{_END}"
)
_WITH_SPACES = re.compile(
    rf"(?:{_ERA} ?)?(?P<year>元|[0-9]{{1,4}}) (?P<month>[0-9]{{1,2}}) (?P<day>[0-9]{{1,2}})"
)
#: R060630 and 昭和640107; 20240630; 3450107.
_PACKED_ERA = re.compile(rf"{_ERA}(?P<year>[0-9]{{2}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})")
_PACKED = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_PACKED_CODE = re.compile(r"(?P<code>[1-5])(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_FORMS = (_WITH_UNITS, _WITH_MARKS, _WITH_SPACES, _PACKED_ERA, _PACKED, _PACKED_CODE)

_WEEKDAY = re.compile(
    r"[(\[〔【]?[月火水木金土日](?:曜日?|祝|・祝)[)\]〕】]?$|[(\[〔【][月火水木金土日祝・]+[)\]〕】]|[㈪㈫㈬㈭㈮㈯㈰]"
)
_WHOLLY_UNKNOWN = re.compile(
    rf"(?:生?年月日)?(?:{_UNKNOWN})|0{{7,8}}|0{{4}}(?P<mark>[./-])0{{1,2}}(?P=mark)0{{1,2}}|年月日"
)
_KANJI_NUMBER = re.compile("[〇一二三四五六七八九十]+(?=[年月日])")
_KANJI_DIGITS = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")}


@dataclass(frozen=True)
class JapaneseDate:
    """A date whose parts may be unknown (None).

    ``notice`` is Japanese text when the date is readable but its era does not cover it (平成31年5月1日); it
    does not count in comparisons.
    """

    year: int | None
    month: int | None
    day: int | None
    notice: str = field(default="", compare=False)

    @property
    def date(self) -> datetime.date | None:
        """The day, or None while any part is unknown."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return datetime.date(self.year, self.month, self.day)

    def __str__(self) -> str:
        """ISO 8601 form with zeros for unknown parts (1945-00-00)."""
        return f"{self.year or 0:04d}-{self.month or 0:02d}-{self.day or 0:02d}"


def parse_date(text: str) -> JapaneseDate:
    """Read a date in any notation: era or western, with 年月日, points, slashes or nothing between.

    Parts written 不詳, 不明, ``?``, ``*`` or 00 become None; a weekday and a time of day are ignored.

    Raises:
        DateError: the text is empty, is no date, or names a day that does not exist.
    """
    raw = text.strip()
    folded = _fold(raw)
    if not folded:
        raise DateError("日付が空です")
    if _WHOLLY_UNKNOWN.fullmatch(folded):
        return JapaneseDate(None, None, None)
    for form in _FORMS:
        if match := form.fullmatch(folded):
            return _build(raw, match.groupdict())
    raise DateError(f"「{raw}」は日付として読めません（例: 令和6年6月30日、R6.6.30、2024/6/30）")


def _fold(text: str) -> str:
    folded = _WEEKDAY.sub("", fold_width(text)).strip()
    if _KANJI_NUMBER.search(folded):
        folded = _KANJI_NUMBER.sub(lambda match: str(_kanji_number(match[0])), folded)
    folded = re.sub(r"[‐‑–—―−]", "-", folded)
    if " " in folded:
        folded = re.sub(r" *([年月日./]) *|(?<=[明治大正昭和平成令㍾㍽㍼㍻㋿MTSHR]) +", r"\1", folded)
    return folded


def _kanji_number(kanji: str) -> int:
    """三十 → 30, 二〇二四 → 2024, 十 → 10."""
    if "十" in kanji:
        tens, _, ones = kanji.partition("十")
        return (_KANJI_DIGITS.get(tens, 1) * 10) + _KANJI_DIGITS.get(ones, 0)
    return int("".join(str(_KANJI_DIGITS[digit]) for digit in kanji))


def _build(raw: str, parts: dict[str, str | None]) -> JapaneseDate:
    sign, code = parts.get("era"), parts.get("code")
    era = ERA_BY_SIGN[sign.upper()] if sign else ERAS[int(code) - 1] if code else None
    in_era = 1 if parts["year"] == "元" else _part(parts["year"])
    month, day = _part(parts.get("month")), _part(parts.get("day"))
    if era is None and in_era is not None and not 1000 <= in_era <= 9999:
        raise DateError(f"「{raw}」には元号も4桁の西暦年もないため、年が分かりません")
    year = in_era if era is None or in_era is None else in_era + era.offset
    _check_exists(raw, year, month, day)
    return JapaneseDate(year, month, day, _era_notice(era, year, month, day))


def _part(text: str | None) -> int | None:
    """A part of a date; 0, 不詳 and marks are unknown."""
    return int(text) or None if text and text.isdecimal() else None


def _check_exists(raw: str, year: int | None, month: int | None, day: int | None) -> None:
    if month is not None and month > 12:
        raise DateError(f"「{raw}」の{month}月という月はありません")
    if day is None:
        return
    # With an unknown year 2月29日 may exist; with an unknown month any day up to 31 may.
    longest = 31 if month is None else calendar.monthrange(year or 2000, month)[1]
    if day > longest:
        what = raw if "年" in raw and "日" in raw else f"「{raw}」"
        raise DateError(f"{what}という日はありません")


def _era_notice(era: Era | None, year: int | None, month: int | None, day: int | None) -> str:
    """Say when an era date lies outside its era (平成元年1月7日, 昭和65年4月1日)."""
    if era is None or year is None:
        return ""
    earliest = datetime.date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    latest = datetime.date(year, month or 1, day or 1)
    if earliest < era.first:
        return f"{era.name}は{era.first.month}月{era.first.day}日に始まりました"
    if era.last and latest > era.last:
        last_year = era.last.year - era.offset
        return f"{era.name}は{last_year}年{era.last.month}月{era.last.day}日までです"
    return ""
