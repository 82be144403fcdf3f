"""Charts that fill the width: a measure against its normal band, and a heat map of the week."""

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.chart import Chart, KeyEntry, altair_module, specification
from tenshu.ground.ui.pictures import role


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
    """A measure against what is normal: a line over the band, a dashed line where it broke.

    Fills the width. The times must be in order.
    """
    alt = altair_module()
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
        specification(alt.layer(*layers), width=600, height=170, bare=True),
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
    alt = altair_module()
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
    hues = alt.Scale(domain=steps, range=list(map(role, steps)))
    filled = (
        alt.Chart(alt.Data(values=[cell for cell in cells if cell["step"]]))
        .mark_rect(xOffset=0.75, x2Offset=-0.75, yOffset=0.75, y2Offset=-0.75)
        .encode(
            x=x, x2="x2:Q", y=y, y2="y2:Q",
            color=alt.Color("step:N", legend=None, scale=hues),
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
        specification(alt.layer(*layers), width=600, height=26 * len(rows), bare=True),
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


def _reading_text(value: float | None) -> str:
    return "なし" if value is None else number_text(value)
