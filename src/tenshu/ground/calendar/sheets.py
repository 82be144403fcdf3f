"""The table of opened fiscal years."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from tenshu.ground.access.models import User
from tenshu.ground.calendar.actions import do_open_year
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.models import OpenedYear
from tenshu.ground.exchange import CurrentRow, FiscalYearColumn, Key, RowChange, TableSpec


class YearTable(TableSpec):
    """年度.csv: the fiscal years that the office keeps records of."""

    name = "years"
    title = "年度"
    noun = "年度"
    key = ("year",)
    columns = (FiscalYearColumn("year", "年度", required=True),)

    def rows(self, user: User) -> Iterable[CurrentRow]:
        return (CurrentRow(row.pk, {"year": row.fiscal_year}) for row in OpenedYear.objects.order_by("year"))

    def current(self, keys: Collection[Key]) -> Mapping[Key, CurrentRow]:
        asked = {key[0].year for key in keys}
        found = OpenedYear.objects.filter(year__in=asked)
        return {(row.fiscal_year,): CurrentRow(row.pk, {"year": row.fiscal_year}) for row in found}

    def save(self, changes: Sequence[RowChange], *, acting_user: User) -> None:
        for change in changes:
            year: FiscalYear = change.values["year"]
            do_open_year(year, acting_user=acting_user)


YEAR_TABLE = YearTable()
TABLES: list[TableSpec] = [YEAR_TABLE]
