"""Editions of kartes: what was confirmed for a year, never changed again."""

import datetime
from typing import Any

from tenshu.dx.karte.api.shapes import ROUTES
from tenshu.dx.karte.models import Edition
from tenshu.dx.karte.queries import access_edition
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import FiscalYearOut, Out, SystemRef
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.gates import access_system


class KarteEditionRow(Out):
    """An edition in a list; ``digest`` chains it to the edition before."""

    id: int
    system: SystemRef
    year: FiscalYearOut
    number: int
    score: int | None
    digest: str
    frozen_at: datetime.datetime
    confirmed_by: str

    @classmethod
    def of(cls, row: Edition) -> "KarteEditionRow":
        """The edition as it is answered."""
        return cls(**_head(row))


class KarteEditionOut(KarteEditionRow):
    """An edition with everything that it says: field → label, value and text."""

    content: dict[str, Any]


def _head(row: Edition) -> dict[str, Any]:
    names = ("number", "score", "digest", "frozen_at", "confirmed_by")
    same = {name: getattr(row, name) for name in names}
    year = FiscalYearOut.of(FiscalYear(row.fiscal_year))
    return {"id": row.pk, "system": SystemRef.of(row.system), "year": year, **same}


@ROUTES.get(
    "/systems/{int:system_id}/karte/editions",
    page="karte:edition-list",
    gives=Page[KarteEditionRow],
    summary="カルテの年度版の一覧",
)
def edition_list(request: ApiRequest, system_id: int, query: Query[Paging]) -> Page[KarteEditionRow]:
    """The editions of a system, the newest first."""
    system = access_system(request.person, system_id)
    rows = Edition.objects.filter(system=system).defer("content").select_related("system")
    return page_of(request, rows.order_by("-fiscal_year", "-number"), query, KarteEditionRow.of)


@ROUTES.get(
    "/karte-editions/{int:karte_edition_id}",
    page="karte:edition-detail",
    gives=KarteEditionOut,
    summary="カルテの年度版",
)
def edition_detail(request: ApiRequest, karte_edition_id: int) -> KarteEditionOut:
    """One edition as it was confirmed."""
    edition = access_edition(request.person, karte_edition_id)
    return KarteEditionOut(**_head(edition), content=edition.content)
