"""URLs as a prober needs them: scheme, host in wire form, port, and a request target in ASCII."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}
_KEPT = "/%:=&?~#+!$,;'@()*[]"


class UrlError(ValueError):
    """The URL cannot be probed; the message is a short English phrase."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A URL ready for the wire. `literal` is the address when the host is written as one."""

    url: str
    scheme: str
    host: str
    port: int
    literal: str

    @property
    def tls(self) -> bool:
        return self.scheme == "https"


@lru_cache(maxsize=200_000)
def read_url(text: str) -> WebAddress:
    """Read an absolute http(s) URL; Japanese hosts become punycode, Japanese paths percent-encoded UTF-8.

    Raises UrlError for other schemes, embedded credentials, missing hosts and bad ports.
    """
    if any(ord(character) < 33 or ord(character) == 127 for character in text.strip()):
        raise UrlError("control character or space in the URL")
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise UrlError(str(error)) from error
    if parts.scheme not in _PORTS:
        raise UrlError(f"scheme {parts.scheme or '(none)'!r} is not http or https")
    if parts.username is not None or parts.password is not None:
        raise UrlError("the URL carries credentials")
    host, literal = _wire_host(parts.hostname or "")
    port = _PORTS[parts.scheme] if port is None else port
    if not 0 < port < 65536:
        raise UrlError(f"port {port} is out of range")
    shown = f"[{host}]" if ":" in host else host
    place = shown if port == _PORTS[parts.scheme] else f"{shown}:{port}"
    path = quote(parts.path or "/", safe=_KEPT.replace("?", "").replace("#", ""))
    url = urlunsplit((parts.scheme, place, path, quote(parts.query, safe=_KEPT.replace("#", "")), ""))
    return WebAddress(url, parts.scheme, host, port, literal)


def join_location(base: str, location: str) -> str:
    """Absolute URL of a `Location` header seen at `base`; spaces are forgiven as browsers do."""
    try:
        return urljoin(base, location.strip().replace(" ", "%20"))
    except ValueError as error:
        raise UrlError(f"unreadable Location header: {error}") from error


def _wire_host(host: str) -> tuple[str, str]:
    if not host:
        raise UrlError("the URL has no host")
    try:
        literal = str(ipaddress.ip_address(host.split("%", 1)[0]))
    except ValueError:
        literal = ""
    if literal:
        return literal, literal
    if host.rstrip(".").rsplit(".", 1)[-1].isdigit():
        raise UrlError(f"{host!r} looks like an address but is none")
    try:
        wire = host.encode("idna").decode("ascii").rstrip(".").lower()
    except UnicodeError as error:
        raise UrlError(f"host {host!r}: {error}") from error
    if not wire or not all(character.isalnum() or character in "-._" for character in wire):
        raise UrlError(f"host {host!r} holds a character that no host name may hold")
    return wire, ""
