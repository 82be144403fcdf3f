"""The report as JSON."""

import json

from tenshu.mechanisms.reporting.content import ReportDocument


def render_json(document: ReportDocument) -> bytes:
    """UTF-8 JSON of the whole document; the figures carry key, value, qualifier, unit and row count."""
    return (json.dumps(document.as_json(), ensure_ascii=False, indent=2) + "\n").encode()
