"""Pages of jobs: what goes on now, what has ended, the clock, the workers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.jobs import queries
from tenshu.ground.jobs.models import SlotTurn
from tenshu.ground.jobs.slots import all_slots
from tenshu.ground.jobs.ui.tables import (
    EndedTable,
    FailureTable,
    RunningTable,
    SlotRow,
    SlotTable,
    WaitingTable,
    WorkerRow,
    WorkerTable,
)
from tenshu.ground.ui.parts import KeyFact, Tab

_TABS = (
    ("いまのようす", "job-overview"),
    ("終わったジョブ", "job-list"),
    ("定時処理", "slot-list"),
    ("ワーカー", "worker-list"),
)


def tabs(current: str) -> list[Tab]:
    """The four pages of this room."""
    return [Tab(label, reverse(f"jobs:{name}"), name == current) for label, name in _TABS]


def job_overview(request: HttpRequest) -> HttpResponse:
    """What goes on now. While something runs or waits the page looks anew by itself, until told not to."""
    counts, alive = queries.job_counts(), queries.alive_count()
    busy = bool(counts.running or counts.waiting)
    stopped = request.GET.get("live") == "0"
    context = {
        "tabs": tabs("job-overview"),
        "counts": counts,
        "alive": alive,
        "busy": busy,
        "live": busy and not stopped,
        "stopped": stopped,
        "facts": [
            KeyFact("動いているワーカー", f"{alive:,}", url=reverse("jobs:worker-list")),
            KeyFact("実行中", f"{counts.running:,}件"),
            KeyFact("待っている", f"{counts.waiting:,}件"),
            KeyFact("失敗（確認していないもの）", f"{counts.failed:,}件"),
        ],
        "running": RunningTable(request, queries.running_jobs(), id="running"),
        "waiting": WaitingTable(request, queries.waiting_jobs(), id="waiting"),
        "failures": FailureTable(request, queries.open_failures(), id="failures"),
    }
    part = "#now" if request.GET.get("part") == "now" and getattr(request, "htmx", False) else ""
    return render(request, f"jobs/job_overview.html{part}", context)


def job_list(request: HttpRequest) -> HttpResponse:
    """Jobs that have ended."""
    return EndedTable(request, queries.ended_jobs()).respond("jobs/job_list.html", {"tabs": tabs("job-list")})


def slot_list(request: HttpRequest) -> HttpResponse:
    """The clock: next and last turn of each slot."""
    now = timezone.now()
    slots = all_slots()
    last: dict[str, SlotTurn] = {}
    names = [slot.name for slot in slots]
    newest = SlotTurn.objects.filter(name__in=names).order_by("name", "-due")
    for turn in newest.select_related("task", "task__state")[:2_000]:
        last.setdefault(turn.name, turn)
    rows = [
        SlotRow(
            slot.name,
            slot.label,
            slot.next(now),
            last[slot.name].due if slot.name in last else None,
            last[slot.name].task if slot.name in last else None,
        )
        for slot in slots
    ]
    rows.sort(key=lambda row: row.next)
    context = {"tabs": tabs("slot-list"), "table": SlotTable(request, rows)}
    return render(request, "jobs/slot_list.html", context)


def worker_list(request: HttpRequest) -> HttpResponse:
    """Workers, alive and gone."""
    rows = [WorkerRow(*found) for found in queries.workers()]
    alive = sum(row.word == "動作中" for row in rows)
    context = {"tabs": tabs("worker-list"), "table": WorkerTable(request, rows), "alive": alive}
    return render(request, "jobs/worker_list.html", context)
