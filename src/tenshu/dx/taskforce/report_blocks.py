"""What the task force tells in the yearly report."""

from tenshu.dx.taskforce.queries import meetings_held, members_of, secretariats_of, task_forces
from tenshu.engines.japanese import format_wareki
from tenshu.ground.calendar.business_days import weekday_ja
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.reporting.content import Block, Paragraph, ReportTable, Span


def _meetings(year: FiscalYear) -> list[Block]:
    rows = [
        [
            f"第{meeting.number}回",
            f"{format_wareki(meeting.gathering.held_on)}（{weekday_ja(meeting.gathering.held_on)}）",
            meeting.gathering.outline,
        ]
        for meeting in meetings_held(year).select_related("gathering")
    ]
    return [ReportTable("タスクフォース会議の開催", ["回", "開催日", "概要"], rows)] if rows else []


def _working_groups(year: FiscalYear) -> list[Block]:
    groups = [group for force in task_forces(year) for group in force.working_groups.all()]
    members = members_of(groups, year)
    rows = [[group.name, "、".join(map(str, members[group.pk])), str(group.migration)] for group in groups]
    return [ReportTable("WGの構成と移行時期", ["WG", "構成所属", "移行時期"], rows)] if rows else []


def _secretariat(year: FiscalYear) -> list[Block]:
    units = [
        unit.name for listed in secretariats_of(list(task_forces(year)), year).values() for unit in listed
    ]
    names = "、".join(dict.fromkeys(units))
    return [Paragraph([Span(f"{names}が務めた。")], heading="事務局")] if names else []


BLOCKS = {
    "taskforce.meetings": _meetings,
    "taskforce.working_groups": _working_groups,
    "taskforce.secretariat": _secretariat,
}
