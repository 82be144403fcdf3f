"""Keys of addresses: versions, build hashes and cache busters masked, what identifies a tenant kept."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

_VERSION = re.compile(r"\d+(?:[._]\d+)+(?:[-.]?(?:alpha|beta|rc)[.\d]*)?")
_HASH = re.compile(r"(?<![A-Za-z0-9])(?=[0-9a-f]*\d)[0-9a-f]{8,}(?![A-Za-z0-9])")
_BUILD = re.compile(r"(?<=[-.])(?=[A-Za-z_]*\d|[a-z]*[A-Z])[A-Za-z0-9_]{8}(?=\.(?:m?js|css)$)")
_NUMBER = re.compile(r"\d{4,}")
_SHARD = re.compile(r"\d+")
_TENANT_PARAMETERS = frozenset(
    ["id", "key", "account", "container", "client", "site", "cid", "tid", "aid", "project", "token_id"]
)

PROGRAMS = frozenset(
    [
        "exe",
        "scr",
        "msi",
        "msix",
        "bat",
        "cmd",
        "ps1",
        "vbs",
        "vbe",
        "jse",
        "wsf",
        "hta",
        "lnk",
        "jar",
        "apk",
        "dmg",
        "pkg",
        "iso",
        "img",
        "cab",
        "dll",
        "pif",
        "chm",
    ]
)
_ARCHIVES = frozenset(["zip", "rar", "7z", "lzh", "gz", "tgz", "xz"])
_DOCUMENTS = frozenset(["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "csv", "rtf"])
_MACROS = frozenset(["docm", "xlsm", "pptm", "xlam", "xll"])


@lru_cache(maxsize=8192)
def masked_path(rest: str) -> str:
    """Path with versions, hashes and long numbers masked; of the query only tenant parameters stay."""
    parts = urlsplit(rest)
    path = _VERSION.sub("V", parts.path)
    path = _HASH.sub("H", path)
    path = _NUMBER.sub("N", _BUILD.sub("H", path))
    if not parts.query:
        return path
    kept = sorted(
        f"{name}={value}" for name, value in parse_qsl(parts.query) if name.lower() in _TENANT_PARAMETERS
    )
    return f"{path}?{'&'.join(kept)}" if kept else path


@lru_cache(maxsize=8192)
def masked_host(host: str) -> str:
    """Host with the shard number of its first label masked (``img3.example.jp`` → ``img#.example.jp``)."""
    first, dot, rest = host.partition(".")
    return (
        f"{_SHARD.sub('#', first)}{dot}{rest}"
        if rest.count(".") >= 1 and not host.replace(".", "").isdigit()
        else host
    )


@lru_cache(maxsize=8192)
def directory_of(key: str) -> str:
    """Host and first path segment of a script key: the place where one supplier keeps its files."""
    host, _, path = key.partition("/")
    first, slash, _ = path.partition("/")
    return f"{host}/{first}" if slash else host


def download_class(path: str) -> str:
    """``program``, ``macro``, ``archive``, ``document`` or empty, by the last extension of a path."""
    name = path.split("?")[0].rsplit("/", 1)[-1].lower()
    extension = name.rsplit(".", 1)[-1] if "." in name else ""
    for label, names in (
        ("program", PROGRAMS),
        ("macro", _MACROS),
        ("archive", _ARCHIVES),
        ("document", _DOCUMENTS),
    ):
        if extension in names:
            return label
    return ""
