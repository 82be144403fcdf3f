"""やること: what is mine, by when, what do I press; the year's figures; what changed."""

import datetime
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
from tenshu.ground.calendar.requests import opened_years_of, year_of
from tenshu.ground.hub import sections
from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.columns import Column
from tenshu.ground.ui.dates import day_text
from tenshu.ground.ui.parts import FeedItem, FigureTile, NextStep
from tenshu.ground.ui.tables import Table
from tenshu.home.queries import (
    RecentChange,
    RecordedFigure,
    Waiting,
    division_of,
    grouped,
    recent_changes,
    recorded_figures,
    todo_of,
)

STRIP = 6
CHANGES = 5


def tasks(request: HttpRequest) -> HttpResponse:
    """The person's home page: figures and groups for those who see the office, one next step for the others."""
    user, year, today = signed_in(request), year_of(request), timezone.localdate()
    waiting = todo_of(user, year, today)
    sees_office = holds_any(user, READERS)
    context: dict[str, Any] = {
        "today": today,
        "year": year,
        "count": len(waiting),
        "overdue": sum(row.days_left == -1 for row in waiting),
        "feed": [_feed_item(change, user) for change in recent_changes(user, shown=CHANGES)],
        "roles": sorted(roles_of(user), key=list(Role).index),
        "sees_office": sees_office,
        **(_office_parts(request, year) if sees_office else _own_parts(user, year, waiting)),
    }
    if sees_office:
        context |= {"groups": grouped(waiting, today), "first": waiting[0].item if waiting else None}
    else:
        context |= {"groups": grouped(waiting[1:], today)}
    return render(request, "home/tasks.html", context)


def _office_parts(request: HttpRequest, year: FiscalYear) -> dict[str, Any]:
    figures, missing = recorded_figures(year, opened_years_of(request), shown=STRIP)
    return {"tiles": [_tile(figure) for figure in figures], "missing": missing}


def _tile(figure: RecordedFigure) -> FigureTile:
    """The figure as a link to its rows, with the year before in words and up to five years as columns."""
    value = figure.now
    known = [(year, past) for year, past in figure.past if past.value is not None]
    return FigureTile(
        label=value.label,
        value=value.number,
        url=reverse("figures:figure-detail", args=[value.key]),
        unit=value.unit,
        quality=value.qualifier,
        trend=f"{known[-1][0].short} {known[-1][1].text}" if known else "",
        history=[float(item.value) for _, item in [*known, ("", value)] if item.value is not None]
        if known
        else (),
    )


def _own_parts(user: User, year: FiscalYear, waiting: list[Waiting]) -> dict[str, Any]:
    unit = division_of(user)
    return {
        "next_step": _next_step(waiting[0]) if waiting else None,
        "unit": unit,
        "parts": sections("unit_hub", unit, user, year) if unit else [],
    }


def _next_step(row: Waiting) -> NextStep:
    item = row.item
    return NextStep(
        title=item.title,
        url=item.url,
        action_label=item.action_label,
        text=item.detail,
        note=_due_text(item.due, row),
    )


def _due_text(due: datetime.date | None, row: Waiting) -> str:
    if due is None:
        return ""
    is_near = FiscalYear.containing(due) == FiscalYear.containing(timezone.localdate())
    day = day_text(due, "no_year" if is_near else "long")
    match row.days_left:
        case -1:
            return f"期限 {day}を過ぎています"
        case 0:
            return f"期限 {day}　今日まで"
        case left:
            return f"期限 {day}　あと{number_text(left or 0)}開庁日"


def _feed_item(change: RecentChange, user: User) -> FeedItem:
    row = change.row
    url = reverse("audit:row-detail", args=[row.pk]) if holds_any(user, MAY_READ) else ""
    others = f" ほか{change.others}件" if change.others else ""
    text = f"{target_label(row.target_type)}「{row.target_label}」{others}：{verb_label(row.verb)}"
    return FeedItem(text, row.at, row.actor_name, url=url)


class ChangeTable(Table[AuditRow]):
    """What changed, newest first."""

    caption = "変わったこと"
    counter = "件"
    search = ("target_label", "actor_name")
    search_label = "対象・人で絞る"
    default_sort = "-at"
    counted_up_to = 10_000
    columns = (
        Column(name="at", label="日時", sort=("at", "pk"), wrap=False),
        Column(
            name="target_label", label="対象", heading=True, under=lambda row: target_label(row.target_type)
        ),
        Column(name="verb", label="操作", value=lambda row: verb_label(row.verb)),
        Column(name="actor_name", label="操作した人", sort=True),
    )
    empty_title = "変わったことはありません"
    empty_text = "自分が行った変更が、ここに並びます。"


def changes(request: HttpRequest) -> HttpResponse:
    """All changes that the person may read."""
    return ChangeTable(request, rows_for(signed_in(request))).respond("home/changes.html")
