"""The report's charts: ``report_chart`` inside the saved file, ``trend_of`` for the page."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from tenshu.annual.rendering.charts import chart_svg, trend
from tenshu.ground.ui.charts import Chart
from tenshu.mechanisms.reporting.content import ReportChart

register = template.Library()


@register.simple_tag
def report_chart(block: ReportChart) -> SafeString:
    """The chart's SVG with its colours inside, made by our own chart code from plain values."""
    return mark_safe(chart_svg(block))  # noqa: S308


@register.filter
def trend_of(block: ReportChart) -> Chart:
    """The chart for ``{% chart %}``: in the page's theme, with its data as a table beside it."""
    return trend(block)
