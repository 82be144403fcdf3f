"""Hub pages (ハブ): what hangs on a division, a system or a person, collected from the rooms that offer it.

A room offers ``unit_hub.sections(unit, user, fiscal_year)``, ``system_hub.sections(system, user, fiscal_year)`` or
``staff_hub.sections(staff, user, fiscal_year)`` and gives the sections that this person may see; the page shows them by ``order``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tenshu.ground.rooms import offered

if TYPE_CHECKING:
    from tenshu.ground.access.models import User
    from tenshu.ground.calendar.fiscal_year import FiscalYear
    from tenshu.ground.ui.parts import Attached, KeyFact

type Hub = Literal["unit_hub", "system_hub", "staff_hub"]


@dataclass(frozen=True, slots=True)
class HubSection:
    """One section: its rows (a link, with a note at the right), and where all of them are.

    ``note`` stands beside the heading; ``empty`` says what will be here when there are no rows yet.
    ``in_rail`` puts a short section into the rail. ``html`` (rendered by the room) stands in the place of rows.
    """

    title: str
    rows: Sequence["Attached"] = ()
    note: str = ""
    url: str = ""
    url_label: str = "すべて見る"
    empty: str = ""
    order: int = 50
    in_rail: bool = False
    html: str = ""


def key_facts(hub: Hub, subject: Any, user: "User", fiscal_year: "FiscalYear") -> list["KeyFact"]:
    """The facts that the rooms put under the head of the page (``system_hub.key_facts``)."""
    return [fact for give in offered(hub, "key_facts") for fact in give(subject, user, fiscal_year)]


def sections(hub: Hub, subject: Any, user: "User", fiscal_year: "FiscalYear") -> list[HubSection]:
    """What the installed rooms give for ``subject``."""
    found = [part for give in offered(hub, "sections") for part in give(subject, user, fiscal_year)]
    return sorted(found, key=lambda part: (part.order, part.title))
