"""What sessions leave a person to do."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.todo import TodoItem
from tenshu.mechanisms.gathering.queries import open_action_items, past_and_planned, units_of


def todo_items(user: User, year: FiscalYear) -> Iterator[TodoItem]:
    """Open action items of the person's units, and their own sessions that wait for an outcome."""
    for item in open_action_items(user):
        yield TodoItem(
            title=item.text,
            url=reverse("gathering:gathering-detail", args=[item.gathering_id]),
            due=item.due,
            detail=f"{item.gathering.title}の宿題。担当：{item.owner_unit.name}",
        )
    for gathering in past_and_planned(timezone.localdate()).filter(host_id__in=units_of(user)):
        yield TodoItem(
            title=f"「{gathering.title}」を開いたか記録する",
            url=reverse("gathering:gathering-detail", args=[gathering.pk]),
            due=gathering.held_on,
            detail="開催日を過ぎました。開催済にするか、中止にしてください。",
            action_label="記録する",
        )
