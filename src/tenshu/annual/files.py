"""Writes the report as files, each complete or not there at all."""

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tenshu.annual.queries import report_of
from tenshu.annual.rendering.as_docx import render_docx
from tenshu.annual.rendering.as_html import render_html
from tenshu.annual.rendering.as_json import render_json
from tenshu.annual.rendering.as_pdf import render_pdf
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.reporting.content import ReportDocument

RENDERERS: dict[str, Callable[[ReportDocument], bytes]] = {
    "html": render_html,
    "docx": render_docx,
    "pdf": render_pdf,
    "json": render_json,
}
CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
}


def file_name(year: FiscalYear, form: str) -> str:
    """The name under which the report is saved: 年次報告_R5.pdf."""
    return f"年次報告_{year.short}.{form}"


def write_report(year: FiscalYear, folder: Path, forms: Iterable[str]) -> list[Path]:
    """Write the report of ``year`` in the given forms (html, docx, pdf, json) and return the paths.

    All forms are made from one reading of the records, and moved into place when every one is ready.
    """
    document = report_of(year)
    contents = {form: RENDERERS[form](document) for form in dict.fromkeys(forms)}
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for form, content in contents.items():
        paths.append(_replace(folder / file_name(year, form), content))
    return paths


def _replace(path: Path, content: bytes) -> Path:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path
