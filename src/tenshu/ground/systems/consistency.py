"""Consistency rules of the register."""

from collections.abc import Iterator

from django.db.models import F, Q
from django.urls import reverse

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import reference_day
from tenshu.ground.consistency import Check, Finding, Severity
from tenshu.ground.office.models import Post
from tenshu.ground.systems.models import System


def _of(system: System, message: str) -> Finding:
    url = reverse("systems:system-detail", kwargs={"system_id": system.pk})
    return Finding(f"{system.number} {system}", message, url)


def owner_has_ended(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Systems in use whose owner no longer stands."""
    day = reference_day(fiscal_year)
    systems = System.objects.in_use_on(day).filter(owner__valid_until__lt=day).select_related("owner")
    for system in systems:
        yield _of(system, f"所管の{system.owner}は終わっています。新しい所管を入れてください。")


def candidate_after_its_end(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Systems that stay candidates for optimisation after they have ended."""
    beyond = Q(candidate_until__isnull=True) | Q(candidate_until__gt=F("ended_on"))
    systems = System.objects.filter(beyond, candidate_from__isnull=False, ended_on__lte=fiscal_year.end)
    for system in systems:
        yield _of(system, "運用を終えた後も最適化の対象になっています。最適化対象の終了日を入れてください。")


def owner_without_officer(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Systems whose owning division has no system officer."""
    day = reference_day(fiscal_year)
    posts = Post.objects.as_of(day).filter(is_officer=True)
    staffed = {
        key
        for row in posts.values_list("unit_id", "unit__parent_id", "unit__parent__parent_id")
        for key in row
        if key
    }
    for system in System.objects.in_use_on(day).exclude(owner_id__in=staffed).select_related("owner"):
        yield _of(system, f"{system.owner}にシステム担当者がいません。担当者を決めてください。")


CHECKS = [
    Check("systems.owner.ended", Severity.ERROR, "所管が終わったシステム", owner_has_ended),
    Check(
        "systems.candidate.after_end",
        Severity.ERROR,
        "終わった後も最適化対象のシステム",
        candidate_after_its_end,
    ),
    Check("systems.officer.missing", Severity.WARNING, "担当者のいないシステム", owner_without_officer),
]
