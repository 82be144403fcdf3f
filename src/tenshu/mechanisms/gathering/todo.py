"""What sessions leave a person to do."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.todo import TodoItem
from tenshu.mechanisms.gathering.queries import open_action_items


def todo_items(user: User, year: FiscalYear) -> Iterator[TodoItem]:
    """Open action items of the person's units."""
    for item in open_action_items(user, timezone.localdate()):
        yield TodoItem(
            title=item.text,
            url=reverse("gathering:gathering-detail", args=[item.gathering_id]),
            due=item.due,
            detail=f"{item.gathering.title}の宿題。担当：{item.owner_unit.name}",
        )
