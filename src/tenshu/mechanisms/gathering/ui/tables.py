"""The tables of sessions: the list of a year, and what hangs on one session."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.files.models import Attachment
from tenshu.ground.files.queries import attachments_of
from tenshu.ground.ui.tables import Column, Table, chip_column, date_column
from tenshu.mechanisms.gathering.models import (
    ActionItem,
    Attendance,
    AttendanceState,
    Form,
    Gathering,
    GatheringKind,
    GatheringState,
)
from tenshu.mechanisms.gathering.ui.cells import link, post_button, together

ALL = 1_000
"""Rows of a table inside a page: all of them, a session never has more."""


class GatheringFilter(django_filters.FilterSet):
    """Kind, form, state."""

    kind = django_filters.ChoiceFilter(label="区分", choices=GatheringKind.choices, empty_label="すべて")
    state = django_filters.ChoiceFilter(label="状態", choices=GatheringState.choices, empty_label="すべて")
    form = django_filters.ChoiceFilter(label="開催形式", choices=Form.choices, empty_label="すべて")

    class Meta:
        model = Gathering
        fields: list[str] = []


class GatheringTable(Table[Gathering]):
    """Sessions of a year."""

    caption = "会議・研修"
    counter = "件"
    search = ("title", "place", "outline", "host__name")
    search_label = "件名・場所・概要で絞る"
    filterset_class = GatheringFilter
    default_sort = "-held_on"
    columns = (
        date_column("held_on", "開催日", sort=("held_on", "starts_at")),
        Column(
            name="title",
            label="件名",
            heading=True,
            sort=True,
            link=lambda gathering: reverse("gathering:gathering-detail", args=[gathering.pk]),
            under=lambda gathering: gathering.host.full_name,
            under_label="開催所属",
        ),
        Column(name="kind", label="区分", value=lambda gathering: gathering.get_kind_display(), sort=True),
        Column(
            name="form", label="開催形式", value=lambda gathering: gathering.get_form_display(), sort=True
        ),
        Column(name="head_count", label="出席者数", numeric=True, sort="attendance_count"),
        chip_column("state", "状態", value=lambda gathering: gathering.get_state_display(), sort="state"),
        Column(name="place", label="場所", visible=False, sort=True),
        Column(name="outline", label="概要", visible=False),
    )
    empty_title = "この年度の会議・研修はありません"
    empty_text = "タスクフォースや連絡会議を登録すると、ここにも並びます。"


class ActionTable(Table[ActionItem]):
    """What has to be done after a session."""

    caption, counter = "宿題", "件"
    page_size = ALL
    columns = (
        Column(
            name="text",
            label="すること",
            heading=True,
            under=lambda item: " ".join(filter(None, (item.owner_unit.name, item.owner and item.owner.name))),
            under_label="担当",
        ),
        date_column("due", "期限", sort=False),
        chip_column("state", "状態", value=lambda item: "完了" if item.done_on else "対応中"),
    )


class AttendanceTable(Table[Attendance]):
    """Who was asked to come, and who came."""

    caption, counter = "出席者", "件の案内"
    page_size = ALL
    columns = (
        Column(
            name="name",
            label="出席者",
            heading=True,
            value=str,
            under=lambda row: row.unit.name if row.staff and row.unit else "",
        ),
        Column(name="state", label="出欠", value=lambda row: row.get_state_display()),
    )


class MaterialTable(Table[Attachment]):
    """Files of a session."""

    caption = "資料"
    page_size = ALL
    columns = (
        Column(
            name="name",
            label="資料",
            heading=True,
            link=lambda item: reverse("files:attachment-download", args=[item.pk]),
        ),
        date_column(
            "uploaded_at", "付けた日", sort=False, value=lambda item: timezone.localdate(item.uploaded_at)
        ),
        Column(name="uploaded_by", label="付けた人", value=lambda item: str(item.uploaded_by)),
    )


def material_table(request: HttpRequest, gathering: Gathering, *, may_write: bool) -> MaterialTable:
    """The files; with a link to take one off for who ``may_write``."""
    table = MaterialTable(request, list(attachments_of(gathering)), id="materials")

    def buttons(item: Attachment) -> Any:
        url = reverse("gathering:material-remove", args=[gathering.pk, item.pk])
        return together([link("外す", url, item.name)])

    return _with_buttons(table, buttons) if may_write else table


def action_table(
    request: HttpRequest, items: Sequence[ActionItem], *, may_write: bool, finishable: frozenset[int]
) -> ActionTable:
    """The things to do; those in ``finishable`` with their button, all with links for who ``may_write``."""
    table = ActionTable(request, items, id="actions")
    if not (may_write or finishable):
        return table

    def buttons(item: ActionItem) -> Any:
        cells = []
        if may_write or item.pk in finishable:
            label = "未完了に戻す" if item.done_on else "完了にする"
            cells.append(
                post_button(request, label, reverse("gathering:action-finish", args=[item.pk]), item)
            )
        if may_write:
            cells.append(link("直す", reverse("gathering:action-correct", args=[item.pk]), item))
            cells.append(link("消す", reverse("gathering:action-remove", args=[item.pk]), item))
        return together(cells)

    return _with_buttons(table, buttons)


def attendance_table(request: HttpRequest, rows: Sequence[Attendance], *, may_write: bool) -> AttendanceTable:
    """The list of names; with buttons for who ``may_write``."""
    table = AttendanceTable(request, rows, id="attendance")

    def buttons(row: Attendance) -> Any:
        url = reverse("gathering:attendance-mark", args=[row.pk])
        cells = [
            post_button(request, str(state.label), url, row, state=state)
            for state in (AttendanceState.ATTENDED, AttendanceState.ABSENT)
            if row.state != state
        ]
        return together([*cells, link("消す", reverse("gathering:attendance-remove", args=[row.pk]), row)])

    return _with_buttons(table, buttons) if may_write else table


def _with_buttons[T: Table[Any]](table: T, buttons: Any) -> T:
    last = Column(name="buttons", label="操作", value=buttons)
    table.columns = (*table.columns, last)  # type: ignore[misc]
    return table
