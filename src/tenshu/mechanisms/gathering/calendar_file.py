"""A session as an iCalendar file (RFC 5545), to be opened by any calendar."""

import datetime

from django.utils import timezone

from tenshu.mechanisms.gathering.models import Gathering, GatheringState

_STATUS = {
    GatheringState.PLANNED: "TENTATIVE",
    GatheringState.HELD: "CONFIRMED",
    GatheringState.CANCELLED: "CANCELLED",
}
_FOLD = 73  # RFC 5545 3.1: no line over 75 octets, the line end not counted


def icalendar(gathering: Gathering, *, host: str) -> str:
    """The text of the file. ``host`` makes the identifier unique in the world."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tenshu//Gathering//JA",
        "BEGIN:VEVENT",
        f"UID:gathering-{gathering.pk}@{host}",
        f"DTSTAMP:{timezone.now().astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}",
        *_times(gathering),
        f"SUMMARY:{_escaped(gathering.title)}",
        f"LOCATION:{_escaped(gathering.place or gathering.get_form_display())}",
        f"DESCRIPTION:{_escaped(gathering.outline)}",
        f"STATUS:{_STATUS[GatheringState(gathering.state)]}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _times(gathering: Gathering) -> list[str]:
    day = gathering.held_on
    if gathering.starts_at is None:
        return [
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + datetime.timedelta(days=1):%Y%m%d}",
        ]
    zone = timezone.get_current_timezone()
    start = datetime.datetime.combine(day, gathering.starts_at, zone).astimezone(datetime.UTC)
    lines = [f"DTSTART:{start:%Y%m%dT%H%M%SZ}"]
    if gathering.ends_at is not None:
        end = datetime.datetime.combine(day, gathering.ends_at, zone).astimezone(datetime.UTC)
        lines.append(f"DTEND:{end:%Y%m%dT%H%M%SZ}")
    return lines


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold at whole characters, so that no Japanese character is cut in two."""
    parts, current, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _FOLD:
            parts.append(current)
            current, size = "", 0
        current += character
        size += octets
    return "\r\n ".join([*parts, current])
