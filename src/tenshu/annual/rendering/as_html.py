"""The report as one self-contained HTML file."""

from django.template.loader import render_to_string

from tenshu.mechanisms.reporting.content import ReportDocument


def render_html(document: ReportDocument) -> bytes:
    """UTF-8 HTML with its style inside, readable without the product."""
    return render_to_string("annual/file.html", {"document": document}).encode()
