"""Times of day as offices write them: 14:00, １４：００, 14時, 午後2時30分, 9時半."""

import datetime
import re

from tenshu.engines.japanese import fold_width

_SHAPE = re.compile(r"(午前|午後)?(\d{1,2})(?:[:時](?:(\d{1,2})分?|(半))?)?")
_NOON = 12


def parse_time(text: str) -> datetime.time | None:
    """The time that ``text`` names, ``None`` for an empty text; raises ``ValueError`` with a Japanese message."""
    typed = "".join(fold_width(text).split())
    if not typed:
        return None
    match = _SHAPE.fullmatch(typed)
    if match is None or (":" not in typed and "時" not in typed):
        raise ValueError(f"「{text}」は時刻として読めません。14:00 のように入れてください。")
    half, hour, minute = match[1], int(match[2]), 30 if match[4] else int(match[3] or 0)
    if half and hour > _NOON:
        raise ValueError(f"「{text}」という時刻はありません。14:00 のように入れてください。")
    if half:
        hour = hour % _NOON + (_NOON if half == "午後" else 0)
    try:
        return datetime.time(hour, minute)
    except ValueError as error:
        raise ValueError(
            f"「{text}」という時刻はありません。0:00 から 23:59 までで入れてください。"
        ) from error


def time_text(time: datetime.time | None) -> str:
    """A time as pages and files write it: 9:05; nothing for ``None``."""
    return f"{time.hour}:{time.minute:02}" if time else ""


def span_text(start: datetime.time | None, end: datetime.time | None) -> str:
    """「14:00～16:00」, 「14:00～」, or nothing without a start."""
    return f"{time_text(start)}～{time_text(end)}" if start else ""
