"""The report as PDF/UA-1 by Typst, with the packaged Japanese font embedded."""

import json
import tempfile
from pathlib import Path

import typst

from tenshu.annual.rendering.charts import chart_svg
from tenshu.annual.rendering.typesetting import font_folders
from tenshu.mechanisms.reporting.content import ReportChart, ReportDocument

TEMPLATE = Path(__file__).parent / "report.typ"


def render_pdf(document: ReportDocument) -> bytes:
    """PDF/UA-1 bytes. Typst refuses a figure without a text alternative, so the document stays accessible."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "report.typ").write_bytes(TEMPLATE.read_bytes())
        data = document.as_json()
        for part in data["parts"]:
            for section in part["sections"]:
                for block in section["blocks"]:
                    if block["kind"] == "chart":
                        block["file"] = _write_chart(block, root)
        (root / "document.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        pdf: bytes = typst.compile(
            str(root / "report.typ"),
            root=str(root),
            font_paths=[str(path) for path in font_folders()],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
        return pdf


def _write_chart(block: dict[str, object], root: Path) -> str:
    chart = ReportChart(**block)  # type: ignore[arg-type]
    name = f"chart{len(list(root.glob('chart*.svg')))}.svg"
    (root / name).write_text(chart_svg(chart), encoding="utf-8")
    return name
