"""督促の記録: who was reminded of what on which rung, and why it stopped; for the secretariat."""

from typing import ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from tenshu.ground.notices.kinds import kind_label
from tenshu.ground.notices.models import Reminder, StopReason
from tenshu.ground.notices.reminders import Step, ladders
from tenshu.ground.ui.tables import Column, Table, date_column

GOING = "続いている"
_STATES = [("going", GOING), *StopReason.choices]


def ladder_label(key: str) -> str:
    """A ladder by the word of its kind of notice; of one that no room declares any more its key."""
    ladder = ladders().get(key)
    return kind_label(ladder.kind) if ladder else key


def _ladders() -> list[tuple[str, str]]:
    return [(key, ladder_label(key)) for key in ladders()]


def _in_state(rows: QuerySet[Reminder], _: str, value: str) -> QuerySet[Reminder]:
    return rows.filter(Q(stopped_on=None) if value == "going" else Q(stopped_why=value))


class ReminderFilter(django_filters.FilterSet):
    """By what, whom it reached, and whether it goes on."""

    ladder = django_filters.ChoiceFilter(label="種類", choices=_ladders, empty_label="すべて")
    step = django_filters.ChoiceFilter(label="立場", choices=Step.choices, empty_label="すべて")
    state = django_filters.ChoiceFilter(label="状態", choices=_STATES, empty_label="すべて", method=_in_state)

    class Meta:
        model = Reminder
        fields: ClassVar[list[str]] = []


def _title(row: Reminder) -> str:
    return row.title or (row.notice.title if row.notice else ladder_label(row.ladder))


def _state(row: Reminder) -> str:
    return str(row.get_stopped_why_display()) if row.stopped_on else GOING


class ReminderTable(Table[Reminder]):
    """One row a person and a rung."""

    caption, counter, file_name = "督促の記録", "件", "督促の記録"
    filterset_class = ReminderFilter
    search = ("title", "debtor_name", "person__display_name", "notice__title")
    search_label = "内容・する人・相手で絞る"
    default_sort = "-on"
    counted_up_to = 10_000
    columns = (
        date_column("on", "知らせた日", sort=("on", "pk")),
        Column(
            name="title",
            label="内容",
            heading=True,
            value=_title,
            link=lambda row: row.notice.url if row.notice else None,
            under=lambda row: ladder_label(row.ladder),
            under_label="種類",
        ),
        Column(name="debtor_name", label="する人", sort=True),
        date_column("due", "期限"),
        Column(
            name="person",
            label="知らせた相手",
            value=lambda row: row.person.display_name,
            sort="person__display_name",
            under=lambda row: Step(row.step).label,
            under_label="立場",
        ),
        Column(name="state", label="状態", value=_state),
        date_column("stopped_on", "止まった日"),
        Column(
            name="mail",
            label="メール",
            value=lambda row: row.notice.get_fate_display() if row.notice else None,
            visible=False,
        ),
    )
    empty_title = "督促はまだありません"
    empty_text = "期限の近い課題や照会票があると、開庁日の朝8時に知らせ、ここに並びます。"


def reminder_list(request: HttpRequest) -> HttpResponse:
    """Every reminder, the newest first."""
    rows = Reminder.objects.select_related("person", "notice")
    return ReminderTable(request, rows).respond("notices/reminder_list.html", {})
