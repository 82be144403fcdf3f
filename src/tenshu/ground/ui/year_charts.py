"""Charts over fiscal years: a number as columns, money as settlement, budget and request."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenshu.ground.ui.amounts import million_yen, number_text
from tenshu.ground.ui.chart import WIDTH, Chart, KeyEntry, altair_module, specification
from tenshu.ground.ui.pictures import role

_TEXT = 14


def columns_over_years(
    title: str, values: Sequence[tuple[str, float | None]], *, unit: str, note: str = "", finding: str = ""
) -> Chart:
    """A number over years: one column a year, this year (the last one) dark, the value on each.

    ``values`` are (short name of the year, value); None means that nothing was recorded.
    """
    return _columns(title, tuple(values), unit, note, finding)


@functools.lru_cache(maxsize=256)
def _columns(
    title: str, values: tuple[tuple[str, float | None], ...], unit: str, note: str, finding: str
) -> Chart:
    """Kept for the process: to specify a chart costs more than the rest of a page around it."""
    rows = [
        {
            "year": year,
            "value": value or 0,
            "label": "なし" if value is None else number_text(value),
            "tone": "now" if index == len(values) - 1 else "earlier",
        }
        for index, (year, value) in enumerate(values)
    ]
    alt = altair_module()
    base = alt.Chart(alt.Data(values=rows)).encode(x=_years_axis(alt))
    height = alt.Y("value:Q", axis=_value_axis(alt), scale=alt.Scale(domainMin=0, nice=True))
    columns = base.mark_bar(
        size=_column_size(len(rows)), cornerRadiusTopLeft=2, cornerRadiusTopRight=2
    ).encode(
        y=height,
        color=alt.Color(
            "tone:N",
            legend=None,
            scale=alt.Scale(domain=["earlier", "now"], range=[role("soft"), role("c1")]),
        ),
    )
    labels = _value_labels(alt, base, "value:Q", "label:N")
    return Chart(
        title,
        note or unit,
        finding or _trend_sentence(title, values, unit),
        specification(alt.layer(columns, labels), height=150),
        ["年度", unit],
        [[year, "なし" if value is None else number_text(value)] for year, value in values],
    )


@dataclass(frozen=True, slots=True)
class MoneyYear:
    """Money of one year in whole yen: settled parts by name, budget, request; None where there is none."""

    year: str
    settled: Mapping[str, int] = field(default_factory=dict)
    budget: int | None = None
    requested: int | None = None

    @property
    def settled_sum(self) -> int | None:
        """The settlement, or None before it."""
        return sum(self.settled.values()) if self.settled else None


def money_over_years(title: str, years: Sequence[MoneyYear], *, note: str = "", finding: str = "") -> Chart:
    """Money by year: stacked columns are the settlement, an outline the budget, a dashed one the request."""
    parts = list(dict.fromkeys(name for year in years for name in year.settled))
    kinds = ["c1", "c3", "c5", "c2", "c4"]
    colours = {name: kinds[index] if index < len(kinds) else "rest" for index, name in enumerate(parts)}
    stacked = [
        {"year": year.year, "part": name, "order": parts.index(name), "value": float(million_yen(yen))}
        for year in years
        for name, yen in year.settled.items()
    ]
    alt = altair_module()
    size = _column_size(len(years))
    height = alt.Y("value:Q", axis=_value_axis(alt), stack="zero", scale=alt.Scale(domainMin=0, nice=True))
    x_axis = _years_axis(alt, [year.year for year in years])
    columns = (
        alt.Chart(alt.Data(values=stacked))
        .mark_bar(size=size - 4)
        .encode(
            x=x_axis,
            y=height,
            order=alt.Order("order:Q"),
            color=alt.Color(
                "part:N",
                legend=None,
                scale=alt.Scale(domain=parts, range=[role(colours[name]) for name in parts]),
            ),
        )
    )
    layers = [columns]
    for attribute, dash in (("budget", None), ("requested", [3, 3])):
        outlined = [
            {"year": year.year, "value": float(million_yen(getattr(year, attribute)))}
            for year in years
            if getattr(year, attribute) is not None
        ]
        if outlined:
            mark: dict[str, Any] = {"filled": False, "stroke": role("text"), "strokeWidth": 1.5, "size": size}
            if dash:
                mark["strokeDash"] = dash
            layers.append(
                alt.Chart(alt.Data(values=outlined))
                .mark_bar(**mark)
                .encode(x=x_axis, y=alt.Y("value:Q", stack=None))
            )
    tops = [_money_top(year) for year in years]
    base = alt.Chart(alt.Data(values=[top for top in tops if top])).encode(x=x_axis)
    layers.append(_value_labels(alt, base, "value:Q", "label:N"))
    key = [KeyEntry(colours[name], name) for name in parts]
    if any(year.budget is not None for year in years):
        key.append(KeyEntry("plan", "予算"))
    if any(year.requested is not None for year in years):
        key.append(KeyEntry("request", "要求"))
    return Chart(
        title,
        note or "百万円。棒は決算、枠は予算、点線の枠は要求",
        finding or _money_sentence(title, years),
        specification(alt.layer(*layers), height=150),
        ["年度", *(f"{name}（円）" for name in parts), "決算（円）", "予算（円）", "要求（円）"],
        [
            [
                year.year,
                *(_yen_text(year.settled.get(name)) for name in parts),
                _yen_text(year.settled_sum),
                _yen_text(year.budget),
                _yen_text(year.requested),
            ]
            for year in years
        ],
        key,
    )


def _years_axis(alt: Any, order: Sequence[str] | None = None) -> Any:
    axis = alt.Axis(
        title=None, labelAngle=0, labelColor=role("label"), labelFontSize=_TEXT, labelPadding=6, ticks=False,
        domainColor=role("axis"), domainWidth=1, labelOverlap=False,
    )  # fmt: skip
    return alt.X(
        "year:N",
        sort=list(order) if order else None,
        axis=axis,
        scale=alt.Scale(paddingInner=0.2, paddingOuter=0.2),
    )


def _value_axis(alt: Any) -> Any:
    return alt.Axis(
        title=None, tickCount=3, domain=False, ticks=False, labelColor=role("label"), labelFontSize=_TEXT,
        labelPadding=8, gridColor=role("grid"), gridWidth=1, format=",~f",
    )  # fmt: skip


def _value_labels(alt: Any, base: Any, height: str, text: str) -> Any:
    return base.mark_text(dy=-9, fontSize=_TEXT, fontWeight="bold", color=role("text")).encode(
        y=alt.Y(height, stack=None), text=alt.Text(text)
    )


def _column_size(count: int) -> int:
    return max(8, min(36, round(0.72 * WIDTH / max(count, 1))))


def _money_top(year: MoneyYear) -> dict[str, Any] | None:
    amounts = [yen for yen in (year.settled_sum, year.budget, year.requested) if yen is not None]
    if not amounts:
        return None
    shown = next(yen for yen in (year.settled_sum, year.budget, year.requested) if yen is not None)
    return {
        "year": year.year,
        "value": float(million_yen(max(amounts))),
        "label": number_text(million_yen(shown)),
    }


def _yen_text(yen: int | None) -> str:
    return "なし" if yen is None else number_text(yen)


def _trend_sentence(title: str, values: Sequence[tuple[str, float | None]], unit: str) -> str:
    known = [(year, value) for year, value in values if value is not None]
    if not known:
        return f"{title}。値はまだありません"
    (first, was), (last, now) = known[0], known[-1]
    if len(known) == 1:
        return f"{title}。{last}は{number_text(now)}{unit}"
    return f"{title}。{first}の{number_text(was)}{unit}から{last}の{number_text(now)}{unit}へ"


def _money_sentence(title: str, years: Sequence[MoneyYear]) -> str:
    parts = []
    for year in years:
        named = (("決算", year.settled_sum), ("予算", year.budget), ("要求", year.requested))
        found = next(((word, yen) for word, yen in named if yen is not None), None)
        if found:
            parts.append(f"{year.year} {found[0]} {number_text(million_yen(found[1]))}百万円")
    return f"{title}。" + ("、".join(parts) if parts else "値はまだありません")
