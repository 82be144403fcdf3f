"""Fetching one page for the command line: capped, redirects recorded, private addresses refused."""

import io
import ipaddress
import socket
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urljoin

import pycurl

from tenshu.engines.page_scan.documents import LARGEST_BODY, PageCopy

_MOST_REDIRECTS = 10
_AGENT = "Mozilla/5.0 (compatible; Tenshu page_scan)"


class FetchError(OSError):
    """A page cannot be fetched; the message is Japanese and names the address."""


def _opener(allow_private: bool) -> Callable[[int, Any], Any]:
    def open_socket(purpose: int, address: Any) -> Any:
        family, kind, protocol, target = address
        if not allow_private and not ipaddress.ip_address(target[0].split("%")[0]).is_global:
            return pycurl.SOCKET_BAD
        return socket.socket(family, kind, protocol)

    return open_socket


def _get(
    url: str, referrer: str, agent: str, timeout: float, allow_private: bool
) -> tuple[int, dict[str, str], bytes]:
    body = io.BytesIO()
    headers: dict[str, str] = {}

    def on_header(line: bytes) -> None:
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()

    def on_body(piece: bytes) -> int | None:
        if body.tell() >= LARGEST_BODY:
            return 0
        body.write(piece)
        return None

    curl = pycurl.Curl()
    try:
        curl.setopt(pycurl.URL, url.encode("utf-8"))
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.USERAGENT, agent or _AGENT)
        curl.setopt(pycurl.REFERER, referrer)
        curl.setopt(pycurl.ACCEPT_ENCODING, "")
        curl.setopt(pycurl.NOPROXY, "*")
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.TIMEOUT_MS, int(timeout * 1000))
        curl.setopt(pycurl.OPENSOCKETFUNCTION, _opener(allow_private))
        curl.setopt(pycurl.HEADERFUNCTION, on_header)
        curl.setopt(pycurl.WRITEFUNCTION, on_body)
        try:
            curl.perform()
        except pycurl.error as error:
            if body.tell() < LARGEST_BODY:
                raise FetchError(f"{url}: 取得できません（{error.args[1] or error.args[0]}）") from error
        return int(curl.getinfo(pycurl.RESPONSE_CODE)), headers, body.getvalue()
    finally:
        curl.close()


def fetch_copy(
    url: str, *, referrer: str = "", agent: str = "", timeout: float = 30.0, allow_private: bool = False
) -> PageCopy:
    """Fetch a page and follow at most ten redirects.

    Private, loopback and link-local addresses are refused at the connection itself (so also after a
    redirect or a changed DNS answer) unless ``allow_private``. Raises FetchError.
    """
    target = url
    passed: list[str] = []
    for _ in range(_MOST_REDIRECTS + 1):
        status, headers, body = _get(target, referrer, agent, timeout, allow_private)
        location = headers.get("location")
        if status not in (301, 302, 303, 307, 308) or not location:
            final = target if target != url else ""
            return PageCopy(url, body, headers, tuple(passed), final, observed=date.today())
        target = urljoin(target, location)
        passed.append(target)
    raise FetchError(f"{url}: 転送が {_MOST_REDIRECTS} 回を超えました")
