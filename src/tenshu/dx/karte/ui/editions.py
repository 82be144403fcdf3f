"""Editions of a karte: their list, one of them as it was, two years side by side for one system or for all."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tenshu.dx.karte.comparing import Side, SystemDifference, all_sides, compare, default_sides, sides_of
from tenshu.dx.karte.freezing import PARTS, digest_of
from tenshu.dx.karte.models import Edition
from tenshu.dx.karte.queries import access_edition
from tenshu.dx.karte.ui.forms import SidesForm
from tenshu.dx.karte.ui.pages import page_context
from tenshu.dx.karte.ui.tables import system_url
from tenshu.dx.karte.ui.tabs import tabs
from tenshu.ground.access.gates import signed_in
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import reference_day
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.systems.gates import access_system
from tenshu.ground.systems.queries import systems_for
from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.parts import Fact, KeyFact, Tab
from tenshu.ground.ui.tables import Column, Table


class EditionTable(Table[Edition]):
    """Editions of one system."""

    caption, counter = "年度版", "版"
    page_size = 100
    columns = (
        Column(
            name="year",
            label="年度版",
            heading=True,
            value=lambda edition: f"{FiscalYear(edition.fiscal_year)}版",
            link=lambda edition: reverse("karte:edition-detail", args=[edition.pk]),
        ),
        Column(name="frozen_at", label="確定した日時"),
        Column(name="confirmed_by", label="確認した人"),
        Column(
            name="score",
            label="充足度",
            unit="%",
            numeric=True,
        ),
    )


class DifferenceTable(Table[SystemDifference]):
    """Fields that differ between two sides."""

    caption, counter, file_name = "年度の比較", "件の違い", "カルテの年度の比較"
    search = ("system__name", "system__number", "difference__label", "difference__record")
    search_label = "システム・項目・対象で絞る"
    empty_title = "違いはありません"
    empty_text = "両方の年度版があるシステムだけを比べます。"


def difference_table(
    request: HttpRequest, rows: Sequence[SystemDifference], before: Side, after: Side, *, of_all: bool
) -> DifferenceTable:
    """The differences, with the system where there are several."""

    def column(name: str, label: str, **kwargs: Any) -> Column:
        return Column(name=name, label=label, value=lambda row: getattr(row.difference, name), **kwargs)

    system = Column(
        name="system",
        label="システム",
        heading=True,
        value=lambda row: row.system.name,
        link=lambda row: system_url(row.system),
        under=lambda row: row.system.number,
        under_label="番号",
    )
    table = DifferenceTable(request, rows)
    table.columns = (  # type: ignore[misc]
        *((system,) if of_all else ()),
        column("part", "部分", wrap=False),
        column(
            "label",
            "項目",
            heading=not of_all,
            under=lambda row: row.difference.record,
            under_label="対象",
        ),
        column("before", before.label),
        column("after", after.label),
    )
    if not of_all:
        table.page_size = 100  # type: ignore[misc]
    return table


def edition_list(request: HttpRequest, system_id: int) -> HttpResponse:
    """The editions of a system, newest first."""
    system = access_system(signed_in(request), system_id)
    context = page_context(request, system, "edition-list")
    editions = Edition.objects.filter(system=system).order_by("-fiscal_year", "-number")
    context |= {"table": EditionTable(request, editions), "any": editions.exists()}
    return render(request, "karte/edition_list.html", context)


def edition_detail(request: HttpRequest, karte_edition_id: int) -> HttpResponse:
    """One edition as it was confirmed, and whether it still says what it said."""
    edition = access_edition(signed_in(request), karte_edition_id)
    content = edition.content
    records = {
        part: [
            (key, [Fact(cell["label"], cell["text"]) for cell in record.values()])
            for key, record in content[part].items()
        ]
        for part in content["parts"]
        if part not in ("register", "karte")
    }
    context = page_context(request, edition.system, "edition-list") | {
        "edition": edition,
        "name": f"{FiscalYear(edition.fiscal_year)}版",
        "whole": digest_of(edition, edition.previous.digest if edition.previous else "") == edition.digest,
        "register": [Fact(cell["label"], cell["text"]) for cell in content["register"].values()],
        "facts": [Fact(cell["label"], cell["text"]) for cell in content["karte"].values()],
        "parts": [(PARTS[part], rows) for part, rows in records.items() if rows],
    }
    return render(request, "karte/edition_detail.html", context)


def _chosen(request: HttpRequest, sides: Sequence[Side], year: FiscalYear) -> tuple[Side, Side]:
    before, after = default_sides(sides, year)
    return Side.parse(request.GET.get("from", ""), before), Side.parse(request.GET.get("to", ""), after)


def _by_part(
    request: HttpRequest, rows: Sequence[SystemDifference], before: Side, after: Side
) -> tuple[list[SystemDifference], list[Tab]]:
    """The differences of the part that was asked for, and the ways to every part that has any."""
    counts = Counter(row.difference.part for row in rows)
    part = request.GET.get("part", "")
    part = part if part in counts else ""
    titles = ["", *(title for title in PARTS.values() if counts[title])]
    views = [
        Tab(
            title or "すべて",
            "?" + urlencode({"from": before.key, "to": after.key} | ({"part": title} if title else {})),
            title == part,
            counts[title] if title else len(rows),
        )
        for title in titles
    ]
    return [row for row in rows if not part or row.difference.part == part], views


def edition_compare(request: HttpRequest, system_id: int) -> HttpResponse:
    """Field by field what differs between two years of one system."""
    system = access_system(signed_in(request), system_id)
    context = page_context(request, system, "edition-list")
    sides = sides_of(system)
    before, after = _chosen(request, sides, context["year"])
    rows, views = _by_part(request, list(compare([system], before, after, context["year"])), before, after)
    context |= {"sides_form": SidesForm(sides, before, after), "views": views}
    table = difference_table(request, rows, before, after, of_all=False)
    return table.respond("karte/edition_compare.html", context)


def difference_list(request: HttpRequest) -> HttpResponse:
    """Field by field what differs between two years, over all systems."""
    user, year = signed_in(request), year_of(request)
    systems = systems_for(user).in_use_on(reference_day(year)).select_related("owner__parent__parent__parent")
    sides = all_sides()
    before, after = _chosen(request, sides, year)
    found = list(compare(list(systems.order_by("number")), before, after, year))
    rows, views = _by_part(request, found, before, after)
    context = {
        "year": year,
        "tabs": tabs("difference-list"),
        "sides_form": SidesForm(sides, before, after),
        "views": views,
        "facts": [
            KeyFact("違いのあるシステム", number_text(len({row.system.pk for row in found})), "システム"),
            KeyFact("違い", number_text(len(found)), "件"),
        ],
    }
    return difference_table(request, rows, before, after, of_all=True).respond(
        "karte/difference_list.html", context
    )
