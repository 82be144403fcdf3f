"""Consistency rules of sessions."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.consistency import Check, Finding, Severity
from tenshu.mechanisms.gathering.queries import past_and_planned


def past_but_planned(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Sessions of the year whose day is over and that still stand as planned: no figure counts them."""
    sessions = past_and_planned(timezone.localdate()).filter(
        held_on__range=(fiscal_year.start, fiscal_year.end)
    )
    for gathering in sessions:
        yield Finding(
            gathering.title,
            "開催日を過ぎても予定のままです。開催済にするか、中止にしてください。",
            reverse("gathering:gathering-detail", args=[gathering.pk]),
        )


CHECKS = [
    Check("gathering.past_but_planned", Severity.WARNING, "開催日を過ぎた予定の会議", past_but_planned),
]
