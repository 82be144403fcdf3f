"""Numbers as offices type them: full-width digits, thousands commas, ▲ for minus."""

import re
from decimal import Decimal

from tenshu.engines.japanese.width import fold_width

_MINUS = "-−‐‑–—―ー▲△"
_NUMBER = re.compile(
    rf"(?P<sign>[{_MINUS}+]?) *[¥￥]? *(?P<whole>[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?P<part>\.[0-9]+)? *円?"
)


class NumberError(ValueError):
    """The text is no number; the message says so in Japanese."""


def parse_number(text: str) -> int | Decimal:
    """Return the number that ``text`` writes: an `int`, or a `Decimal` when it has a decimal part.

    Accepts full-width digits, correctly placed commas, a leading ¥, a trailing 円 and -, −, ▲ or △ for minus.
    Multiplying units (千円, 百万円, 万) are refused, since they change the value.

    Raises:
        NumberError: the text is empty or not a number.
    """
    folded = fold_width(text).strip()
    if not folded:
        raise NumberError("数値が空です")
    match = _NUMBER.fullmatch(folded)
    if match is None:
        raise NumberError(f"「{text.strip()}」は数値として読めません")
    whole = match["whole"].replace(",", "")
    negative = match["sign"] not in ("", "+")
    if match["part"]:
        value = Decimal(whole + match["part"])
        return -value if negative else value
    return -int(whole) if negative else int(whole)
