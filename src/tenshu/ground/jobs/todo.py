"""What waits for the secretariat: failed jobs, and a queue that nobody works."""

from collections.abc import Iterator

from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.jobs.queries import alive_count, open_failures, waits_long
from tenshu.ground.ui.todo import TodoItem
from tenshu.ground.ui.tone import Tone


def todo_items(user: User, fiscal_year: FiscalYear) -> Iterator[TodoItem]:
    """Failures to look at; a worker to start."""
    if not holds_any(user, EDITORS):
        return
    count = open_failures().count()
    if count:
        yield TodoItem(
            title=f"失敗したジョブ{count:,}件を確かめる",
            url=reverse("jobs:job-overview"),
            tone=Tone.DANGER,
            detail="やり直すか、確認済みにします",
            action_label="確かめる",
            word="失敗",
        )
    if waits_long() and not alive_count():
        yield TodoItem(
            title="ワーカーを動かす",
            url=reverse("jobs:worker-list"),
            tone=Tone.DANGER,
            detail="ジョブが10分より長く待っていますが、動いているワーカーがありません",
            word="障害",
        )
