"""Pictures of one system: money over years, the calendar of ends, and the data that flows in and out."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tenshu.dx.karte.models import Contract, Dependency, Karte
from tenshu.dx.karte.models.choices import CostSection, Stage
from tenshu.dx.karte.money import YearMoney
from tenshu.dx.karte.queries import Ending
from tenshu.ground.systems.models import System
from tenshu.ground.ui.charts import Chart, MoneyYear, money_over_years
from tenshu.ground.ui.dates import day_text
from tenshu.ground.ui.gantt import Bar, Gantt, Milestone, Row

YEARS_SHOWN = 6


def money_chart(money: Sequence[YearMoney]) -> Chart | None:
    """Settlement, budget and request of the last years; ``None`` before the first amount."""
    shown = [year for year in money if year.stages][-YEARS_SHOWN:]
    if not shown:
        return None
    return money_over_years(
        "年度ごとの費用",
        [
            MoneyYear(
                str(year.year),
                {
                    str(section.label): amount
                    for section in reversed(CostSection)
                    if (amount := year.in_section(Stage.SETTLED, section)) is not None
                },
                budget=year.budget,
                requested=year.stages.get(Stage.REQUESTED),
            )
            for year in shown
        ],
    )


def calendar(
    karte: Karte, contracts: Sequence[Contract], endings: Sequence[Ending], today: datetime.date
) -> Gantt | None:
    """Contracts as bars; ends of support and the planned renewal as milestones; ``None`` when there is nothing."""
    rows = [
        Row(
            contract.name,
            [Bar(contract.get_kind_display(), contract.starts_on, contract.ends_on, "soft")],
            [Milestone(f"申出 {day_text(contract.notice_on, 'short')}", contract.notice_on)]
            if contract.notice_on
            else [],
        )
        for contract in sorted(contracts, key=lambda contract: contract.ends_on)
    ]
    rows += [
        Row(
            f"{ending.kind}のサポート終了",
            [],
            [Milestone(day_text(ending.ends_on, "short"), ending.ends_on)],
            under=ending.name,
        )
        for ending in endings
    ]
    if karte.renewal_on:
        rows.append(Row("更改の予定", [], [Milestone(day_text(karte.renewal_on, "short"), karte.renewal_on)]))
    if not rows:
        return None
    return Gantt(title="契約・サポート・更改の時期", rows=rows, today=today, key=[("soft", "契約")])


_WIDTH, _BOX, _HEIGHT, _GAP, _LETTERS = 340, 162, 46, 16, 11


@dataclass(frozen=True, slots=True)
class Flow:
    """The picture of data that flows to and from a system, and the sentence that says what it shows."""

    svg: SafeString
    finding: str


@dataclass(frozen=True, slots=True)
class _Neighbour:
    name: str
    said: str


def flow_picture(system: System, flows: Sequence[Dependency]) -> Flow | None:
    """Givers above, the system in the middle, takers below: a layered drawing of fixed width that fits a phone."""
    if not flows:
        return None
    givers = [_neighbour(flow, flow.giver) for flow in flows if flow.target_id == system.pk]
    takers = [_neighbour(flow, flow.taker) for flow in flows if flow.source_id == system.pk]
    step = _HEIGHT + 2 * _GAP
    above = -(-len(givers) // 2)
    middle = above * step
    below = -(-len(takers) // 2)
    height = middle + _HEIGHT + below * step + 2
    finding = f"{system.name}が受け取るデータは{len(givers)}件、渡すデータは{len(takers)}件。"
    parts = [
        *_layer(givers, [row * step for row in range(above)], middle, into=True),
        *_layer(takers, [middle + (row + 1) * step for row in range(below)], middle + _HEIGHT, into=False),
        _box((_WIDTH - 200) / 2, middle + 1, 200, _Neighbour(system.name, ""), strong=True),
    ]
    svg = format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" fill="none" stroke="currentColor">'
        '<defs><marker id="flow-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0 8 4 0 8z" fill="currentColor" stroke="none"/></marker></defs>{}</svg>',
        _WIDTH,
        height,
        finding,
        format_html_join("", "{}", ((part,) for part in parts)),
    )
    return Flow(svg, finding)


def _neighbour(flow: Dependency, name: str) -> _Neighbour:
    cycle = f"・{flow.get_cycle_display()}" if flow.cycle else ""
    return _Neighbour(name, f"{flow.data}{cycle}")


def _layer(
    neighbours: Sequence[_Neighbour], tops: Sequence[int], edge: int, *, into: bool
) -> list[SafeString]:
    """Boxes two in a row, each with its line to or from the system, whose edge lies at ``edge``."""
    parts = []
    for top, pair in zip(tops, batched(neighbours, 2, strict=False), strict=True):
        for place, neighbour in enumerate(pair):
            left = (_WIDTH - _BOX) / 2 if len(pair) == 1 else place * (_WIDTH - _BOX)
            parts.append(_line(left, top, edge, into=into))
            parts.append(_box(left, top + 1, _BOX, neighbour))
    return parts


def _line(left: float, top: int, edge: int, *, into: bool) -> SafeString:
    # Lines run down the middle gap between two boxes, so that they cross no box of another row.
    outer = left + _BOX / 2
    centre = _WIDTH / 2
    if into:
        path = f"M{outer} {top + _HEIGHT + 1}V{top + _HEIGHT + _GAP}H{centre}V{edge}"
    else:
        path = f"M{centre} {edge}V{top - _GAP}H{outer}V{top}"
    return format_html('<path d="{}" marker-end="url(#flow-arrow)" opacity="0.7"/>', path)


def _box(left: float, top: float, width: float, said: _Neighbour, *, strong: bool = False) -> SafeString:
    centre = left + width / 2
    lines = [_short(said.name), _short(said.said)] if said.said else [_short(said.name, _LETTERS + 2)]
    first = top + _HEIGHT / 2 + (5 if len(lines) == 1 else -4)
    texts = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" fill="currentColor" stroke="none"{}>{}</text>',
        (
            (centre, first + 18 * place, SafeString(' class="bold"') if strong else "", line)
            for place, line in enumerate(lines)
        ),
    )
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="4" stroke-width="{}"/>{}',
        left + 1,
        top,
        width - 2,
        _HEIGHT - 2,
        2 if strong else 1,
        texts,
    )


def _short(text: str, letters: int = _LETTERS) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"
