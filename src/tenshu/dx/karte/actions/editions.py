"""The writers of editions: freeze systems for a fiscal year, bring editions of earlier years in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tenshu.dx.karte.freezing import brought_contents, contents_of, digest_of
from tenshu.dx.karte.models import Edition, Karte
from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import Change, record_many
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.models import Unit
from tenshu.ground.systems.models import System


def do_freeze_edition(
    system: System, year: FiscalYear, *, confirmed_by: str = "", acting_user: User
) -> Edition:
    """Freeze one system's karte, things, money and score for ``year``."""
    return do_freeze_editions([system], year, confirmed_by=confirmed_by, acting_user=acting_user)[0]


@transaction.atomic
def do_freeze_editions(
    systems: Sequence[System], year: FiscalYear, *, confirmed_by: str = "", acting_user: User
) -> list[Edition]:
    """Freeze many systems at once; a system that has an edition of the year gets a further one."""
    locked = _locked(systems)
    contents = contents_of(locked, year)
    return _write({s: contents[s.pk] for s in locked}, year, confirmed_by, acting_user)


@transaction.atomic
def do_bring_editions(
    kartes: Sequence[Karte],
    year: FiscalYear,
    *,
    owners: Mapping[int, Unit] | None = None,
    confirmed_by: str = "",
    acting_user: User,
) -> list[Edition]:
    """Write editions of an earlier year from kartes (not saved) that came in a file, with the ``owners`` of then.

    Raises ``ValidationError`` when one of the systems has an edition of that year already: editions never change.
    """
    systems = _locked([karte.system for karte in kartes])
    known = Edition.objects.filter(system__in=systems, fiscal_year=year.year).select_related("system").first()
    if known is not None:
        raise ValidationError(f"{known}は確定しています。年度版は変えられません。")
    of = {karte.system_id: karte for karte in kartes}
    contents = brought_contents(systems, of, year, owners or {})
    return _write({s: contents[s.pk] for s in systems}, year, confirmed_by, acting_user)


def _locked(systems: Sequence[System]) -> list[System]:
    """The systems, locked, so that no two editions of one follow the same edition."""
    rows = System.objects.select_for_update(of=("self",)).select_related("owner__parent__parent__parent")
    return list(rows.filter(pk__in=[system.pk for system in systems]).order_by("number"))


def _write(
    contents: Mapping[System, dict[str, Any]], year: FiscalYear, confirmed_by: str, acting_user: User
) -> list[Edition]:
    keys = [system.pk for system in contents]
    now = timezone.now()
    before = {
        edition.system_id: edition
        for edition in Edition.objects.filter(system__in=keys).order_by("pk").defer("content")
    }
    of_year = Edition.objects.filter(system__in=keys, fiscal_year=year.year)
    numbers = dict(of_year.order_by().values_list("system").annotate(last=Max("number")))
    new = []
    for system, content in contents.items():
        previous = before.get(system.pk)
        edition = Edition(
            system=system,
            fiscal_year=year.year,
            number=numbers.get(system.pk, 0) + 1,
            content=content,
            score=content["score"],
            previous=previous,
            frozen_at=now,
            frozen_by=acting_user,
            confirmed_by=confirmed_by[:200],
        )
        edition.digest = digest_of(edition, previous.digest if previous else "")
        new.append(edition)
    made = Edition.objects.bulk_create(new, batch_size=200)
    # The content stands in the edition itself and never changes: the record keeps its digest.
    record_many(
        [
            Change(
                "karte.edition_frozen",
                edition,
                after={
                    "system": edition.system_id,
                    "fiscal_year": edition.fiscal_year,
                    "number": edition.number,
                    "digest": edition.digest,
                    "score": edition.score,
                    "confirmed_by": edition.confirmed_by,
                },
            )
            for edition in made
        ],
        acting_user=acting_user,
    )
    return made
