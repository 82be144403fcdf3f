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
        return str(ipaddress.ip_address(given))
    except ValueError:
        return connected
