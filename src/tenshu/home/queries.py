"""What waits for a person, gathered from every room; the year's figures; what changed lately."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.asking_once import asking_once
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.audit.queries import rows_for
from tenshu.ground.calendar.business_days import BusinessCalendar
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.models import Post, Unit, UnitKind
from tenshu.ground.rooms import offered
from tenshu.ground.ui.todo import TodoItem
from tenshu.mechanisms.figures.queries import compute_all, histories
from tenshu.mechanisms.figures.values import FigureValue

LOOKED_BACK = 200
SPARK_YEARS = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thing to do with the open days that are left: -1 when it is overdue, None without a due date."""

    item: TodoItem
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Things to do that fall due in the same span of days."""

    title: str
    rows: list[Waiting]


def todo_of(user: User, year: FiscalYear, today: datetime.date) -> list[Waiting]:
    """Everything that rooms say waits for ``user``, the nearest due date first."""
    with asking_once():
        items = [item for collect in offered("todo", "todo_items") for item in collect(user, year)]
    calendar = BusinessCalendar.load()
    return [
        Waiting(item, _days_left(item, today, calendar))
        for item in sorted(items, key=lambda item: item.sort_key)
    ]


def grouped(waiting: Iterable[Waiting], today: datetime.date) -> list[Group]:
    """The things under 期限超過, 今日まで, 今週, 来週から and 期限なし, in this order."""
    week_end = today + datetime.timedelta(days=6 - today.weekday())
    groups: dict[str, list[Waiting]] = {}
    for row in waiting:
        groups.setdefault(_group(row.item.due, today, week_end), []).append(row)
    return [Group(title, rows) for title, rows in groups.items()]


def _group(due: datetime.date | None, today: datetime.date, week_end: datetime.date) -> str:
    if due is None:
        return "期限なし"
    if due < today:
        return "期限超過"
    if due == today:
        return "今日まで"
    return "今週" if due <= week_end else "来週から"


def _days_left(item: TodoItem, today: datetime.date, calendar: BusinessCalendar) -> int | None:
    if item.due is None:
        return None
    if item.due < today:
        return -1
    return calendar.between(today, item.due)


@dataclass(frozen=True, slots=True)
class RecordedFigure:
    """A figure of the year with a value, and its values of up to four years before, oldest first."""

    now: FigureValue
    past: list[tuple[FiscalYear, FigureValue]]


def recorded_figures(
    year: FiscalYear, opened: Sequence[FiscalYear], *, shown: int
) -> tuple[list[RecordedFigure], int]:
    """The first ``shown`` figures that have a value in ``year``, and how many figures have none."""
    values = compute_all(year)
    recorded = [value for value in values if not value.missing]
    past = histories(
        [value.key for value in recorded[:shown]],
        [earlier for earlier in opened if earlier < year][-(SPARK_YEARS - 1) :],
    )
    return [RecordedFigure(value, past[value.key]) for value in recorded[:shown]], len(values) - len(recorded)


@dataclass(frozen=True, slots=True)
class RecentChange:
    """The newest row of one operation, and how many further rows of the same kind it changed."""

    row: AuditRow
    others: int


def recent_changes(user: User, *, shown: int) -> list[RecentChange]:
    """The last operations that ``user`` may read, rows of the same operation, kind and verb taken together."""
    groups: dict[tuple[str, str, str], list[AuditRow]] = {}
    for row in rows_for(user).order_by("-pk")[:LOOKED_BACK]:
        groups.setdefault((str(row.request_id or row.pk), row.target_type, row.verb), []).append(row)
    return [RecentChange(rows[0], len(rows) - 1) for rows in list(groups.values())[:shown]]


def division_of(user: User) -> Unit | None:
    """The division of the person's main post today; nothing for outsiders."""
    if user.staff_id is None:
        return None
    posts = (
        Post.objects.as_of(timezone.localdate()).filter(staff_id=user.staff_id).select_related("unit__parent")
    )
    post = posts.order_by("is_concurrent", "pk").first()
    if post is None:
        return None
    is_group = post.unit.kind == UnitKind.GROUP and post.unit.parent is not None
    return post.unit.parent if is_group else post.unit
