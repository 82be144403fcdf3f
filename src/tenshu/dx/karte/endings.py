"""Notices ahead of what ends: to the system officers of the owning division (without one, its heads), once a thing and step."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from tenshu.dx.karte.models import Contract
from tenshu.dx.karte.queries import support_endings
from tenshu.engines.japanese import format_wareki
from tenshu.ground.jobs.tasks import JobRun, job
from tenshu.ground.notices.recipients import officers_of_unit
from tenshu.ground.notices.sending import notify
from tenshu.ground.systems.models import System

STEPS = (365, 183, 31)
"""Days ahead of an end at which people are told: a year (for the budget), half a year, a month."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Something of a system that ends: what, when, and a key that stays the same."""

    system: System
    what: str
    on: datetime.date
    key: str


def ends_of(systems_in_use_on: datetime.date) -> Iterator[Ahead]:
    """Ends of contracts, of the time to give notice, and of support, of the systems in use on a day."""
    systems = System.objects.in_use_on(systems_in_use_on)
    for contract in Contract.objects.filter(system__in=systems).select_related("system__owner"):
        yield Ahead(contract.system, f"契約「{contract.name}」", contract.ends_on, f"contract:{contract.pk}")
        if contract.notice_on:
            what = f"契約「{contract.name}」の更新の申出期限"
            yield Ahead(contract.system, what, contract.notice_on, f"notice:{contract.pk}")
    for ending in support_endings(systems.select_related("owner")):
        if ending.system is not None:
            what = f"{ending.kind}「{ending.name}」のサポート"
            yield Ahead(ending.system, what, ending.ends_on, f"{ending.part}:{ending.kind}:{ending.pk}")


def step_of(days: int) -> int | None:
    """The step that an end ``days`` ahead has reached; ``None`` when it is past or still far."""
    reached = [step for step in STEPS if days <= step]
    return min(reached) if days >= 0 and reached else None


@job(title="契約とサポートの終わりを知らせる")
def tell_endings(run: JobRun) -> None:
    """Tell of every end that has come to a step. The key of a notice keeps anybody from being told twice."""
    today = timezone.localdate()
    told = 0
    for ahead in ends_of(today):
        run.raise_if_cancelled()
        step = step_of((ahead.on - today).days)
        if step is not None:
            told += _tell(ahead, step, today)
    run.log(f"{told}件を知らせました。")


def _tell(ahead: Ahead, step: int, today: datetime.date) -> int:
    return notify(
        officers_of_unit(ahead.system.owner, today),
        kind="karte.ending",
        about=ahead.system,
        title=f"{ahead.system.name}：{ahead.what}が{format_wareki(ahead.on)}に終わります",
        body="更改や更新の予算と手続きを確かめ、カルテの日付を直してください。",
        url=reverse("karte:karte-detail", args=[ahead.system.pk]),
        due=ahead.on,
        key=f"karte:{ahead.key}:{ahead.on.isoformat()}:{step}",
    )
