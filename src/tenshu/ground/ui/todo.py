"""What waits for a person (やること): rooms give these, the home page sorts and shows them."""

import datetime
from dataclasses import dataclass

from tenshu.ground.ui.tone import Tone


@dataclass(frozen=True, slots=True)
class TodoItem:
    """One thing to do: what (``title``, verb first), where (``url``), by when, and why (``detail``).

    ``tone`` colours an item without a due date; ``word`` is a status word of ``chips.py`` that stands
    in the place of the date (差戻し); ``action_label`` is the verb on the button (直す).
    """

    title: str
    url: str
    due: datetime.date | None = None
    tone: Tone | str = Tone.NEUTRAL
    detail: str = ""
    action_label: str = "開く"
    word: str = ""

    @property
    def sort_key(self) -> tuple[datetime.date, str]:
        """Nearest due date first, those without one last."""
        return (self.due or datetime.date.max, self.title)
