"""Menu entry of inquiries."""

from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.navigation import Entry, Wing
from tenshu.mechanisms.inquiry.queries import waiting_count


def count(user: User, year: FiscalYear) -> int:
    """How many sheets wait for a step of the person, of whatever year."""
    return waiting_count(user)


ENTRIES = [
    Entry(wing=Wing.HOME, label="照会", url="inquiry:campaign-list", order=10, icon="inbox", count=count)
]
