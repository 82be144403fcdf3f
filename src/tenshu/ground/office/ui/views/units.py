"""The organisation as of a day, and one unit with all that hangs on it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS, STAFF_AND_ABOVE
from tenshu.ground.calendar.queries import reference_day
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.hub import sections
from tenshu.ground.office.gates import access_unit, staff_with_details
from tenshu.ground.office.lineage import Lineage, lineage
from tenshu.ground.office.models import Post, PostRank, Unit, UnitDuty, UnitKind
from tenshu.ground.office.queries import (
    Organisation,
    UnitNode,
    headcounts_below,
    members_of,
    names_of_heads,
    units_as_of,
)
from tenshu.ground.office.ui.tabs import room_tabs
from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.forms import DateField, Form
from tenshu.ground.ui.parts import Attached, FeedItem, KeyFact
from tenshu.ground.ui.tables import Column, Table

NAMED = 20
"""How many heads and officers the rail of a unit names."""


class DayForm(Form):
    """As of which day."""

    day = DateField(label="基準日", required=False, help_text="")


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One line of the tree, in words: more than a thousand of them may stand on the page."""

    key: str
    code: str
    name: str
    above: str
    url: str
    depth: int
    heads: str
    people: str
    below: str
    duties: list[str]
    toggle: str


def asked_day(request: HttpRequest, form: DayForm) -> datetime.date:
    """The day of the query, or the reference day of the chosen year."""
    day = form.cleaned_data.get("day") if form.is_valid() else None
    return day or reference_day(year_of(request))


def unit_tree(request: HttpRequest) -> HttpResponse:
    """The tree: departments, one of them (or all) opened; a word finds units with where they stand."""
    user = signed_in(request)
    form = DayForm(request.GET or None)
    day = asked_day(request, form)
    organisation = Organisation.on(day)
    words = request.GET.get("q", "").replace("\0", "").strip()
    opened = request.GET.get("open", "")
    day_typed = request.GET.get("day", "")
    rows = _rows(request, organisation, opened, words)
    context = {
        "tabs": room_tabs(user, "office:unit-tree"),
        "form": form,
        "day": day,
        "day_typed": day_typed,
        "day_query": f"?{urlencode({'day': day_typed})}" if day_typed else "",
        "words": words,
        "opened": opened,
        "rows": rows,
        "departments": len(organisation.departments()),
        "divisions": len(organisation.divisions()),
        "units": len(organisation.units),
        "may_edit": holds_any(user, EDITORS),
        "all_url": _url(request, open="all"),
        "close_url": _url(request, open=None),
    }
    return render(request, "office/unit_tree.html", context, status=422 if form.errors else 200)


def _rows(request: HttpRequest, organisation: Organisation, opened: str, words: str) -> list[TreeRow]:
    shown = _shown(organisation, opened, words)
    heads = names_of_heads([node.unit.pk for node in shown], organisation.day)
    people = organisation.headcounts()
    duties: dict[int, list[str]] = {}
    for duty in UnitDuty.objects.as_of(organisation.day):
        duties.setdefault(duty.unit_id, []).append(duty.get_kind_display())
    # One address asked for, the others made from it: asking costs more than anything else of a line.
    before, _, after = reverse("office:unit-detail", args=[0]).rpartition("0")
    return [
        TreeRow(
            key=str(node.unit.pk),
            code=node.unit.code,
            name=node.unit.name,
            above=node.unit.parent.full_name if words and node.unit.parent else "",
            url=f"{before}{node.unit.pk}{after}",
            depth=0 if words else node.depth,
            heads=format_html_join(
                "、", '<span class="nowrap">{}</span>', ((name,) for name in heads.get(node.unit.pk, ()))
            ),
            people=number_text(people.get(node.unit.pk, 0)),
            below=number_text(sum(1 for _ in node.walk()) - 1),
            duties=duties.get(node.unit.pk, []),
            toggle="" if words or node.depth or opened == "all" else _toggle(request, node, opened),
        )
        for node in shown
    ]


def _shown(organisation: Organisation, opened: str, words: str) -> list[UnitNode]:
    tree = organisation.tree()
    if words:
        return [
            node
            for top in tree
            for node in top.walk()
            if words in node.unit.name or node.unit.code.startswith(words)
        ]
    return [node for top in tree for node in (top.walk() if opened in ("all", top.unit.code) else [top])]


def _toggle(request: HttpRequest, node: UnitNode, opened: str) -> str:
    code = node.unit.code
    return _url(request, open=None if code == opened else code) + f"#unit-{node.unit.pk}"


def _url(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}" if query else request.path


class MemberTable(Table[Post]):
    """The people of a unit and of what stands below it."""

    caption = "職員"
    counter = "人"
    search = ("staff__search_text", "title")
    search_label = "名前・職員番号で絞る"
    page_size = 40
    file_name = "職員"
    columns = (
        Column(
            name="staff",
            label="氏名",
            heading=True,
            sort=("staff__kana_order",),
            link=lambda post: reverse("office:staff-detail", args=[post.staff_id]),
            under=lambda post: post.staff.kana,
            under_label="かな",
        ),
        Column(name="staff__number", label="職員番号", sort=True, wrap=False),
        Column(
            name="unit",
            label="組織",
            sort=("unit__sort_order", "unit__code"),
            value=lambda post: post.unit.name,
        ),
        Column(name="title", label="職名", value=lambda post: post.title or post.get_rank_display()),
        Column(name="note", label="役割", value=lambda post: _roles_of_post(post)),
    )
    empty_title = "この日の職員はいません"
    empty_text = "配属を取り込むか、職員の画面で異動を入れると、ここに並びます。"


def _roles_of_post(post: Post) -> str:
    words = [
        post.get_rank_display() if post.rank == "head" else "",
        "システム担当者" if post.is_officer else "",
        "兼務" if post.is_concurrent else "",
    ]
    return "、".join(word for word in words if word)


def unit_detail(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit: people, head, officers, what hangs on it, and its line over the reorganisations."""
    user = signed_in(request)
    unit = access_unit(user, unit_id)
    day = _day_within(unit, asked_day(request, DayForm({"day": request.GET.get("day", "")})))
    members = members_of(unit, day)
    sees_staff = holds_any(user, STAFF_AND_ABOVE)
    table = MemberTable(request, members, id="members") if sees_staff else None
    if table is not None and (table.file_kind or table.is_partial):
        return table.respond("office/unit_detail.html")
    people = headcounts_below(unit, day)
    parts = sections("unit_hub", unit, user, year_of(request))
    context = {
        "unit": unit,
        "day": day,
        "is_past": day == unit.valid_until,
        "facts": _facts(unit, members, people.get(unit.pk, 0)),
        "children": _children(unit, day, people),
        "table": table,
        "people": _people(members, user) if sees_staff else [],
        "parts": [part for part in parts if not part.in_rail],
        "rail_parts": [part for part in parts if part.in_rail],
        "history": _history(lineage(unit)),
        "duties": list(UnitDuty.objects.filter(unit=unit).order_by("valid_from")),
        "may_edit": holds_any(user, EDITORS),
    }
    return render(request, "office/unit_detail.html", context)


def _day_within(unit: Unit, day: datetime.date) -> datetime.date:
    day = max(day, unit.valid_from)
    return day if unit.valid_until is None else min(day, unit.valid_until)


def _facts(unit: Unit, members: QuerySet[Post], people: int) -> list[KeyFact]:
    heads = members.filter(rank=PostRank.HEAD, unit=unit)
    counted = members.order_by().aggregate(
        concurrent=Count("staff_id", filter=Q(is_concurrent=True), distinct=True),
        officers=Count("staff_id", filter=Q(is_officer=True), distinct=True),
    )
    return [
        KeyFact(
            "部局長" if unit.kind == UnitKind.DEPARTMENT else "所属長",
            "、".join(post.staff.name for post in heads) or "なし",
        ),
        KeyFact("職員", f"{people:,}人", f"ほかに兼務 {counted['concurrent']:,}人"),
        KeyFact("システム担当者", f"{counted['officers']:,}人"),
    ]


def _people(members: QuerySet[Post], user: User) -> list[Attached]:
    """Heads and officers with what they are, and with their mail for those who may see it."""
    named = list(members.filter(Q(rank=PostRank.HEAD) | Q(is_officer=True))[:NAMED])
    seen = staff_with_details(user, [post.staff_id for post in named])
    rows = []
    for post in named:
        mail = f"　{post.staff.mail}" if post.staff_id in seen and post.staff.mail else ""
        url = reverse("office:staff-detail", args=[post.staff_id])
        rows.append(Attached(post.staff.name, url, f"{_roles_of_post(post)}{mail}"))
    return rows


def _children(unit: Unit, day: datetime.date, people: Mapping[int, int]) -> list[Attached]:
    return [
        Attached(child.name, reverse("office:unit-detail", args=[child.pk]), f"{people.get(child.pk, 0):,}人")
        for child in units_as_of(day).filter(parent=unit)
    ]


def _history(line: Lineage) -> list[FeedItem]:
    """The line's turns, the newest first; each leads to the unit at the other end."""
    items = []
    for succession in reversed(line.successions):
        old, new = succession.predecessor, succession.successor
        other = new if old == line.unit else old
        part = "" if succession.is_main else "の一部"
        text = f"{old.full_name}{part} → {new.full_name}"
        items.append(FeedItem(text, succession.on, url=reverse("office:unit-detail", args=[other.pk])))
    if not any(s.successor == line.unit for s in line.successions):
        items.append(FeedItem(f"{line.unit.full_name} 設置", line.unit.valid_from))
    return items
