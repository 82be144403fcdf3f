"""Two years of kartes side by side: editions, or the karte as it stands now, of one system or of all."""

from collections.abc import Sequence
from typing import Literal

from tenshu.dx.karte.api.shapes import ROUTES, YearQuery
from tenshu.dx.karte.comparing import Side, SystemDifference, all_sides, compare, default_sides, sides_of
from tenshu.ground.api.paging import Page, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import Out, SystemRef, Text, Year, fiscal_year
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import reference_day
from tenshu.ground.systems.gates import access_system
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import systems_for


class ComparisonQuery(YearQuery):
    """Which two sides: a year's edition, or ``now``; without them those that the page compares."""

    before: Year | Literal["now", ""] = ""
    after: Year | Literal["now", ""] = ""
    part: Text = ""


class KarteDifferenceOut(Out):
    """A field that differs; ``before`` or ``after`` is empty where there was none. ``sides``: of which years these are."""

    system: SystemRef
    sides: list[str]
    part: str
    record: str
    label: str
    before: str
    after: str


def _compared(
    request: ApiRequest,
    query: ComparisonQuery,
    systems: Sequence[System],
    sides: Sequence[Side],
    year: FiscalYear,
) -> Page[KarteDifferenceOut]:
    usual = default_sides(sides, year)
    before, after = Side.parse(query.before, usual[0]), Side.parse(query.after, usual[1])
    rows = [row for row in compare(systems, before, after, year) if query.part in ("", row.difference.part)]

    def shape(row: SystemDifference) -> KarteDifferenceOut:
        one = row.difference
        return KarteDifferenceOut(
            system=SystemRef.of(row.system),
            sides=[before.key, after.key],
            part=one.part,
            record=one.record,
            label=one.label,
            before=one.before,
            after=one.after,
        )

    return page_of(request, rows, query, shape)


@ROUTES.get(
    "/systems/{int:system_id}/karte/differences",
    page="karte:edition-compare",
    gives=Page[KarteDifferenceOut],
    summary="システムのカルテの年度の比較",
)
def differences_of(
    request: ApiRequest, system_id: int, query: Query[ComparisonQuery]
) -> Page[KarteDifferenceOut]:
    """Field by field what differs between two years of one system; ``part`` is a part's title (サーバ)."""
    system = access_system(request.person, system_id)
    return _compared(request, query, [system], sides_of(system), fiscal_year(query.year))


@ROUTES.get(
    "/karte-differences",
    page="karte:difference-list",
    gives=Page[KarteDifferenceOut],
    summary="カルテの年度の比較（全システム）",
)
def difference_list(request: ApiRequest, query: Query[ComparisonQuery]) -> Page[KarteDifferenceOut]:
    """Field by field what differs between two years, of the systems in use that both sides know."""
    year = fiscal_year(query.year)
    systems = systems_for(request.person).in_use_on(reference_day(year))
    found = systems.select_related("owner__parent__parent__parent").order_by("number", "pk")
    return _compared(request, query, list(found), all_sides(), year)
