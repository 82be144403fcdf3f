"""The roadmap as a plan on an axis of fiscal years: a group a working group, a line a system."""

import datetime
from collections.abc import Iterable
from itertools import groupby

from tenshu.dx.taskforce.models import RoadmapItem
from tenshu.ground.ui.gantt import Bar, Gantt, Milestone, Row


def roadmap_gantt(items: Iterable[RoadmapItem], today: datetime.date) -> Gantt:
    """The plan of ``items``: bars are steps (soft when done), diamonds milestones."""
    ordered = sorted(items, key=_line)
    rows = [_row(group, list(steps)) for group, steps in groupby(ordered, key=_line)]
    return Gantt(
        title="ロードマップ",
        rows=rows,
        today=today,
        key=[("soft", "完了した工程"), ("c1", "これからの工程")],
    )


def _line(item: RoadmapItem) -> tuple[int, str, str]:
    """Which line a step stands on: its group, then the group's own steps before those of its systems."""
    return (item.working_group.order, str(item.working_group), item.system.name if item.system else "")


def _row(line: tuple[int, str, str], steps: list[RoadmapItem]) -> Row:
    _, group, system = line
    return Row(
        label=system or "WG全体",
        group=group,
        bars=[
            Bar(step.title, step.starts_on, step.ends_on, "soft" if step.done else "c1")
            for step in steps
            if not step.is_milestone
        ],
        milestones=[Milestone(step.title, step.starts_on) for step in steps if step.is_milestone],
    )
