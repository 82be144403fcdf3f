"""The report's charts: columns over years, this year dark, earlier years soft, the value on each."""

import functools

import altair as alt
import vl_convert as vlc

from tenshu.annual.rendering.typesetting import font_folders
from tenshu.mechanisms.reporting.content import ReportChart

THIS_YEAR, EARLIER = "#0017c1", "#9db7f9"


def chart_svg(chart: ReportChart) -> str:
    """The chart as SVG with real text."""
    _register_fonts()
    svg: str = vlc.vegalite_to_svg(_specification(chart))
    return svg


def chart_png(chart: ReportChart) -> bytes:
    """The chart as PNG, at twice the size it is shown."""
    _register_fonts()
    png: bytes = vlc.vegalite_to_png(_specification(chart), scale=2)
    return png


@functools.cache
def _register_fonts() -> None:
    for folder in font_folders():
        vlc.register_font_directory(str(folder))


def _specification(chart: ReportChart) -> str:
    rows = [
        {"year": label, "value": value, "now": index == len(chart.labels) - 1}
        for index, (label, value) in enumerate(zip(chart.labels, chart.values, strict=True))
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("year:N", sort=chart.labels, title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("value:Q", title=chart.unit, axis=alt.Axis(tickCount=4)),
    )
    columns = base.mark_bar(size=36).encode(
        color=alt.condition("datum.now", alt.value(THIS_YEAR), alt.value(EARLIER))
    )
    numbers = base.mark_text(dy=-8, fontSize=14).encode(text=alt.Text("value:Q", format=","))
    drawing: alt.LayerChart = (
        alt.layer(columns, numbers)
        .properties(width=420, height=180)
        .configure(font="Noto Sans CJK JP")
        .configure_axis(labelFontSize=14, titleFontSize=14, grid=True, gridColor="#e6e6e6", domainColor="#767676")
        .configure_view(stroke=None)
    )
    text: str = drawing.to_json()
    return text
