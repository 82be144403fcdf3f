"""Readers of kartes and the gates: whoever sees the register reads them, the owner and the secretariat write."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404

from tenshu.dx.karte.models import (
    Contract,
    Dependency,
    Edition,
    Environment,
    Host,
    Karte,
    Server,
    Software,
)
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.gates import Action, access_system
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import SEES_REGISTER, systems_for


def karte_of(system: System) -> Karte:
    """The system's karte; a new one that is not saved where none was begun."""
    found = Karte.objects.select_related("system", "main_contact", "second_contact").filter(system=system)
    return found.first() or Karte(system=system)


def kartes_for(user: User) -> QuerySet[Karte]:
    """The kartes that ``user`` may see."""
    return Karte.objects.filter(system__in=systems_for(user))


def access_part[M: models.Model](user: User, model: type[M], pk: int, action: Action = "view") -> M:
    """A thing that hangs on a system, through the system's gate; a data flow through either end."""
    if not holds_any(user, SEES_REGISTER):
        raise Http404
    found = model._default_manager.filter(pk=pk).first()
    if found is None:
        raise Http404
    ends = [
        getattr(found, name, None)
        for name in (("source_id", "target_id") if isinstance(found, Dependency) else ("system_id",))
    ]
    refused: PermissionDenied | None = None
    for end in filter(None, ends):
        try:
            access_system(user, end, action)
            return found
        except PermissionDenied as error:
            refused = error
    raise refused or Http404


def access_register[M: models.Model](user: User, model: type[M], pk: int) -> M:
    """An entry of a list that the secretariat keeps for all systems (vendors, hosts, items, rules)."""
    if not holds_any(user, SEES_REGISTER):
        raise Http404
    if not holds_any(user, EDITORS):
        raise PermissionDenied("この一覧を変えられるのは事務局です。")
    found = model._default_manager.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def access_edition(user: User, pk: int) -> Edition:
    """An edition of a system that ``user`` may see."""
    found = Edition.objects.select_related("system", "previous", "frozen_by").filter(pk=pk).first()
    if found is None or not systems_for(user).filter(pk=found.system_id).exists():
        raise Http404
    return found


def dependencies_of(system: System) -> QuerySet[Dependency]:
    """Data that the system gives or takes."""
    return Dependency.objects.filter(Q(source=system) | Q(target=system)).select_related("source", "target")


def environments_of(system: System) -> QuerySet[Environment]:
    """The system's environments."""
    return Environment.objects.filter(system=system)


@dataclass(frozen=True, slots=True)
class Ending:
    """A day on which support of something ends: of what, of which system, until when."""

    system: System | None
    kind: str
    name: str
    ends_on: datetime.date
    part: str
    pk: int


def support_endings(systems: QuerySet[System]) -> list[Ending]:
    """Every end of support of these systems' software, servers and the hosts under them, soonest first; 4 queries."""
    servers = list(
        Server.objects.filter(system__in=systems, removed_on=None).select_related("system", "host")
    )
    software = Software.objects.filter(system__in=systems, support_ends_on__isnull=False)
    of_software = (
        Ending(row.system, row.get_kind_display(), str(row), row.support_ends_on, "software", row.pk)
        for row in software.select_related("system")
        if row.support_ends_on
    )
    of_os = (
        Ending(row.system, "サーバのOS", f"{row} {row.operating_system} {row.os_version}".strip(),
               row.os_support_ends_on, "server", row.pk)
        for row in servers
        if row.os_support_ends_on
    )  # fmt: skip
    of_machines = (
        Ending(row.system, "サーバの機器", str(row), row.support_ends_on, "server", row.pk)
        for row in servers
        if row.support_ends_on
    )
    hosts = Host.objects.filter(servers__in=[row.pk for row in servers], support_ends_on__isnull=False)
    of_hosts = (
        Ending(None, "収容ホスト", row.name, row.support_ends_on, "host", row.pk)
        for row in hosts.distinct()
        if row.support_ends_on
    )
    return sorted(
        chain(of_software, of_os, of_machines, of_hosts), key=lambda ending: (ending.ends_on, ending.name)
    )


def contracts_ending(systems: QuerySet[System]) -> QuerySet[Contract]:
    """Contracts of these systems, those that end first in front."""
    return (
        Contract.objects.filter(system__in=systems)
        .select_related("system", "vendor")
        .order_by("ends_on", "system__number")
    )


def ends_in(day: datetime.date | None, years: Sequence[FiscalYear]) -> bool:
    """Whether ``day`` lies in one of the years."""
    return day is not None and any(day in year for year in years)


def latest_editions(year: FiscalYear) -> QuerySet[Edition]:
    """The newest edition of every system for that year."""
    later = Edition.objects.filter(
        system=models.OuterRef("system"),
        fiscal_year=models.OuterRef("fiscal_year"),
        number__gt=models.OuterRef("number"),
    )
    return Edition.objects.filter(fiscal_year=year.year).filter(~models.Exists(later))
