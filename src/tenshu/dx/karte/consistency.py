"""Consistency rules of kartes."""

from collections.abc import Iterator

from django.urls import reverse

from tenshu.dx.karte.freezing import digest_of
from tenshu.dx.karte.models import Edition
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.consistency import Check, Finding, Severity


def altered_editions(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Editions that no longer say what they said when they were frozen, or whose chain is broken."""
    editions = Edition.objects.filter(fiscal_year=fiscal_year.year).select_related("system", "previous")
    for edition in editions.iterator(chunk_size=200):
        before = edition.previous.digest if edition.previous else ""
        if digest_of(edition, before) != edition.digest:
            url = reverse("karte:edition-detail", args=[edition.pk])
            message = "確定したときと内容が違います。データベースが外から書き換えられています。"
            yield Finding(str(edition), message, url)


CHECKS = [Check("karte.edition.altered", Severity.ERROR, "確定後に書き換えられた年度版", altered_editions)]
