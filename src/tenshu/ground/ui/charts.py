"""Charts of the house, made on the server, one function a kind of question (docs/dev/ui.md).

Each gives a ``Chart`` for ``{% chart figure %}``. Money is given in whole yen and drawn in 百万円.
"""

from collections.abc import Sequence

from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.chart import Chart, KeyEntry
from tenshu.ground.ui.parts import Segment
from tenshu.ground.ui.time_charts import Reading, heat_map, line_over_band
from tenshu.ground.ui.year_charts import MoneyYear, columns_over_years, money_over_years

__all__ = [
    "Chart",
    "KeyEntry",
    "MoneyYear",
    "Reading",
    "columns_over_years",
    "heat_map",
    "line_over_band",
    "money_over_years",
    "parts_of_whole",
]


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
