"""From the text of a URL to the addresses that may be connected: every step is judged before anything is sent."""

import socket
from dataclasses import dataclass, replace

from django.conf import settings

from tenshu.engines.probe.web_address import UrlError, WebAddress, read_url
from tenshu.ground.outgoing.addresses import OwnPlaces, is_number_like, own_places, refusal
from tenshu.ground.outgoing.errors import OutgoingError, RefusedError


@dataclass(frozen=True, slots=True)
class Destination:
    """A place that was judged: the URL in wire form and the addresses to which, and only to which, it may connect.

    ``is_inner``: a host that the operator has named, inside the office: the proxy to the outside is not on the way.
    """

    web: WebAddress
    addresses: tuple[str, ...]
    is_inner: bool = False


_NOWHERE = OwnPlaces.read(())


def read_destination(url: str) -> WebAddress:
    """Read the URL as far as it can be judged without a look-up. Raises ``RefusedError``."""
    try:
        web = read_url(url)
    except UrlError:
        raise RefusedError(
            "このURLへは送れません。http:// か https:// で始まり、利用者名やパスワードを含まないURLにしてください。"
        ) from None
    if not web.literal and is_number_like(web.host):
        raise RefusedError("ホスト名のところに、数で書いたアドレスがあります。ホスト名で書いてください。")
    return web


def find_destination(url: str, named: frozenset[str] = frozenset()) -> Destination:
    """Read, resolve and judge. Raises ``RefusedError``, or ``OutgoingError`` when the name is not found."""
    web, own = read_destination(url), own_places()
    own = replace(own, hosts=own.hosts | named)
    found = (web.literal,) if web.literal else resolve(web.host, web.port)
    kept = tuple(address for address in found if not refusal(address, web.host, own))
    if not kept:
        raise RefusedError(
            "庁内のネットワークや特別な用途のアドレスへは送れません。庁内のシステムへ送るときは、"
            "運用担当者がTENSHU_OUTGOING_ALLOWに加えてください。"
        )
    ports = {int(port) for port in settings.OUTGOING["ports"]}
    if web.port not in ports and not own.names(web.host):
        kept = tuple(address for address in kept if own.holds(address))
        if not kept:
            raise RefusedError(
                f"ポート{web.port}へは送れません。使えるのは{'、'.join(map(str, sorted(ports)))}です。"
            )
    return Destination(web, kept, web.host in named and all(refusal(place, "", _NOWHERE) for place in kept))


def resolve(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a name, each once, in the resolver's order. Raises ``OutgoingError``."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise OutgoingError(f"「{host}」という名前が見つかりません。") from None
    # A scope (fe80::1%eth0) is kept: the address is link-local and refused with it.
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))
