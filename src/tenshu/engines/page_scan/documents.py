"""Copies of a page: the bytes with what was observed around them, read from a file or a folder."""

import codecs
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from selectolax.lexbor import LexborHTMLParser

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a body that are read; what lies beyond is ignored and the reading says so."""

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", re.IGNORECASE)
_JAPANESE_NAMES = {
    "shift_jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "shift-jis": "cp932",
    "windows-31j": "cp932",
}


class PageCopyError(ValueError):
    """A page copy cannot be read; the message (Japanese) names the file and the field."""


@dataclass(frozen=True, slots=True)
class View:
    """The page as another visitor got it (a searcher, a telephone, a robot)."""

    label: str
    body: bytes
    final_url: str = ""


@dataclass(frozen=True, slots=True)
class PageCopy:
    """One observation of a page.

    ``redirects`` are the addresses passed on the way to ``final_url``; ``scripts`` and ``images`` map an
    address to
    the bytes fetched from it; header names are lower case.
    """

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    redirects: tuple[str, ...] = ()
    final_url: str = ""
    scripts: Mapping[str, bytes] = field(default_factory=dict)
    images: Mapping[str, bytes] = field(default_factory=dict)
    views: tuple[View, ...] = ()
    observed: date | None = None

    @property
    def site(self) -> str:
        """Host that the learnt set belongs to, without a leading ``www.``."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")

    @property
    def path(self) -> str:
        """Path of the page within its site."""
        return urlsplit(self.url).path or "/"

    @property
    def digest(self) -> str:
        """SHA-256 over the body and everything that was observed with it."""
        if not (self.headers or self.scripts or self.images or self.views or self.final_url):
            return body_digest(self.body)
        total = hashlib.sha256(self.body)
        total.update(repr((sorted(self.headers.items()), self.redirects, self.final_url)).encode())
        for name, data in sorted({**self.scripts, **self.images}.items()):
            total.update(name.encode() + hashlib.sha256(data).digest())
        for view in self.views:
            total.update(view.label.encode() + view.final_url.encode() + hashlib.sha256(view.body).digest())
        return total.hexdigest()


def body_digest(body: bytes) -> str:
    """SHA-256 of a body: equal means that nothing has to be read at all (the unchanged path)."""
    return hashlib.sha256(body).hexdigest()


def charset_of(body: bytes, content_type: str = "") -> str:
    """Python's name of a body's encoding: byte order mark, HTTP charset, meta charset, then UTF-8."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    match = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9_\-]+)", content_type)
    found = _META_CHARSET.search(body[:4096])
    name = match.group(1) if match else found.group(1).decode("ascii") if found else "utf-8"
    name = _JAPANESE_NAMES.get(name.lower(), name)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"


def decode_body(body: bytes, content_type: str = "") -> str:
    """Text of a page or script in the encoding it declares; never raises."""
    try:
        return body.decode(charset_of(body, content_type), "replace")
    except (LookupError, UnicodeError):
        return body.decode("utf-8", "replace")


def parse_body(body: bytes, content_type: str = "") -> tuple[LexborHTMLParser, bytes]:
    """The parsed page, and its source as lower-case bytes in which names can be searched."""
    if charset_of(body, content_type) == "utf-8":
        return LexborHTMLParser(body), body.lower()
    text = decode_body(body, content_type)
    return LexborHTMLParser(text), text.lower().encode("utf-8", "replace")


def load_copy(path: Path, *, url: str = "", observed: date | None = None) -> PageCopy:
    """Read a page copy: an HTML file, or a folder (or its ``page.json``) in the format of the documentation.

    Raises PageCopyError with the file and the field at fault.
    """
    if path.is_dir():
        path = path / "page.json"
    if path.suffix == ".json":
        return _load_described(path, observed)
    try:
        body = path.read_bytes()
    except OSError as error:
        raise PageCopyError(f"{path}: 読み込めません（{error.strerror}）") from error
    return PageCopy(url or f"https://site.invalid/{quote(path.name)}", body, observed=observed)


def _load_described(path: Path, observed: date | None) -> PageCopy:
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PageCopyError(f"{path}: 読み込めません（{error.strerror}）") from error
    except json.JSONDecodeError as error:
        raise PageCopyError(f"{path}: {error.lineno} 行 {error.colno} 列: JSON として読めません") from error
    if not isinstance(described, dict) or not isinstance(described.get("url"), str):
        raise PageCopyError(f"{path}: 項目「url」がありません")
    folder = path.parent

    def content(name: object, label: str) -> bytes:
        target = (folder / str(name)).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise PageCopyError(f"{path}: 項目「{label}」がフォルダーの外を指しています: {name}")
        try:
            return target.read_bytes()
        except OSError as error:
            raise PageCopyError(f"{path}: 項目「{label}」のファイル {name} を読み込めません") from error

    def mapping(label: str) -> dict[str, Any]:
        value = described.get(label, {})
        if not isinstance(value, dict):
            raise PageCopyError(f"{path}: 項目「{label}」は名前と値の組で書いてください")
        return value

    views = []
    for number, view in enumerate(described.get("views", []), start=1):
        if not isinstance(view, dict) or "label" not in view or "body" not in view:
            raise PageCopyError(f"{path}: 項目「views」の {number} 番目に label と body が必要です")
        views.append(View(str(view["label"]), content(view["body"], "views"), str(view.get("final_url", ""))))
    when = described.get("observed")
    try:
        day = date.fromisoformat(when) if when else observed
    except (TypeError, ValueError) as error:
        raise PageCopyError(f"{path}: 項目「observed」は 2026-04-01 の形で書いてください: {when}") from error
    return PageCopy(
        described["url"],
        content(described.get("body", "page.html"), "body"),
        {str(name).lower(): str(value) for name, value in mapping("headers").items()},
        tuple(map(str, described.get("redirects", []))),
        str(described.get("final_url", "")),
        {name: content(file, "scripts") for name, file in mapping("scripts").items()},
        {name: content(file, "images") for name, file in mapping("images").items()},
        tuple(views),
        day,
    )


def find_copies(folder: Path, *, site: str = "", observed: date | None = None) -> Iterator[PageCopy]:
    """All page copies below a folder, sorted: described folders, and loose HTML files as ``https://SITE/path``.

    ``site`` defaults to the folder's name. Raises PageCopyError when the folder does not exist.
    """
    if not folder.is_dir():
        raise PageCopyError(f"{folder}: フォルダーがありません")
    described = sorted(folder.rglob("page.json"))
    for path in described:
        yield load_copy(path, observed=observed)
    owned = {path.parent for path in described}
    host = site or folder.resolve().name
    for path in sorted((*folder.rglob("*.html"), *folder.rglob("*.htm"))):
        if not owned & {path.parent, *path.parents}:
            relative = quote(path.relative_to(folder).as_posix())
            yield load_copy(path, url=f"https://{host}/{relative}", observed=observed)
