"""``{% report_chart block %}``: a chart of the report as inline SVG."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from tenshu.annual.rendering.charts import chart_svg
from tenshu.mechanisms.reporting.content import ReportChart

register = template.Library()


@register.simple_tag
def report_chart(block: ReportChart) -> SafeString:
    """The chart's SVG, made by our own chart code from plain values."""
    return mark_safe(chart_svg(block))  # noqa: S308
