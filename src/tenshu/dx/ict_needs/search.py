"""What of the ICT needs can be found: the tasks, for those who may read them."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse

from tenshu.dx.ict_needs.models import Need
from tenshu.dx.ict_needs.queries import PARENTS, needs_for
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, own_units
from tenshu.ground.access.roles import DIVISION, READERS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.search.sources import SearchSource, SearchText


def _rows() -> QuerySet[Need]:
    return Need.objects.select_related(PARENTS)


def _text(need: Need) -> SearchText:
    body = "\n".join(filter(None, (need.detail, need.tools, need.wish, need.decision)))
    return SearchText(need.task, body, on=FiscalYear(need.fiscal_year).start)


def _units_of(user: User) -> Iterable[str] | None:
    if holds_any(user, READERS):
        return None
    if not holds_any(user, DIVISION):
        return ()
    return {f"unit:{pk}" for pk in with_predecessors(own_units(user))}


SOURCES = [
    SearchSource(
        key="ict-need",
        label="ICT化の要望",
        model=Need,
        rows=_rows,
        text=_text,
        url=lambda need: reverse("ict_needs:need-detail", args=[need.pk]),
        under=lambda need: f"{FiscalYear(need.fiscal_year)}　{need.unit.full_name}",
        opens="ict_needs:need-detail",
        visible=needs_for,
        marks=lambda need: (f"unit:{need.unit_id}",),
        marks_of=_units_of,
        order=70,
    )
]
