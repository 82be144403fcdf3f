"""What waits for a person: imports that were begun and neither carried out nor given up."""

from collections.abc import Iterator

from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange.queries import open_runs
from tenshu.ground.ui.todo import TodoItem
from tenshu.ground.ui.tone import Tone


def todo_items(user: User, fiscal_year: FiscalYear) -> Iterator[TodoItem]:
    """Own imports that are still open."""
    for run in open_runs(user):
        yield TodoItem(
            title=f"{run.title}の取込を終える",
            url=reverse("exchange:run-detail", args=[run.pk]),
            tone=Tone.DANGER if run.counts.get("errors") else Tone.INFO,
            detail=f"{run.name}。まだ何も取り込んでいません",
            action_label="確かめる",
            word="確かめ中",
        )
