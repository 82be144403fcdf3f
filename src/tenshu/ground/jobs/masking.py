"""What of a job's arguments may be shown: numbers, days and keys; never a name, an address or a text."""

import datetime
import re
from typing import Any

_KEY = re.compile(r"[a-z][a-z0-9_.:-]{0,60}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def masked(value: Any) -> str:
    """``value`` as the page may show it; a text that could name somebody becomes its length."""
    match value:
        case None:
            return "なし"
        case bool():
            return "はい" if value else "いいえ"
        case int() | float():
            return str(value)
        case str():
            return value if _is_harmless(value) else f"伏せています（{len(value):,}文字）"
        case list():
            return (
                f"{len(value):,}件" if len(value) > 5 else "、".join(masked(item) for item in value) or "なし"
            )
        case dict():
            return f"{len(value):,}項目"
    return "伏せています"


def _is_harmless(text: str) -> bool:
    if _KEY.fullmatch(text) or _UUID.fullmatch(text):
        return True
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return "-" in text  # 20240401 is a day, but 0012345 might be a person's number
