"""A comparison written to a file whose ending tells the form."""

import json
from collections.abc import Callable
from pathlib import Path

from .comparison import Comparison
from .model import RegulationError
from .render_docx import docx_bytes
from .render_html import html_page
from .render_pdf import pdf_bytes
from .render_xlsx import xlsx_bytes

_FORMS: dict[str, Callable[[Comparison], bytes]] = {
    ".docx": lambda c: docx_bytes(c.table),
    ".xlsx": lambda c: xlsx_bytes(c.table),
    ".html": lambda c: html_page(c.table).encode(),
    ".pdf": lambda c: pdf_bytes(c.table),
    ".json": lambda c: json.dumps(c.to_dict(), ensure_ascii=False, indent=1).encode(),
    ".txt": lambda c: ("\n".join(a.text() for a in c.amendments) + "\n").encode(),
}


def rendered(comparison: Comparison, ending: str) -> bytes:
    """The file of one form: .docx .xlsx .html .pdf .json, or .txt for the amending sentences."""
    if ending not in _FORMS:
        raise RegulationError(
            f"書き出せない種類です（{ending or '拡張子なし'}）。{'、'.join(_FORMS)}のいずれかにしてください。"
        )
    return _FORMS[ending](comparison)


def write_file(comparison: Comparison, path: Path) -> None:
    """Write one file, wholly or not at all."""
    data = rendered(comparison, path.suffix.lower())
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        raise RegulationError(f"{path.name}: 書き込めません（{error.strerror}）。") from error
