"""What task forces put on the hub page of a division."""

from collections.abc import Iterator

from django.urls import reverse

from tenshu.dx.taskforce.models import Membership
from tenshu.dx.taskforce.queries import visible_groups
from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.hub import HubSection
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Unit
from tenshu.ground.ui.parts import Attached


def sections(unit: Unit, user: User, fiscal_year: FiscalYear) -> Iterator[HubSection]:
    """The working groups in which the division, or what it came from, takes part in the year."""
    first, last = fiscal_year.start, fiscal_year.end
    members = Membership.objects.within(first, last).filter(unit_id__in=with_predecessors([unit.pk]))
    groups = visible_groups(user).within(first, last).filter(pk__in=members.values("working_group"))
    rows = [
        Attached(
            str(group), reverse("taskforce:group-detail", args=[group.pk]), f"移行時期 {group.migration}"
        )
        for group in groups
    ]
    if rows:
        yield HubSection("参加しているWG", rows, order=30)
