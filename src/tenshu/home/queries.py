"""What waits for a person, gathered from every room."""

import datetime

from tenshu.ground.access.models import User
from tenshu.ground.calendar.business_days import BusinessCalendar
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.rooms import offered
from tenshu.ground.ui.todo import TodoItem


def todo_of(user: User, year: FiscalYear) -> list[TodoItem]:
    """Everything that rooms say waits for ``user``, the nearest due date first."""
    items = [item for collect in offered("todo", "todo_items") for item in collect(user, year)]
    return sorted(items, key=lambda item: item.sort_key)


def grouped(items: list[TodoItem], today: datetime.date) -> list[tuple[str, list[tuple[TodoItem, int | None]]]]:
    """The items under 期限超過・今日まで, 今週, 来週から and 期限なし, each with the open days left."""
    week_end = today + datetime.timedelta(days=6 - today.weekday())
    calendar = BusinessCalendar.load()
    groups: dict[str, list[tuple[TodoItem, int | None]]] = {}
    for item in items:
        groups.setdefault(_group(item, today, week_end), []).append((item, _days_left(item, today, calendar)))
    return list(groups.items())


def _group(item: TodoItem, today: datetime.date, week_end: datetime.date) -> str:
    if item.due is None:
        return "期限なし"
    if item.due <= today:
        return "今日まで"
    return "今週" if item.due <= week_end else "来週から"


def _days_left(item: TodoItem, today: datetime.date, calendar: BusinessCalendar) -> int | None:
    if item.due is None:
        return None
    if item.due < today:
        return -1
    return calendar.between(today, item.due)
