"""One request and its answer by libcurl, to an address that was judged before."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urlsplit

import pycurl
from django.conf import settings

from tenshu.ground.outgoing.destination import Destination, resolve
from tenshu.ground.outgoing.errors import OutgoingError

_CONNECT_SECONDS = 10.0
_TROUBLES = {
    pycurl.E_COULDNT_CONNECT: "つながりません。",
    pycurl.E_OPERATION_TIMEDOUT: "時間内に答えがありませんでした。",
    pycurl.E_PEER_FAILED_VERIFICATION: "証明書を確かめられません。",
    pycurl.E_SSL_CONNECT_ERROR: "暗号化した通信を始められません。",
    pycurl.E_SSL_CACERT_BADFILE: "信頼する認証局の一覧が読めません。",
    pycurl.E_GOT_NOTHING: "何も答えずに切られました。",
    pycurl.E_RECV_ERROR: "途中で切られました。",
    pycurl.E_SEND_ERROR: "途中で切られました。",
    pycurl.E_PARTIAL_FILE: "途中で切られました。",
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One hop: what to send where. ``timeout`` is what is left of ``whole`` seconds."""

    method: str
    destination: Destination
    headers: Mapping[str, str]
    body: bytes
    timeout: float
    max_bytes: int
    whole: float


@dataclass(slots=True)
class Reply:
    """One answer; header names in lower case, of a repeated one the last."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    address: str = ""


def exchange(hop: Exchange) -> Reply:
    """Carry out one hop. Raises ``OutgoingError``."""
    curl, reply, body = pycurl.Curl(), Reply(), BytesIO()
    refused: list[str] = []

    def receive(data: bytes) -> int | None:
        if body.tell() + len(data) > hop.max_bytes:
            return -1
        body.write(data)
        return None

    def read_header(line: bytes) -> None:
        text = line.decode("latin-1").rstrip("\r\n")
        if text.startswith("HTTP/"):
            reply.headers.clear()
        elif ":" in text:
            name, value = text.split(":", 1)
            reply.headers[name.strip().lower()] = value.strip()

    try:
        _set_up(curl, hop, refused)
        curl.setopt(pycurl.WRITEFUNCTION, receive)
        curl.setopt(pycurl.HEADERFUNCTION, read_header)
        curl.perform()
        reply.status = int(curl.getinfo(pycurl.RESPONSE_CODE))
        reply.address = str(curl.getinfo(pycurl.PRIMARY_IP))
    except pycurl.error as error:
        raise OutgoingError(_explain(error.args[0], hop, refused)) from None
    finally:
        curl.close()
    reply.body = body.getvalue()
    return reply


def _set_up(curl: pycurl.Curl, hop: Exchange, refused: list[str]) -> None:
    web = hop.destination.web
    curl.setopt(pycurl.URL, web.url)
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    curl.setopt(pycurl.CUSTOMREQUEST, hop.method)
    curl.setopt(pycurl.NOBODY, hop.method == "HEAD")
    if hop.body or hop.method in {"POST", "PUT", "PATCH"}:
        curl.setopt(pycurl.POST, 1)
        curl.setopt(pycurl.CUSTOMREQUEST, hop.method)
        curl.setopt(pycurl.POSTFIELDSIZE, len(hop.body))
        curl.setopt(pycurl.COPYPOSTFIELDS, hop.body)
    lines = [f"{name}: {value}" for name, value in hop.headers.items()]
    names = {name.lower() for name in hop.headers}
    # libcurl adds these by itself: an Expect costs a second, and a form is not what we send.
    lines += ["Expect:"]
    lines += ["Content-Type:"] if hop.body and "content-type" not in names else []
    curl.setopt(pycurl.HTTPHEADER, lines)
    if "user-agent" not in names:
        curl.setopt(pycurl.USERAGENT, "Tenshu")
    curl.setopt(pycurl.FOLLOWLOCATION, 0)
    curl.setopt(pycurl.NOSIGNAL, 1)
    curl.setopt(pycurl.FRESH_CONNECT, 1)
    curl.setopt(pycurl.FORBID_REUSE, 1)
    curl.setopt(pycurl.TIMEOUT_MS, max(1, int(hop.timeout * 1000)))
    curl.setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(min(hop.timeout, _CONNECT_SECONDS) * 1000)))
    curl.setopt(pycurl.SSL_VERIFYPEER, 1)
    curl.setopt(pycurl.SSL_VERIFYHOST, 2)
    curl.setopt(pycurl.CAINFO, settings.OUTGOING["ca_file"])
    curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
    _pin(curl, hop.destination, refused)


def _pin(curl: pycurl.Curl, destination: Destination, refused: list[str]) -> None:
    """Let the connection go to the judged address and nowhere else, directly or through the office's proxy."""
    web = destination.web
    proxy = "" if destination.is_inner else str(settings.OUTGOING["proxy"])
    first = destination.addresses[0]
    if proxy:
        # The proxy is asked for the address, not for the name: it cannot resolve it to something else.
        place = f"[{first}]" if ":" in first else first
        curl.setopt(pycurl.PROXY, proxy)
        curl.setopt(pycurl.NOPROXY, "")
        curl.setopt(pycurl.HTTPPROXYTUNNEL, 1)
        curl.setopt(pycurl.CONNECT_TO, [f"::{place}:{web.port}"])
        parts = urlsplit(proxy)
        open_to = frozenset(resolve(parts.hostname or "", parts.port or 3128))
    else:
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.NOPROXY, "*")
        if not web.literal:
            places = ",".join(f"[{a}]" if ":" in a else a for a in destination.addresses)
            curl.setopt(pycurl.RESOLVE, [f"{web.host}:{web.port}:{places}"])
        open_to = frozenset(destination.addresses)

    def open_socket(_purpose: int, place: tuple[int, int, int, tuple[str, int]]) -> "socket.socket | int":
        family, kind, protocol, address = place
        if _text(address[0]) not in open_to:
            refused.append(_text(address[0]))
            return int(pycurl.SOCKET_BAD)
        return socket.socket(family, kind, protocol)

    curl.setopt(pycurl.OPENSOCKETFUNCTION, open_socket)


def _text(address: str | bytes) -> str:
    return address.decode() if isinstance(address, bytes) else address


def _explain(code: int, hop: Exchange, refused: list[str]) -> str:
    if refused:
        return "つなごうとした先が、確かめたアドレスと違います。"
    if code == pycurl.E_WRITE_ERROR:
        return f"答えが{hop.max_bytes:,}バイトを超えました。"
    if code == pycurl.E_OPERATION_TIMEDOUT:
        return f"{hop.whole:g}秒以内に答えがありませんでした。"
    return _TROUBLES.get(code, f"送れませんでした（通信の誤り{code}）。")
