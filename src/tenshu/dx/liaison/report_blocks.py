"""What the liaison with other prefectures tells in the yearly report."""

from tenshu.dx.liaison.queries import sessions_in
from tenshu.engines.japanese import format_wareki
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.gathering.models import GatheringState
from tenshu.mechanisms.reporting.content import Block, ReportTable


def _sessions(year: FiscalYear) -> list[Block]:
    rows = [
        [
            session.conference.name,
            session.season or "なし",
            format_wareki(session.gathering.held_on),
            session.gathering.get_form_display(),
        ]
        for session in sessions_in(year).filter(gathering__state=GatheringState.HELD)
    ]
    return [ReportTable("他団体との会議", ["会議体", "時期", "開催日", "形式"], rows)] if rows else []


BLOCKS = {"liaison.sessions": _sessions}
