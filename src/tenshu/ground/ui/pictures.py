"""From a chart specification to SVG: drawn by vl-convert with the packaged font, coloured by classes.

Charts are specified in **role colours** (``ROLES``), colours that stand for a class. In the page they become
classes, so that dark mode, print, forced colours and the content security policy work; for documents they
become the light values.
"""

import functools
import hashlib
import importlib
import json
import re
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from lxml import etree

FONT = "Noto Sans CJK JP"
#: Role → (the colour that stands for it in a specification, its value on white paper).
ROLES: dict[str, tuple[str, str]] = {
    "c1": ("#010101", "#0017c1"),
    "c2": ("#010102", "#fb5b01"),
    "c3": ("#010103", "#008da6"),
    "c4": ("#010104", "#620000"),
    "c5": ("#010105", "#a565f8"),
    "rest": ("#010106", "#767676"),
    "soft": ("#010107", "#9db7f9"),
    "band": ("#010108", "#c5d7fb"),
    "text": ("#010109", "#1a1a1a"),
    "label": ("#01010a", "#4d4d4d"),
    "grid": ("#01010b", "#e6e6e6"),
    "axis": ("#01010c", "#767676"),
    "mark": ("#01010d", "#ce0000"),
    "heat-0": ("#010110", "#f2f2f2"),
    "heat-1": ("#010111", "#d9e6ff"),
    "heat-2": ("#010112", "#9db7f9"),
    "heat-3": ("#010113", "#4979f5"),
    "heat-4": ("#010114", "#0031d8"),
    "heat-5": ("#010115", "#000071"),
}
_ROLE_OF = {stand_in: role for role, (stand_in, _) in ROLES.items()}
_KEPT = re.compile(
    r"(?:d|x|y|x1|x2|y1|y2|width|height|cx|cy|r|rx|ry|points|transform|viewBox|text-anchor|opacity|fill-opacity|"
    r"stroke-width|stroke-dasharray|stroke-linejoin|stroke-linecap)"
)
_IDLE = {("transform", "translate(0,0)"), ("opacity", "1"), ("stroke-width", "1")}
_MOST_FILES = 2000
_drawing = threading.Lock()


def role(name: str) -> str:
    """The colour that stands for a role in a specification."""
    return ROLES[name][0]


def themed_svg(spec: Mapping[str, Any], *, label: str, stretch: bool = False) -> str:
    """The picture for a page: no colours, no ids, no styles; ``label`` tells its finding to readers.

    ``stretch`` lets the marks fill the width of their place (labels must stand beside it in HTML).
    """
    root = etree.fromstring(drawn(_frozen(spec)).encode())
    clean = _cleaned(root)
    clean.set("role", "img")
    clean.set("aria-label", label)
    if stretch:
        clean.set("preserveAspectRatio", "none")
        clean.set("class", "stretch")
    else:
        clean.set("width", root.get("width", ""))
        clean.set("height", root.get("height", ""))
    return etree.tostring(clean, encoding="unicode").replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)


def paper_svg(spec: Mapping[str, Any]) -> str:
    """The picture for a document: a complete SVG in the light colours, text in the packaged font."""
    text = drawn(_frozen(spec))
    for stand_in, value in ROLES.values():
        text = text.replace(stand_in, value)
    return text


def drawn(frozen: str) -> str:
    """The raw SVG of a specification, kept by its content in memory and under ``TENSHU_HOME/cache``."""
    path = _cache_folder() / f"{hashlib.sha256(frozen.encode()).hexdigest()}.svg"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        pass
    svg = _draw(frozen)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as handle:
        handle.write(svg)
    Path(handle.name).replace(path)
    _prune(path.parent)
    return svg


def _draw(frozen: str) -> str:
    vl_convert = _engine()
    # The engine inside is one JavaScript runtime; it takes one picture at a time.
    with _drawing:
        return str(vl_convert.vegalite_to_svg(frozen, allowed_base_urls=[]))


@functools.cache
def _engine() -> Any:
    """vl-convert with the packaged fonts: the same picture on every machine, nothing fetched."""
    vl_convert = importlib.import_module("vl_convert")
    for module in ("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold"):
        folder = Path(str(importlib.import_module(module).__file__)).parent
        vl_convert.register_font_directory(str(folder))
    return vl_convert


def _cache_folder() -> Path:
    return Path(settings.TENSHU_HOME) / "cache" / "charts"


def _prune(folder: Path) -> None:
    files = list(folder.glob("*.svg"))
    if len(files) > _MOST_FILES:
        for path in sorted(files, key=lambda path: path.stat().st_mtime)[: _MOST_FILES // 2]:
            path.unlink(missing_ok=True)


def _frozen(spec: Mapping[str, Any]) -> str:
    return json.dumps(spec, sort_keys=True, ensure_ascii=False)


def _cleaned(element: Any) -> Any:
    """The element with geometry only; colours become classes, everything else falls away."""
    name = etree.QName(element).localname
    clean = etree.Element(name)
    for key, value in element.attrib.items():
        if _KEPT.fullmatch(key) and (key, value) not in _IDLE:
            clean.set(key, value)
    classes = [
        f"{kind}-{_ROLE_OF[element.get(kind, '').lower()]}"
        for kind in ("fill", "stroke")
        if element.get(kind, "").lower() in _ROLE_OF
    ]
    if name in {"path", "line", "rect"} and not any(text.startswith("fill") for text in classes):
        clean.set("fill", "none")
    if element.get("font-weight") == "bold":
        classes.append("bold")
    if classes:
        clean.set("class", " ".join(classes))
    clean.text = element.text
    for child in element:
        if isinstance(child.tag, str) and not _is_empty_ground(child):
            inner = _cleaned(child)
            # Groups that neither move nor colour anything are Vega's own order; the page does not need them.
            if inner.tag == "g" and not inner.attrib:
                clean.extend(list(inner))
            else:
                clean.append(inner)
    return clean


def _is_empty_ground(element: Any) -> bool:
    """Whether it is one of the invisible grounds that Vega puts behind every group, or a definition."""
    name = etree.QName(element).localname
    if name == "defs":
        return True
    return name in {"path", "rect"} and not any(
        element.get(kind, "").lower() in _ROLE_OF for kind in ("fill", "stroke")
    )
