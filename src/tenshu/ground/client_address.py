"""The address that a request comes from. Behind a proxy it stands in a header, which anybody else could forge.

Only the header that ``TENSHU_CLIENT_ADDRESS_HEADER`` names is believed, and of a list only the last entry: the one
that the office's own proxy has added.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's address as text; the connection's own when no header is trusted or it holds no address."""
    connected = str(request.META.get("REMOTE_ADDR", ""))
    header = settings.CLIENT_ADDRESS_HEADER
    if not header:
        return connected
    given = request.headers.get(header, "").rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(_without_port(given)))
    except ValueError:
        return connected


def _without_port(given: str) -> str:
    """Some proxies write ``192.0.2.7:51234`` or ``[2001:db8::7]:51234``."""
    if given.startswith("["):
        return given[1:].partition("]")[0]
    return given.partition(":")[0] if given.count(":") == 1 else given


def network_of(address: str) -> str:
    """What tries are counted by: an IPv4 address itself, of IPv6 the /64.

    A /64 is one household or one office's segment; whoever has one may take 2^64 addresses in it, one for each try.
    """
    try:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, 64), strict=False))
