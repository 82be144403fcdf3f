"""What goes into an exchange and what comes out: requests, replies, and reading a reply from a libcurl
handle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import pycurl

_VERSIONS = {
    pycurl.CURL_HTTP_VERSION_1_0: "HTTP/1.0",
    pycurl.CURL_HTTP_VERSION_1_1: "HTTP/1.1",
    pycurl.CURL_HTTP_VERSION_2_0: "HTTP/2",
}
_WANTED_HEADERS = {
    name.encode("ascii"): name for name in ("location", "etag", "last-modified", "content-type")
}
_WANTED_INITIALS = frozenset(b"LlEeCcH")
_TLS_ERRORS = {
    pycurl.E_SSL_CONNECT_ERROR,
    pycurl.E_SSL_CIPHER,
    pycurl.E_SSL_CERTPROBLEM,
    pycurl.E_SSL_ENGINE_INITFAILED,
    pycurl.E_SSL_CACERT_BADFILE,
    pycurl.E_SSL_ISSUER_ERROR,
    pycurl.E_USE_SSL_FAILED,
}


class Request(NamedTuple):
    """What to fetch: `address` is where to connect, whatever the name says; `headers` are full lines."""

    url: str
    address: str
    port: int
    tls: bool
    headers: tuple[str, ...] = ()
    http2: bool = False
    keep_body: bool = False
    read_chain: bool = True


@dataclass(slots=True)
class Reply:
    """What came back. `outcome` is "" when the exchange was completed, else a word of `sample.OUTCOMES`.

    Times are seconds; a phase that was not reached is NaN, the phase that failed holds the time spent in it.
    """

    outcome: str = ""
    detail: str = ""
    status: int = 0
    protocol: str = ""
    tls_version: str = ""
    connect_s: float = math.nan
    tls_s: float = math.nan
    first_byte_s: float = math.nan
    transfer_s: float = math.nan
    total_s: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    chain: bytes = b""
    size: int = 0
    wire_size: int = 0
    sha256: str = ""
    body: bytes | None = None


class Receiver(Protocol):
    """What a handle has received so far; `started` and `connected` are monotonic seconds (0: not yet)."""

    curl: pycurl.Curl
    request: Request
    started: float
    connected: float
    header_lines: list[bytes]
    chain: bytes
    tls_text: bytes
    size: int
    body: list[bytes]
    refusal: tuple[str, str]

    @property
    def sha256(self) -> str: ...


def read_reply(receiver: Receiver, total: float) -> Reply:
    """What is known of an exchange, finished or not; the present phase holds the time spent so far."""
    info = receiver.curl.getinfo
    connected = info(pycurl.CONNECT_TIME) or (receiver.connected and receiver.connected - receiver.started)
    asked, first = info(pycurl.PRETRANSFER_TIME), info(pycurl.STARTTRANSFER_TIME)
    tls = receiver.request.tls
    reply = Reply(total_s=total, chain=receiver.chain)
    if not connected:
        reply.connect_s = total
        return reply
    reply.connect_s = connected if tls else asked or connected
    reply.tls_s = 0.0
    if tls:
        shaken = info(pycurl.APPCONNECT_TIME)
        asked = asked if shaken else 0.0
        reply.tls_s = (asked or total) - connected
        if receiver.tls_text:
            reply.tls_version = receiver.tls_text.split(b" ", 4)[3].decode("ascii", "replace")
    if not asked:
        return reply
    reply.first_byte_s = (first or total) - asked
    if not first:
        return reply
    reply.transfer_s = total - first
    reply.status = info(pycurl.RESPONSE_CODE)
    reply.protocol = _VERSIONS.get(info(pycurl.INFO_HTTP_VERSION), "")
    reply.headers = _read_headers(receiver.header_lines)
    reply.size, reply.wire_size = receiver.size, int(info(pycurl.SIZE_DOWNLOAD_T))
    reply.sha256 = receiver.sha256
    if receiver.request.keep_body:
        reply.body = b"".join(receiver.body)
    return reply


def _read_headers(lines: list[bytes]) -> dict[str, str]:
    """Wanted fields of the last response block; the first of repeated fields counts."""
    headers: dict[str, str] = {}
    for line in lines:
        if line[0] not in _WANTED_INITIALS:
            continue
        if line[:5] == b"HTTP/":
            headers = {}
            continue
        name, colon, value = line.partition(b":")
        wanted = _WANTED_HEADERS.get(name.lower())
        if colon and wanted is not None:
            headers.setdefault(wanted, value.strip().decode("utf-8", "replace"))
    return headers


def declared_size(lines: list[bytes]) -> int:
    """Content-Length of the response, 0 when it has none."""
    for line in reversed(lines):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return 0


def explain(receiver: Receiver, reply: Reply, code: int, text: str) -> tuple[str, str]:
    """Outcome and detail of a libcurl error."""
    if receiver.refusal[0]:
        return receiver.refusal
    if code == pycurl.E_FILESIZE_EXCEEDED:
        return "body_too_large", text
    if code == pycurl.E_COULDNT_CONNECT or (math.isnan(reply.tls_s) and math.isnan(reply.first_byte_s)):
        return "connect_error", text
    if code == pycurl.E_PEER_FAILED_VERIFICATION:
        return "tls_untrusted", text
    if code in _TLS_ERRORS or (receiver.request.tls and math.isnan(reply.first_byte_s)):
        return "tls_error", text
    return "http_error", text
