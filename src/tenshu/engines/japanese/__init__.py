"""Japanese text as offices write it: width, kana, dates in eras, numbers, names, addresses, check digits.

Scalar functions take and return plain values; functions ending in ``_column`` do the same to whole
Polars columns. Polars and NumPy are imported with the first of these: they take a third of the start of
every command and web process, which read dates and names one at a time.
"""

import importlib
from typing import TYPE_CHECKING, Any

from tenshu.engines.japanese.addresses import AddressKey, address_key, read_address
from tenshu.engines.japanese.check_digits import (
    NumberFormatError,
    corporate_number_check_digit,
    is_corporate_number,
    is_personal_number,
    is_resident_code,
    personal_number_check_digit,
    resident_code_check_digit,
)
from tenshu.engines.japanese.dates import JapaneseDate, parse_date
from tenshu.engines.japanese.eras import ERAS, DateError, Era, EraDate, era_of, format_wareki
from tenshu.engines.japanese.kana import fold_kana, kana_skeleton, kana_sort_key
from tenshu.engines.japanese.names import PersonName, kana_key, keys_agree, name_key, names_agree, read_name
from tenshu.engines.japanese.numbers import NumberError, parse_number
from tenshu.engines.japanese.variants import VARIANTS_VERSION, WILDCARD, fold_variants
from tenshu.engines.japanese.width import fold_width

if TYPE_CHECKING:
    from tenshu.engines.japanese.address_columns import read_address_column
    from tenshu.engines.japanese.date_columns import parse_date_column
    from tenshu.engines.japanese.number_columns import (
        corporate_number_column,
        personal_number_column,
        resident_code_column,
    )
    from tenshu.engines.japanese.text_columns import (
        fold_kana_column,
        fold_width_column,
        kana_key_column,
        kana_skeleton_column,
        name_key_column,
        spaced_name_columns,
    )

__all__ = [
    "ERAS",
    "VARIANTS_VERSION",
    "WILDCARD",
    "AddressKey",
    "DateError",
    "Era",
    "EraDate",
    "JapaneseDate",
    "NumberError",
    "NumberFormatError",
    "PersonName",
    "address_key",
    "corporate_number_check_digit",
    "corporate_number_column",
    "era_of",
    "fold_kana",
    "fold_kana_column",
    "fold_variants",
    "fold_width",
    "fold_width_column",
    "format_wareki",
    "is_corporate_number",
    "is_personal_number",
    "is_resident_code",
    "kana_key",
    "kana_key_column",
    "kana_skeleton",
    "kana_skeleton_column",
    "kana_sort_key",
    "keys_agree",
    "name_key",
    "name_key_column",
    "names_agree",
    "parse_date",
    "parse_date_column",
    "parse_number",
    "personal_number_check_digit",
    "personal_number_column",
    "read_address",
    "read_address_column",
    "read_name",
    "resident_code_check_digit",
    "resident_code_column",
    "spaced_name_columns",
]

_COLUMNS = {
    "address_columns": ("read_address_column",),
    "date_columns": ("parse_date_column",),
    "number_columns": ("corporate_number_column", "personal_number_column", "resident_code_column"),
    "text_columns": (
        "fold_kana_column",
        "fold_width_column",
        "kana_key_column",
        "kana_skeleton_column",
        "name_key_column",
        "spaced_name_columns",
    ),
}


def __getattr__(name: str) -> Any:
    for module, names in _COLUMNS.items():
        if name in names:
            found = getattr(importlib.import_module(f"{__name__}.{module}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
