"""Hosts: who a name belongs to, whether it is the site's own, and which learnt name it imitates."""

import ipaddress
import re
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

_SECOND_LEVEL = frozenset(
    [
        "co",
        "ne",
        "or",
        "go",
        "lg",
        "ac",
        "ed",
        "ad",
        "gr",
        "com",
        "net",
        "org",
        "gov",
        "edu",
    ]  # co.jp, lg.jp, com.au, gov.uk …
)
_PREFECTURES = frozenset(
    [
        "hokkaido",
        "aomori",
        "iwate",
        "miyagi",
        "akita",
        "yamagata",
        "fukushima",
        "ibaraki",
        "tochigi",
        "gunma",
        "saitama",
        "chiba",
        "tokyo",
        "kanagawa",
        "niigata",
        "toyama",
        "ishikawa",
        "fukui",
        "yamanashi",
        "nagano",
        "gifu",
        "shizuoka",
        "aichi",
        "mie",
        "shiga",
        "kyoto",
        "osaka",
        "hyogo",
        "nara",
        "wakayama",
        "tottori",
        "shimane",
        "okayama",
        "hiroshima",
        "yamaguchi",
        "tokushima",
        "kagawa",
        "ehime",
        "kochi",
        "fukuoka",
        "saga",
        "nagasaki",
        "kumamoto",
        "oita",
        "miyazaki",
        "kagoshima",
        "okinawa",
    ]
)
# Under these names anybody can rent a label, so the label and not the name is the owner.
_SHARED_SUFFIXES = frozenset(
    [
        "github.io",
        "githubusercontent.com",
        "gitlab.io",
        "cloudfront.net",
        "amazonaws.com",
        "web.app",
        "firebaseapp.com",
        "pages.dev",
        "workers.dev",
        "r2.dev",
        "blogspot.com",
        "netlify.app",
        "vercel.app",
        "azureedge.net",
        "azurewebsites.net",
        "herokuapp.com",
        "windows.net",
        "fc2.com",
        "sakura.ne.jp",
        "wixsite.com",
        "weebly.com",
        "wordpress.com",
        "jimdofree.com",
        "glitch.me",
        "trycloudflare.com",
        "ngrok.io",
        "ngrok-free.app",
    ]
)
SHARED_OWNERS = _SHARED_SUFFIXES | frozenset(
    [
        "google.com",
        "googleapis.com",
        "googleusercontent.com",
        "yahoo.co.jp",
        "microsoft.com",
        "live.com",
        "office.com",
        "sharepoint.com",
        "amazon.com",
        "facebook.com",
        "dropbox.com",
        "notion.site",
        "jsdelivr.net",
        "unpkg.com",
        "telegram.org",
        "discord.com",
    ]
)
"""Owners under whose names everybody can publish or collect: trust in one host does not extend to the
others."""

_LOOKALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "3": "e", "5": "s", "8": "b", "v": "u"})


class Relation(StrEnum):
    """Relation of a host to the watched site."""

    SELF = "self"
    SIBLING = "sibling"
    OUTSIDE = "outside"


@lru_cache(maxsize=8192)
def is_address(host: str) -> bool:
    """Whether the host is a bare IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=8192)
def owner_name(host: str) -> str:
    """The registrable name of a host (``www.city.example.lg.jp`` → ``example.lg.jp``).

    A short list of Japanese and common second levels and of shared hosting names stands in for the Public
    Suffix List; an unknown suffix counts as one label.
    """
    labels = host.lower().rstrip(".").split(".")
    if len(labels) <= 2 or is_address(host):
        return ".".join(labels)
    for size in (2, 3):
        if ".".join(labels[-size:]) in _SHARED_SUFFIXES:
            return ".".join(labels[-size - 1 :])
    second, top = labels[-2], labels[-1]
    if len(top) == 2 and second in _SECOND_LEVEL:
        return ".".join(labels[-3:])
    if top == "jp" and second in _PREFECTURES:
        return ".".join(labels[-4:] if len(labels) >= 4 else labels)
    return ".".join(labels[-2:])


@lru_cache(maxsize=8192)
def relation(host: str, site: str) -> Relation:
    """How ``host`` stands to the watched ``site`` (both lower-case host names)."""
    if not host or host == site or host.removeprefix("www.") == site.removeprefix("www."):
        return Relation.SELF
    return Relation.SIBLING if owner_name(host) == owner_name(site) else Relation.OUTSIDE


def _fold(name: str) -> str:
    return name.translate(_LOOKALIKES).replace("rn", "m").replace("uu", "w").replace("-", "")


def _within_one_edit(left: str, right: str) -> bool:
    if abs(len(left) - len(right)) > 1 or left == right:
        return left == right
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    rest_left, rest_right = left[start:], right[start:]
    if rest_left[:2] == rest_right[1::-1] and rest_left[2:] == rest_right[2:]:
        return True
    return rest_left[1:] == rest_right[1:] or rest_left[1:] == rest_right or rest_left == rest_right[1:]


def imitated(host: str, known: frozenset[str]) -> str | None:
    """The known owner name that ``host`` imitates (one edit, look-alike characters), or None."""
    name = owner_name(host)
    for other in sorted(known):
        if other == name or len(other) < 6:
            continue
        same_tail = name.rsplit(".", 1)[-1] == other.rsplit(".", 1)[-1]
        first, second = name.split(".")[0], other.split(".")[0]
        if _fold(name) == _fold(other) or (same_tail and _within_one_edit(name, other)):
            return other
        if not same_tail and len(second) >= 6 and _fold(first) == _fold(second):
            return other
    return None


# The plain form of nearly all outside addresses; anything else (user names, odd characters) takes the parser.
_ABSOLUTE = re.compile(r"(https?)://([A-Za-z0-9.-]+)(?::\d+)?(/[!-\"$-\[\]-~]*)?(?:#[ -~]*)?", re.IGNORECASE)


def split_address(address: str, base: str) -> tuple[str, str, str]:
    """Scheme, host and the rest (path with query) of an address as written in a page; empty on nonsense."""
    if plain := _ABSOLUTE.fullmatch(address):
        scheme, host, rest = plain.groups()
        return scheme.lower(), host.lower().rstrip("."), rest or "/"
    cleaned = address.strip().replace("\t", "").replace("\n", "").replace("\r", "")
    if "\\" in cleaned[:12]:
        cleaned = cleaned.replace("\\", "/")
    try:
        parts = urlsplit(urljoin(base, cleaned))
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return "", "", ""
    query = f"?{parts.query}" if parts.query else ""
    return parts.scheme.lower(), host, (parts.path or "/") + query
