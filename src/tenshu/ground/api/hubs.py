"""What rooms hang on a unit or a system, as values."""

from tenshu.ground.access.models import User
from tenshu.ground.api.values import Out
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.hub import Hub, sections


class HubRowOut(Out):
    """One thing that hangs there; ``url`` is its page."""

    label: str
    url: str
    note: str


class HubSectionOut(Out):
    """What one room hangs there."""

    title: str
    note: str
    url: str
    rows: list[HubRowOut]


def hub_of(hub: Hub, record: object, person: User, year: FiscalYear) -> list[HubSectionOut]:
    """The sections that the rooms give ``person`` for ``record``."""
    return [
        HubSectionOut(
            title=part.title,
            note=part.note,
            url=part.url,
            rows=[HubRowOut(label=str(row.label), url=row.url, note=str(row.note)) for row in part.rows],
        )
        for part in sections(hub, record, person, year)
    ]
