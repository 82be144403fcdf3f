"""The report's charts: ``report_chart`` inside the saved file, ``trend_chart`` on the page."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from tenshu.annual.rendering.charts import chart_svg
from tenshu.mechanisms.reporting.content import ReportChart

register = template.Library()


@register.simple_tag
def report_chart(block: ReportChart) -> SafeString:
    """The chart's SVG with its colours inside, made by our own chart code from plain values."""
    return mark_safe(chart_svg(block))  # noqa: S308


@register.simple_tag
def trend_chart(block: ReportChart) -> SafeString:
    """The chart in the page's theme, with its data as a table beside it."""
    from tenshu.ground.ui.charts import year_columns

    return year_columns(
        title=block.caption,
        unit=block.unit,
        labels=block.labels,
        values=block.values,
        summary=block.summary,
    )
