"""What of the register of systems can be found."""

from django.db.models import QuerySet
from django.urls import reverse

from tenshu.ground.search.sources import SearchSource, SearchText
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import systems_for


def _rows() -> QuerySet[System]:
    return System.objects.select_related("owner__parent__parent__parent")


def _text(system: System) -> SearchText:
    return SearchText(system.name, system.purpose, (system.number, system.kana), system.started_on)


SOURCES = [
    SearchSource(
        key="system",
        label="システム",
        model=System,
        rows=_rows,
        text=_text,
        url=lambda system: reverse("systems:system-detail", args=[system.pk]),
        under=lambda system: f"{system.number} {system.owner.full_name}",
        opens="systems:system-detail",
        visible=systems_for,
        icon="columns",
        order=10,
    )
]
