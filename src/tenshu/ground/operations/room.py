"""Whether there is room on the disk, asked before a long work fills it: a full home stops the whole house."""

import shutil
from pathlib import Path

LEFT_FREE = 200_000_000
"""Bytes that must stay free in the home, where the database grows."""


class NoRoomError(Exception):
    """The disk has not enough room; nothing was written. The message is Japanese."""


def refuse_without_room(folder: Path, wanted: int, what: str) -> None:
    """Raises ``NoRoomError`` when ``folder`` has less than ``wanted`` bytes free for ``what``."""
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise NoRoomError(
            f"{folder} の空きが{free / 1e9:,.1f}GBで、{what}に要る{wanted / 1e9:,.1f}GBに足りません。広げるか、要らないものを移してください。"
        )
