"""Reading the good lines of a block that could not be read at once."""

from collections.abc import Callable

import polars as pl

from tenshu.engines.beacons.readers.parsed import Parsed

Line = tuple[int, bytes]
Attempt = Callable[[bytes], pl.DataFrame | None]


def numbered(data: bytes, first_line: int) -> list[Line]:
    """The lines of `data` with their numbers in the file."""
    lines = data.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return list(enumerate(lines, first_line))


def sound_lines(lines: list[Line], fault: Callable[[bytes], str | None], parsed: Parsed) -> list[Line]:
    """The lines without fault; blank ones are counted, the others rejected with the reason."""
    sound = []
    for number, raw in lines:
        if not raw.strip():
            parsed.explained["blank line"] += 1
            continue
        reason = fault(raw)
        if reason is None:
            sound.append((number, raw))
        else:
            parsed.reject(number, reason, raw)
    return sound


def salvage(lines: list[Line], attempt: Attempt, parsed: Parsed) -> list[pl.DataFrame]:
    """Frames of all the lines that `attempt` can read, halving the block around those it cannot."""
    if not lines:
        return []
    frame = attempt(b"\n".join(raw for _, raw in lines) + b"\n")
    if frame is not None:
        return [frame]
    if len(lines) == 1:
        parsed.reject(lines[0][0], "行の値をこの形式として読めません", lines[0][1])
        return []
    half = len(lines) // 2
    return [*salvage(lines[:half], attempt, parsed), *salvage(lines[half:], attempt, parsed)]
