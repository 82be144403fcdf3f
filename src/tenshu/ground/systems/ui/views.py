"""The register: a list with saved views, and the hub page of one system."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import DIVISION, EDITORS
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.audit.verbs import verb_label
from tenshu.ground.calendar.queries import reference_day
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.hub import key_facts, sections
from tenshu.ground.office.models import Unit
from tenshu.ground.office.queries import Organisation, heads_of, officers_of
from tenshu.ground.systems.gates import access_system
from tenshu.ground.systems.models import Ownership, System, SystemQuerySet
from tenshu.ground.systems.queries import editable_owners, may_edit, owned_on, owner_on, systems_for
from tenshu.ground.ui.columns import date_column
from tenshu.ground.ui.dates import day_text
from tenshu.ground.ui.parts import Attached, Fact, FeedItem, KeyFact, Tab
from tenshu.ground.ui.tables import Column, Table

CHANGES_SHOWN = 6
MOST_FACTS = 5


def system_filter(organisation: Organisation) -> type[django_filters.FilterSet]:
    """The filters of a day: department and owning unit."""

    def owned(rows: QuerySet[Any], _: str, code: str) -> QuerySet[Any]:
        unit = organisation.by_code.get(code)
        return rows.filter(owner_then__in=organisation.below(unit.pk)) if unit else rows.none()

    fields: dict[str, Any] = {
        "department": django_filters.ChoiceFilter(
            label="部局",
            choices=[(unit.code, unit.name) for unit in organisation.departments()],
            empty_label="すべて",
            method=owned,
        ),
        "owner": django_filters.ChoiceFilter(
            label="所管",
            choices=[(unit.code, unit.name) for unit in organisation.divisions()],
            empty_label="すべて",
            method=owned,
        ),
    }
    return type(
        "SystemFilter",
        (django_filters.FilterSet,),
        {**fields, "Meta": type("Meta", (), {"model": System, "fields": []})},
    )


class SystemTable(Table[System]):
    """The register as of a day."""

    caption = "システムの一覧"
    counter = "システム"
    search = ("name", "kana", "number")
    search_label = "名前・かな・番号で絞る"
    default_sort = "number"
    file_name = "システム台帳"
    columns = (
        Column(name="number", label="番号", sort=True, wrap=False),
        Column(
            name="name",
            label="システム名",
            heading=True,
            sort=("kana", "name"),
            link=lambda system: reverse("systems:system-detail", args=[system.pk]),
            under=lambda system: _owner_text(system),
            under_label="所管",
        ),
        Column(name="department", label="部局", value=lambda system: system.department_name, visible=False),
        Column(name="owner_code", label="所管コード", sort=True, visible=False),
        date_column("started_on", "運用開始"),
        date_column("ended_on", "運用終了"),
        Column(
            name="candidate",
            label="最適化対象",
            value=lambda system: _candidate_text(system),
            sort="candidate_from",
        ),
        Column(name="purpose", label="目的", visible=False),
    )
    empty_title = "まだシステムはありません"
    empty_text = "システム.xlsx を取り込むか、1つずつ登録すると、ここに並びます。"


def _owner_text(system: Any) -> str:
    names = (system.department_name, system.owner_name)
    return names[0] if names[0] == names[1] else " ".join(names)


def _candidate_text(system: System) -> str:
    if system.candidate_from is None:
        return ""
    until = day_text(system.candidate_until, "short") if system.candidate_until else ""
    return f"{day_text(system.candidate_from, 'short')}～{until}"


def system_list(request: HttpRequest) -> HttpResponse:
    """The register as of the reference day of the year; saved views as tabs."""
    user = signed_in(request)
    day = reference_day(year_of(request))
    visible = systems_for(user)
    own = editable_owners(user)
    rows: dict[str, SystemQuerySet] = {
        "": visible.in_use_on(day),
        "candidates": visible.candidates_on(day),
        "own": visible.in_use_on(day).filter(owner_id__in=own),
        "ended": visible.filter(ended_on__lt=day),
        "all": visible,
    }
    names = {
        "": "運用中",
        "candidates": "最適化の対象",
        "own": "自所属",
        "ended": "運用を終えたもの",
        "all": "すべて",
    }
    if not holds_any(user, DIVISION):
        del rows["own"]
    view = request.GET.get("view", "")
    view = view if view in rows else ""
    page = reverse("systems:system-list")
    tabs = [
        Tab(names[key], f"{page}?view={key}" if key else page, key == view, some.count())
        for key, some in rows.items()
    ]
    table = SystemTable(request, owned_on(rows[view], day))
    table.filterset_class = system_filter(Organisation.on(day))  # type: ignore[misc]
    context = {"tabs": tabs, "day": day, "may_add": holds_any(user, EDITORS)}
    return table.respond("systems/system_list.html", context)


def system_detail(request: HttpRequest, system_id: int) -> HttpResponse:
    """The hub of one system: what it is, whose it is, and what hangs on it."""
    user = signed_in(request)
    system = access_system(user, system_id)
    year = year_of(request)
    day = reference_day(year)
    owner = owner_on(system, day)
    parts = sections("system_hub", system, user, year)
    context = {
        "system": system,
        "owner": owner,
        "facts": _key_facts(system, owner),
        "room_facts": key_facts("system_hub", system, user, year)[:MOST_FACTS],
        "outline": _outline(system),
        "people": _people(owner, day),
        "parts": [part for part in parts if not part.in_rail],
        "rail_parts": [part for part in parts if part.in_rail],
        "owners": list(
            Ownership.objects.filter(system=system)
            .select_related("unit__parent__parent__parent")
            .order_by("-valid_from")
        ),
        "changes": _changes(system),
        "may_edit": may_edit(user, system),
        "may_manage": holds_any(user, EDITORS),
    }
    return render(request, "systems/system_detail.html", context)


def _key_facts(system: System, owner: Unit) -> list[KeyFact]:
    running = day_text(system.ended_on, "plain") + "まで" if system.ended_on else "続いている"
    candidate = _candidate_text(system)
    return [
        KeyFact("所管", owner.full_name, url=reverse("office:unit-detail", args=[owner.pk])),
        KeyFact("運用", running, day_text(system.started_on, "plain") + "から" if system.started_on else ""),
        KeyFact("最適化の対象", "はい" if candidate else "いいえ", candidate),
    ]


def _outline(system: System) -> list[Fact]:
    return [
        Fact("番号", system.number),
        Fact("かな", system.kana or "なし"),
        Fact("目的", system.purpose or "なし"),
    ]


def _people(owner: Unit, day: Any) -> list[Attached]:
    """The head and the system officers of the owning unit."""
    posts = [*heads_of([owner.pk], day).get(owner.pk, []), *officers_of(owner, day)]
    rows: dict[int, Attached] = {}
    for post in posts:
        word = post.get_rank_display() if post.rank == "head" else "担当者"
        rows.setdefault(
            post.staff_id,
            Attached(post.staff.name, reverse("office:staff-detail", args=[post.staff_id]), word),
        )
    return list(rows.values())


def _changes(system: System) -> list[FeedItem]:
    rows = AuditRow.objects.filter(target_type="systems.system", target_key=str(system.pk)).order_by("-pk")
    return [FeedItem(verb_label(row.verb), row.at, row.actor_name) for row in rows[:CHANGES_SHOWN]]
