"""What a division's page shows of the register."""

from collections.abc import Iterator

from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import reference_day
from tenshu.ground.hub import HubSection
from tenshu.ground.office.models import Unit
from tenshu.ground.office.queries import below
from tenshu.ground.systems.models import Ownership
from tenshu.ground.systems.queries import systems_for
from tenshu.ground.ui.parts import Attached

SHOWN = 20


def sections(unit: Unit, user: User, fiscal_year: FiscalYear) -> Iterator[HubSection]:
    """The systems that the unit and what stands below it own, for those who see the register."""
    day = max(reference_day(fiscal_year), unit.valid_from)
    day = day if unit.valid_until is None else min(day, unit.valid_until)
    owned = Ownership.objects.as_of(day).filter(below(unit)).values("system_id")
    systems = systems_for(user).in_use_on(day).filter(pk__in=owned).order_by("number")
    found = list(systems)
    if found:
        yield HubSection(
            title="システム",
            rows=[
                Attached(system.name, reverse("systems:system-detail", args=[system.pk]), system.number)
                for system in found[:SHOWN]
            ],
            note=f"{len(found)}システム",
            url=f"{reverse('systems:system-list')}?owner={unit.code}" if len(found) > SHOWN else "",
            order=10,
        )
