"""やること: what is mine, by when, what do I press; the year's figures; what changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, roles_of
from tenshu.ground.access.roles import READERS, Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.audit.queries import MAY_READ, rows_for
from tenshu.ground.audit.verbs import target_label, verb_label
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.columns import Column
from tenshu.ground.ui.parts import FeedItem, FigureTile
from tenshu.ground.ui.tables import Table
from tenshu.home.queries import grouped, todo_of
from tenshu.mechanisms.figures.queries import compute_all

STRIP = 6


def tasks(request: HttpRequest) -> HttpResponse:
    """The person's home page."""
    user, year, today = signed_in(request), year_of(request), timezone.localdate()
    items = todo_of(user, year)
    context: dict[str, Any] = {
        "today": today,
        "year": year,
        "count": len(items),
        "groups": grouped(items, today),
        "first": items[0] if items else None,
        "feed": [_feed_item(row, user) for row in rows_for(user).order_by("-pk")[:5]],
        "roles": sorted(roles_of(user), key=list(Role).index),
        "tiles": _tiles(year) if holds_any(user, READERS) else [],
        "may_report": holds_any(user, READERS),
    }
    return render(request, "home/tasks.html", context)


def _tiles(year: FiscalYear) -> list[FigureTile]:
    """The first recorded figures of the year, each a link to its rows."""
    recorded = [value for value in compute_all(year) if value.value is not None][:STRIP]
    return [
        FigureTile(
            label=value.label,
            value=value.number,
            url=reverse("figures:figure-detail", args=[value.key]),
            unit=value.unit,
            quality=value.qualifier,
        )
        for value in recorded
    ]


def _feed_item(row: AuditRow, user: User) -> FeedItem:
    url = reverse("audit:row-detail", args=[row.pk]) if holds_any(user, MAY_READ) else ""
    text = f"{target_label(row.target_type)}「{row.target_label}」の{verb_label(row.verb)}"
    return FeedItem(text, row.at, row.actor_name, url=url)


class ChangeTable(Table[AuditRow]):
    """What changed, newest first."""

    caption = "変わったこと"
    counter = "件"
    search = ("target_label", "actor_name")
    search_label = "対象・人で絞る"
    default_sort = "-at"
    columns = (
        Column(name="at", label="日時", sort=("at", "pk"), wrap=False),
        Column(name="target_label", label="対象", heading=True, under=lambda row: target_label(row.target_type)),
        Column(name="verb", label="操作", value=lambda row: verb_label(row.verb)),
        Column(name="actor_name", label="操作した人", sort=True),
    )
    empty_title = "変わったことはありません"
    empty_text = "自分が行った変更が、ここに並びます。"


def changes(request: HttpRequest) -> HttpResponse:
    """All changes that the person may read."""
    return ChangeTable(request, rows_for(signed_in(request))).respond("home/changes.html")
