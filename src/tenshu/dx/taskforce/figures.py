"""The figures of the task force."""

from typing import Any

from django.urls import reverse

from tenshu.dx.taskforce.queries import candidate_systems, meetings_held, working_groups
from tenshu.engines.japanese import format_wareki
from tenshu.ground.systems.queries import owned_on
from tenshu.mechanisms.figures.registry import Figure, RowColumn


def _owner(system: Any) -> str:
    """The owner of the year's last day, with its department."""
    return " ".join(dict.fromkeys((system.department_name, system.owner_name)))


FIGURES = [
    Figure(
        key="taskforce.systems",
        label="最適化の対象となりうるシステム",
        unit="システム",
        row="最適化の対象候補であるシステム",
        definition="年度末（3月31日）の時点で、最適化の対象候補とされているシステムの数。",
        rows=lambda year: owned_on(candidate_systems(year), year.end),
        columns=(
            RowColumn("番号", lambda system: system.number, sort="number", search="number"),
            RowColumn("システム名", lambda system: system.name, sort=("kana", "name"), search="name"),
            RowColumn("所管", _owner, sort=("owner_code", "number"), search="owner_name"),
        ),
        link=lambda system: reverse("systems:system-detail", args=[system.pk]),
    ),
    Figure(
        key="taskforce.working_groups",
        label="ワーキンググループ",
        unit="WG",
        row="タスクフォースのWG",
        definition="年度のあいだに置かれていたWGの数。",
        rows=working_groups,
        columns=(
            RowColumn("WG", lambda group: group.name, sort="name", search="name"),
            RowColumn("タスクフォース", lambda group: group.task_force.name),
            RowColumn("移行時期", lambda group: str(group.migration)),
        ),
        select=("task_force",),
        link=lambda group: reverse("taskforce:group-detail", args=[group.pk]),
    ),
    Figure(
        key="taskforce.meetings",
        label="タスクフォース会議",
        unit="回",
        row="開催したタスクフォース会議",
        definition="年度のあいだに開催したタスクフォース会議の数。WGの会議と、中止したものは数えない。",
        rows=meetings_held,
        columns=(
            RowColumn("回", lambda meeting: meeting.number, sort="number"),
            RowColumn(
                "開催日", lambda meeting: format_wareki(meeting.gathering.held_on), sort="gathering__held_on"
            ),
            RowColumn("概要", lambda meeting: meeting.gathering.outline, search="gathering__outline"),
        ),
        select=("gathering", "task_force", "working_group"),
        link=lambda meeting: reverse("gathering:gathering-detail", args=[meeting.gathering_id]),
    ),
]
