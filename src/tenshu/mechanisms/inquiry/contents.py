"""What a sheet may hold (照会の内容): a small protocol; a room offers its own in ``sheet_contents.CONTENTS``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tenshu.ground.access.models import User
from tenshu.ground.rooms import offered

if TYPE_CHECKING:
    from tenshu.mechanisms.inquiry.models import Campaign, Sheet


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that stands against handing a sheet in: what, and where on the sheet (an anchor), in Japanese."""

    message: str
    anchor: str = ""


class SheetContent(Protocol):
    """A kind of content. All methods take many sheets or cost a fixed number of queries."""

    key: str
    label: str

    def faults(self, campaign: "Campaign") -> Sequence[str]:
        """What stands against opening the campaign."""
        ...

    def opened(self, campaign: "Campaign", sheets: Sequence["Sheet"], *, acting_user: User) -> None:
        """Make what new sheets need; inside the transaction of opening."""
        ...

    def gaps(self, sheet: "Sheet") -> Iterable[Gap]:
        """What is missing before the sheet can be handed in."""
        ...

    def accepted(self, sheet: "Sheet", *, acting_user: User) -> None:
        """The sheet was accepted; inside the transaction of acceptance (a room writes its edition here)."""
        ...

    def reopened(self, sheet: "Sheet", *, acting_user: User) -> None:
        """The acceptance was taken back."""
        ...

    def page(self, sheet: "Sheet") -> str:
        """Address of the page on which the sheet is answered."""
        ...

    def workbook(self, sheet: "Sheet") -> str:
        """Address at which the content goes out and comes back as Excel, when it does so in its room's own way.

        Asked only of contents without a questionnaire: questions go out and come back as the sheet's own workbook.
        """
        ...

    def progress(self, sheets: Sequence["Sheet"]) -> dict[int, tuple[int, int]]:
        """By key of sheet: answered and asked."""
        ...


def contents() -> dict[str, SheetContent]:
    """All contents by key."""
    return {content.key: content for found in offered("sheet_contents", "CONTENTS") for content in found}
