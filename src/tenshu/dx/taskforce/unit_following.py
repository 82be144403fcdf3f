"""When a unit ends, the open issues that it has to solve follow its main successor.

Memberships and secretariats keep the unit that joined: they are shown under the name of the day
(``queries.members_of``), so that a year that is past still shows what stood then.
"""

import datetime

from tenshu.dx.taskforce.models import Issue, IssueState
from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change_many
from tenshu.ground.office.models import Unit


def follow(unit: Unit, successor: Unit, on: datetime.date, acting_user: User) -> None:
    """Hand the open issues of ``unit`` to ``successor``."""
    issues = Issue.objects.filter(owner_unit=unit).exclude(state=IssueState.DONE)
    change_many(
        [(issue, {"owner_unit": successor}) for issue in issues],
        "taskforce.issue_followed",
        acting_user=acting_user,
    )
