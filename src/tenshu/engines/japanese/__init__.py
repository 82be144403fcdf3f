"""Japanese text as offices write it: width, kana, dates in eras, numbers, names, addresses, check digits."""

from tenshu.engines.japanese.dates import JapaneseDate, parse_date
from tenshu.engines.japanese.eras import ERAS, DateError, Era, EraDate, era_of, format_wareki
from tenshu.engines.japanese.kana import fold_kana, kana_skeleton, kana_sort_key
from tenshu.engines.japanese.numbers import NumberError, parse_number
from tenshu.engines.japanese.width import fold_width

__all__ = [
    "ERAS",
    "DateError",
    "Era",
    "EraDate",
    "JapaneseDate",
    "NumberError",
    "era_of",
    "fold_kana",
    "fold_width",
    "format_wareki",
    "kana_skeleton",
    "kana_sort_key",
    "parse_date",
    "parse_number",
]
