"""What the ICT needs put on the hub page of a division."""

from collections.abc import Iterator

from django.urls import reverse

from tenshu.dx.ict_needs.queries import needs_for
from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.hub import HubSection
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Unit
from tenshu.ground.ui.parts import Attached

SHOWN = 10


def sections(unit: Unit, user: User, fiscal_year: FiscalYear) -> Iterator[HubSection]:
    """The tasks that the division wants digitised this year."""
    needs = needs_for(user).filter(unit__in=with_predecessors([unit.pk]), fiscal_year=fiscal_year.year)
    rows = [
        Attached(need.task, reverse("ict_needs:need-detail", args=[need.pk]), need.get_state_display())
        for need in needs.order_by("number")[:SHOWN]
    ]
    if rows:
        yield HubSection(
            "ICT化したい業務",
            rows,
            note=f"{needs.count()}業務",
            url=reverse("ict_needs:need-list"),
            order=40,
        )
