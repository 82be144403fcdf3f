"""``request``: the only way by which the house speaks HTTP to others.

Every hop is read, resolved and judged (``destination``), and the connection goes to a judged address: the name is not
resolved a second time, and the socket is only opened when its address is one of them.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tenshu.engines.probe.web_address import UrlError, join_location
from tenshu.ground.outgoing.destination import find_destination
from tenshu.ground.outgoing.errors import OutgoingError, RefusedError
from tenshu.ground.outgoing.exchange import Exchange, exchange

__all__ = ["OutgoingError", "RefusedError", "Response", "request"]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OWN_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. ``url`` and ``address`` are those of the last hop; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    address: str
    seconds: float


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    timeout: float = 10,
    max_bytes: int = 1_000_000,
    redirects: int = 3,
    named: frozenset[str] = frozenset(),
) -> Response:
    """Ask ``url`` and give what it answers, whatever its status.

    ``timeout`` (seconds) holds for all hops together, ``max_bytes`` for the body. Redirects are followed up to
    ``redirects`` times, each judged like the first; to another origin neither ``headers`` nor ``body`` go along, and
    from https to http none is followed. ``named``: hosts that the operator's own settings name, judged as if they stood in
    ``TENSHU_OUTGOING_ALLOW``; never what a person has typed. Raises ``RefusedError`` before anything is sent, else ``OutgoingError``.
    """
    sent: Mapping[str, str] = _judged_headers(headers or {})
    if method not in METHODS:
        raise RefusedError(f"「{method}」という求め方はありません。")
    end = time.monotonic() + timeout
    started = time.monotonic()
    for hop in range(redirects + 1):
        destination = find_destination(url, named)
        left = end - time.monotonic()
        if left <= 0:
            raise OutgoingError(f"{timeout:g}秒以内に答えがありませんでした。")
        reply = exchange(
            Exchange(method, destination, sent, body, timeout=left, max_bytes=max_bytes, whole=timeout)
        )
        location = reply.headers.get("location", "")
        if reply.status not in _REDIRECTS or not location or not redirects:
            return Response(
                reply.status,
                reply.headers,
                reply.body,
                destination.web.url,
                reply.address,
                time.monotonic() - started,
            )
        if hop == redirects:
            break
        step = _next_hop(method, destination.web.url, location, reply.status, sent, body)
        method, url, sent, body = step.method, step.url, step.headers, step.body
    raise OutgoingError(f"転送が{redirects}回を超えました。")


@dataclass(frozen=True, slots=True)
class _Hop:
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


def _next_hop(
    method: str, url: str, location: str, status: int, headers: Mapping[str, str], body: bytes
) -> _Hop:
    try:
        target = join_location(url, location)
    except UrlError:
        raise OutgoingError("転送先のURLが読めません。") from None
    before, after = urlsplit(url), urlsplit(target)
    if before.scheme == "https" and after.scheme != "https":
        raise RefusedError("暗号化されていない転送先へは進みません。")
    hop = _Hop(method, target, headers, body)
    if status == 303 or (status in {301, 302} and method == "POST"):
        hop = replace(hop, method="HEAD" if method == "HEAD" else "GET", body=b"")
    if (before.scheme, before.netloc) != (after.scheme, after.netloc):
        if hop.method not in {"GET", "HEAD"}:
            raise RefusedError("別の送り先へ転送されました。内容は送りません。送り先のURLを直してください。")
        hop = replace(hop, headers={}, body=b"")
    return hop


def _judged_headers(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or name.lower() in _OWN_HEADERS:
            raise RefusedError(f"見出し「{name}」は付けられません。")
        if any(ord(character) < 32 or ord(character) > 126 for character in value):
            raise RefusedError(f"見出し「{name}」の値に使えない文字があります。")
    return dict(headers)
