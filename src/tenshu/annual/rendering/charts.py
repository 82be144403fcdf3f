"""The report's charts, drawn by the house's own charts on paper colours."""

import vl_convert as vlc

from tenshu.ground.ui.charts import Chart, columns_over_years
from tenshu.mechanisms.reporting.content import ReportChart


def trend(block: ReportChart) -> Chart:
    """Columns over years, this year dark."""
    values = list(zip(block.labels, block.values, strict=True))
    return columns_over_years(block.caption, values, unit=block.unit, finding=block.summary)


def chart_svg(block: ReportChart) -> str:
    """The chart as a complete SVG with real text."""
    return trend(block).paper


def chart_png(block: ReportChart) -> bytes:
    """The chart as PNG, at twice the size it is shown."""
    png: bytes = vlc.svg_to_png(chart_svg(block), scale=2)
    return png
