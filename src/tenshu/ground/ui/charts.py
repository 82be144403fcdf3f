"""Charts of the house, made on the server: a figure with caption, key, picture, finding and the data beside it.

Each function answers one kind of question. Money is given in whole yen and drawn in 百万円.
"""

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenshu.ground.ui.amounts import million_yen, number_text
from tenshu.ground.ui.parts import Segment
from tenshu.ground.ui.pictures import FONT, paper_svg, role, themed_svg

WIDTH = 300
"""Width of the marks of an upright chart: with its labels it fits a phone, text at 14 px or more."""
_TEXT = 14


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A line of the key: ``kind`` is a swatch (done, soft, c2, band, plan, request …)."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready for ``{% chart figure %}``.

    ``title`` and ``note`` (measure, unit, period) are the caption; ``finding`` is the sentence that readers hear;
    ``headers`` and ``rows`` are the data shown by 「表で見る」.
    """

    title: str
    note: str
    finding: str
    spec: Mapping[str, Any]
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    key: Sequence[KeyEntry] = ()
    stretch: bool = False
    left: Sequence[str] = ()
    below: Sequence[str] = ()
    heat: Sequence[str] = ()
    segments: Sequence[Segment] = field(default_factory=tuple)

    @property
    def svg(self) -> str:
        """The picture for a page."""
        return themed_svg(self.spec, label=self.finding, stretch=self.stretch)

    @property
    def paper(self) -> str:
        """The picture for a document (a complete SVG in light colours)."""
        return paper_svg(self.spec)


def columns_over_years(
    title: str, values: Sequence[tuple[str, float | None]], *, unit: str, note: str = "", finding: str = ""
) -> Chart:
    """A number over years: one column a year, this year (the last one) dark, the value on each.

    ``values`` are (short name of the year, value); None means that nothing was recorded.
    """
    rows = [
        {
            "year": year,
            "value": value or 0,
            "label": "なし" if value is None else number_text(value),
            "tone": "now" if index == len(values) - 1 else "earlier",
        }
        for index, (year, value) in enumerate(values)
    ]
    alt = _altair()
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
        _spec(alt.layer(columns, labels), height=150),
        ["年度", unit],
        [[year, "なし" if value is None else number_text(value)] for year, value in values],
    )


@dataclass(frozen=True, slots=True)
class MoneyYear:
    """Money of one year in whole yen: settled parts by name, budget, request; None where there is none yet."""

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
    alt = _altair()
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
        _spec(alt.layer(*layers), height=150),
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


def parts_of_whole(
    title: str, segments: Sequence[Segment], *, unit: str, note: str = "", finding: str = ""
) -> Chart:
    """One stacked bar in a fixed order with its key. Drawn as a progress bar, not by the chart engine."""
    total = sum(segment.count for segment in segments)
    return Chart(
        title,
        note or f"{number_text(total)}{unit}の内訳",
        finding
        or f"{title}。" + "、".join(f"{part.label} {number_text(part.count)}{unit}" for part in segments),
        {},
        ["区分", unit, "割合（%）"],
        [
            [part.label, number_text(part.count), number_text(100 * part.count / total, 1) if total else "0"]
            for part in segments
        ],
        segments=tuple(segments),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure at a time with the normal band round it; None where nothing was observed."""

    at: datetime.datetime
    value: float | None
    low: float | None = None
    high: float | None = None


def line_over_band(
    title: str,
    readings: Sequence[Reading],
    *,
    unit: str,
    note: str = "",
    finding: str = "",
    broken_at: datetime.datetime | None = None,
    time_text: Callable[[datetime.datetime], str] = lambda at: f"{at.hour}:{at.minute:02d}",
) -> Chart:
    """A measure against what is normal: a line over the band, a dashed line where it broke. Fills the width."""
    alt = _altair()
    start = readings[0].at
    rows = [
        {"t": (r.at - start).total_seconds(), "value": r.value, "low": r.low, "high": r.high}
        for r in readings
    ]
    end = max(rows[-1]["t"] or 0, 1)
    top = max([v for row in rows for v in (row["value"], row["high"]) if v is not None], default=1) or 1
    ticks = _ticks(top)
    x = alt.X("t:Q", axis=None, scale=alt.Scale(domain=[0, end], nice=False))
    scale = alt.Scale(domain=[0, ticks[-1]], nice=False)
    grid = (
        alt.Chart(alt.Data(values=[{"y": tick} for tick in ticks]))
        .mark_rule(stroke=role("grid"), strokeWidth=1)
        .encode(y=alt.Y("y:Q", axis=None, scale=scale))
    )
    chart = alt.Chart(alt.Data(values=rows))
    band = chart.mark_area(color=role("band"), opacity=1).encode(
        x=x, y=alt.Y("low:Q", axis=None, scale=scale), y2="high:Q"
    )
    line = chart.mark_line(color=role("c1"), strokeWidth=2, strokeJoin="round").encode(
        x=x, y=alt.Y("value:Q", axis=None, scale=scale)
    )
    layers = [grid, *([band] if any(r.low is not None for r in readings) else []), line]
    key = [KeyEntry("done", title)]
    if any(r.low is not None for r in readings):
        key.append(KeyEntry("band", "いつもの幅"))
    if broken_at is not None:
        rule = alt.Chart(alt.Data(values=[{"t": (broken_at - start).total_seconds()}]))
        layers.append(rule.mark_rule(stroke=role("mark"), strokeWidth=2, strokeDash=[3, 3]).encode(x=x))
        key.append(KeyEntry("mark", f"外れ始め {time_text(broken_at)}"))
    marks = [readings[round(share * (len(readings) - 1))].at for share in (0, 0.25, 0.5, 0.75, 1)]
    return Chart(
        title,
        note or unit,
        finding or f"{title}。最大 {number_text(top)}{unit}",
        _spec(alt.layer(*layers), width=600, height=170, bare=True),
        ["時刻", unit, "いつもの下", "いつもの上"],
        [[time_text(r.at), *(_reading_text(v) for v in (r.value, r.low, r.high))] for r in readings],
        key,
        stretch=True,
        left=[number_text(tick) for tick in reversed(ticks)],
        below=[time_text(at) for at in marks],
    )


def heat_map(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    unit: str,
    note: str = "",
    finding: str = "",
    alarms: Sequence[tuple[int, int]] = (),
    below: Sequence[str] = ("0時", "6時", "12時", "18時", "24時"),
) -> Chart:
    """When in the week: one hue in six steps, a stroke for alarms, a dashed cell where nothing was observed.

    ``values[row][column]``; ``alarms`` are (row, column). Fills the width.
    """
    alt = _altair()
    known = sorted(v for line in values for v in line if v is not None)
    low, high = (known[0], known[-1]) if known else (0.0, 1.0)
    cells = [
        {"x": c, "x2": c + 1, "y": r, "y2": r + 1, "step": _heat_step(value, low, high)}
        for r, line in enumerate(values)
        for c, value in enumerate(line)
    ]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, len(columns)], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[len(rows), 0], nice=False))
    steps = [f"heat-{step}" for step in range(6)]
    filled = (
        alt.Chart(alt.Data(values=[cell for cell in cells if cell["step"]]))
        .mark_rect(xOffset=0.75, x2Offset=-0.75, yOffset=0.75, y2Offset=-0.75)
        .encode(
            x=x, x2="x2:Q", y=y, y2="y2:Q",
            color=alt.Color("step:N", legend=None, scale=alt.Scale(domain=steps, range=[role(s) for s in steps])),
        )
    )  # fmt: skip
    layers = [filled]
    empty = [cell for cell in cells if not cell["step"]]
    if empty:
        outline = alt.Chart(alt.Data(values=empty)).mark_rect(
            filled=False, stroke=role("axis"), strokeDash=[2, 2], strokeWidth=1,
            xOffset=1.5, x2Offset=-1.5, yOffset=1.5, y2Offset=-1.5,
        )  # fmt: skip
        layers.append(outline.encode(x=x, x2="x2:Q", y=y, y2="y2:Q"))
    if alarms:
        marks = [{"x": c + 0.5, "y": r + 0.3, "y2": r + 0.7} for r, c in alarms]
        stroke = alt.Chart(alt.Data(values=marks)).mark_rule(stroke=role("c2"), strokeWidth=3)
        layers.append(stroke.encode(x=x, y=y, y2="y2:Q"))
    return Chart(
        title,
        note or unit,
        finding or f"{title}。最小 {number_text(low)}{unit}、最大 {number_text(high)}{unit}",
        _spec(alt.layer(*layers), width=600, height=26 * len(rows), bare=True),
        ["", *columns],
        [
            [name, *("観測なし" if v is None else number_text(v) for v in line)]
            for name, line in zip(rows, values, strict=True)
        ],
        stretch=True,
        left=list(rows),
        below=list(below),
        heat=(f"{number_text(low)}{unit}", f"{number_text(high)}{unit}"),
    )


def _altair() -> Any:
    # Imported on first use: it costs most of a second, and most pages have no chart.
    import altair

    return altair


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


def _spec(chart: Any, *, height: int, width: int = WIDTH, bare: bool = False) -> dict[str, Any]:
    shaped = chart.properties(
        width=width, height=height, padding=0 if bare else {"left": 2, "right": 2, "top": 4, "bottom": 2}
    ).configure(aria=False, font=FONT, background="transparent")
    spec: dict[str, Any] = shaped.configure_view(stroke=None).to_dict()
    return spec


def _heat_step(value: float | None, low: float, high: float) -> str:
    if value is None:
        return ""
    return f"heat-{min(5, int(6 * (value - low) / (high - low)))}" if high > low else "heat-0"


def _ticks(top: float) -> list[float]:
    """0 to at least ``top`` in three to five even steps of 1, 2 or 5 times a power of ten."""
    power: float = 10 ** math.floor(math.log10(top / 4 or 1))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * 4 >= top)
    count = math.ceil(top / step)
    plain = [step * index for index in range(count + 1)]
    return [int(tick) if float(tick).is_integer() else tick for tick in plain]


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


def _reading_text(value: float | None) -> str:
    return "なし" if value is None else number_text(value)


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
