"""What the ICT-need inquiry tells in the yearly report."""

from collections import Counter

from tenshu.dx.ict_needs.models import NeedState, SupportKind
from tenshu.dx.ict_needs.queries import needs_of
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.reporting.content import Block, ReportTable


def _outcomes(year: FiscalYear) -> list[Block]:
    supported = needs_of(year).exclude(support="")
    counted = Counter((need.support, need.state) for need in supported)
    rows = [
        [
            str(kind.label),
            str(sum(n for (support, _), n in counted.items() if support == kind)),
            str(counted[kind, NeedState.DONE]),
        ]
        for kind in SupportKind
    ]
    if not counted:
        return []
    return [ReportTable("支援の種類ごとの業務", ["支援の種類", "業務", "うち完了"], rows, numeric=[1, 2])]


BLOCKS = {"ict_needs.outcomes": _outcomes}
