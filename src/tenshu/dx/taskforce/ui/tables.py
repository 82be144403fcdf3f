"""The tables of the task force: lists of a year, and what stands on the page of one group."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from tenshu.dx.taskforce.models import Issue, IssueState, Meeting, RoadmapItem, TargetSystem, WorkingGroup
from tenshu.dx.taskforce.queries import Member, visible_groups
from tenshu.ground.access.models import User
from tenshu.ground.ui.dates import span_html
from tenshu.ground.ui.tables import Column, Table, chip_column, date_column, number_column
from tenshu.mechanisms.gathering.ui.cells import link, together

ALL = 1_000
"""Rows of a table inside a page: all of them."""
SHORT = 12
"""Names up to this length stay on one line."""


class OverviewTable(Table[WorkingGroup]):
    """The groups of a task force, as the yearly report prints them."""

    caption, counter = "WG", "WG"
    page_size = ALL


def group_table(
    request: HttpRequest,
    groups: Sequence[WorkingGroup],
    members: Mapping[int, list[Member]],
    openable: Collection[int],
) -> OverviewTable:
    """One row a group; those in ``openable`` lead to their page."""

    def url(group: WorkingGroup) -> str | None:
        return reverse("taskforce:group-detail", args=[group.pk]) if group.pk in openable else None

    table = OverviewTable(request, groups, id="groups")
    table.columns = (  # type: ignore[misc]
        Column(name="name", label="WG", heading=True, link=url, show=_unbroken, under=_ended),
        Column(name="members", label="構成所属", value=lambda group: "、".join(map(str, members[group.pk]))),
        Column(name="migration", label="移行時期", value=lambda group: str(group.migration), wrap=False),
        number_column("system_count", "対象システム", sort=False),
        number_column("open_issues", "残る課題", sort=False),
    )
    return table


def _unbroken(name: str) -> Any:
    return format_html('<span class="nowrap">{}</span>', name) if len(name) <= SHORT else name


def _ended(group: WorkingGroup) -> Any:
    return span_html(group.valid_from, group.valid_until) if group.valid_until else ""


def _groups_of(request: HttpRequest | None) -> QuerySet[WorkingGroup]:
    if request is None or not isinstance(request.user, User):
        return WorkingGroup.objects.none()
    return visible_groups(request.user).order_by("order", "pk")


class IssueFilter(django_filters.FilterSet):
    """State and group."""

    state = django_filters.ChoiceFilter(label="状態", choices=IssueState.choices, empty_label="すべて")
    group = django_filters.ModelChoiceFilter(
        label="WG", field_name="working_group", queryset=_groups_of, empty_label="すべて"
    )

    class Meta:
        model = Issue
        fields: list[str] = []


_ISSUE = Column(
    name="title",
    label="課題",
    heading=True,
    sort=True,
    link=lambda issue: reverse("taskforce:issue-detail", args=[issue.pk]),
    under=lambda issue: issue.owner_unit.name,
    under_label="担当所属",
)


class IssueTable(Table[Issue]):
    """Issues of all visible groups."""

    caption = "課題"
    counter = "件"
    search = ("title", "detail", "owner_unit__name", "system__name")
    search_label = "課題・担当・システムで絞る"
    filterset_class = IssueFilter
    default_sort = "due"
    columns = (
        date_column("due", "期限"),
        _ISSUE,
        Column(
            name="working_group",
            label="WG",
            value=lambda issue: issue.working_group.name,
            sort="working_group__order",
        ),
        chip_column("state", "状態", value=lambda issue: issue.get_state_display(), sort="state"),
        Column(
            name="system",
            label="システム",
            value=lambda issue: issue.system and issue.system.name,
            sort="system__name",
        ),
        date_column("opened_on", "登録日", visible=False),
        date_column("done_on", "解決日", visible=False),
    )
    empty_title = "課題はありません"
    empty_text = "WGの画面で課題を登録すると、ここに並びます。"


class GroupIssueTable(Table[Issue]):
    """Issues of one group."""

    caption, counter = "WGの課題", "件の課題"
    page_size = ALL
    columns = (
        Column(
            name="title",
            label="課題",
            heading=True,
            link=_ISSUE.link,
            under=_ISSUE.under,
            under_label="担当所属",
        ),
        date_column("due", "期限", sort=False),
        chip_column("state", "状態", value=lambda issue: issue.get_state_display()),
    )


class MemberTable(Table[Member]):
    """Divisions that take part in a group."""

    caption, counter = "WGの構成所属", "所属"
    page_size = ALL
    columns: ClassVar[Sequence[Column]] = (
        Column(
            name="unit",
            label="所属",
            heading=True,
            value=lambda member: member.unit.name,
            link=lambda member: reverse("office:unit-detail", args=[member.unit.pk]),
        ),
        Column(name="part", label="担当の範囲", value=lambda member: member.membership.part),
        Column(
            name="span",
            label="参加の期間",
            value=lambda member: span_html(member.membership.valid_from, member.membership.valid_until),
        ),
    )


def member_table(request: HttpRequest, members: Sequence[Member], *, may_write: bool) -> MemberTable:
    """The members; with links to correct and to take out for who ``may_write``."""
    table = MemberTable(request, members, id="members")
    if may_write:
        last = Column(name="links", label="操作", value=_member_links)
        table.columns = [*table.columns, last]  # type: ignore[misc]
    return table


def _member_links(member: Member) -> Any:
    correct, remove = (
        reverse(f"taskforce:member-{verb}", args=[member.membership.pk]) for verb in ("correct", "remove")
    )
    return together([link("直す", correct, member.unit), link("外す", remove, member.unit)])


class TargetTable(Table[TargetSystem]):
    """Systems that a group deals with."""

    caption, counter = "WGの対象システム", "システム"
    page_size = ALL
    columns = (
        Column(name="number", label="番号", value=lambda target: target.system.number, wrap=False),
        Column(
            name="name",
            label="システム",
            heading=True,
            value=lambda target: target.system.name,
            link=lambda target: reverse("systems:system-detail", args=[target.system_id]),
        ),
        Column(name="owner", label="所管", value=lambda target: target.system.owner.full_name),
    )


class StepTable(Table[RoadmapItem]):
    """Steps of a group's roadmap."""

    caption, counter = "WGの工程", "工程"
    page_size = ALL
    columns: ClassVar[Sequence[Column]] = (
        Column(
            name="title",
            label="工程",
            heading=True,
            under=lambda step: step.system.name if step.system else "WG全体",
            under_label="システム",
        ),
        Column(name="span", label="期間", value=lambda step: _span(step)),
        chip_column("state", "状態", value=lambda step: "完了" if step.done else "予定"),
    )


def _span(step: RoadmapItem) -> Any:
    return step.starts_on if step.is_milestone else span_html(step.starts_on, step.ends_on)


def step_table(request: HttpRequest, steps: Sequence[RoadmapItem], *, may_work: bool) -> StepTable:
    """The steps; with links to correct and to remove for who ``may_work``."""
    table = StepTable(request, steps, id="steps")
    if may_work:
        last = Column(name="links", label="操作", value=_step_links)
        table.columns = [*table.columns, last]  # type: ignore[misc]
    return table


def _step_links(step: RoadmapItem) -> Any:
    correct, remove = (reverse(f"taskforce:roadmap-{verb}", args=[step.pk]) for verb in ("correct", "remove"))
    return together([link("直す", correct, step), link("消す", remove, step)])


_NUMBER = Column(
    name="number", label="回", value=lambda meeting: f"第{meeting.number}回", wrap=False, sort="number"
)


class MeetingTable(Table[Meeting]):
    """Meetings of the year."""

    caption = "会議"
    counter = "回"
    search = ("gathering__title", "gathering__outline")
    search_label = "件名・概要で絞る"
    default_sort = "held_on"
    columns = (
        date_column(
            "held_on",
            "開催日",
            value=lambda meeting: meeting.gathering.held_on,
            sort="gathering__held_on",
            shape="long",
        ),
        Column(
            name="title",
            label="会議",
            heading=True,
            value=lambda meeting: meeting.gathering.title,
            link=lambda meeting: reverse("gathering:gathering-detail", args=[meeting.gathering_id]),
            sort="gathering__title",
            under=lambda meeting: str(meeting.working_group or meeting.task_force),
            under_label="会議体",
        ),
        _NUMBER,
        Column(name="outline", label="概要", value=lambda meeting: meeting.gathering.outline),
        chip_column("state", "状態", value=lambda meeting: meeting.gathering.get_state_display()),
        Column(
            name="head_count",
            label="出席者数",
            numeric=True,
            value=lambda meeting: meeting.gathering.head_count,
        ),
    )
    empty_title = "この年度の会議はありません"
    empty_text = "会議を登録すると、開催日の順に並びます。"


class HeldTable(Table[Meeting]):
    """Held meetings of task forces, as the yearly report prints them."""

    caption, counter = "タスクフォース会議", "回"
    page_size = ALL


def held_table(request: HttpRequest, meetings: Sequence[Meeting], openable: Collection[int]) -> HeldTable:
    """One row a meeting; those in ``openable`` lead to their session."""

    def url(meeting: Meeting) -> str | None:
        if meeting.pk not in openable:
            return None
        return reverse("gathering:gathering-detail", args=[meeting.gathering_id])

    table = HeldTable(request, meetings, id="meetings")
    table.columns = (  # type: ignore[misc]
        Column(
            name="number",
            label="回",
            heading=True,
            value=lambda meeting: f"第{meeting.number}回",
            link=url,
            wrap=False,
        ),
        date_column(
            "held_on", "開催日", value=lambda meeting: meeting.gathering.held_on, sort=False, shape="long"
        ),
        Column(name="outline", label="概要", value=lambda meeting: meeting.gathering.outline),
    )
    return table
