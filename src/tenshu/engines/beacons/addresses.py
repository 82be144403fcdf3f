"""Which addresses belong to the organisation."""

import ipaddress
from collections.abc import Iterable

from tenshu.engines.beacons.destinations import Destination, DestinationIndex
from tenshu.engines.beacons.errors import RegisterError

PRIVATE = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
    "fc00::/7", "fe80::/10", "::1/128",
)  # fmt: skip
"""Private, shared, link-local and loopback ranges (RFC 1918, 6598, 3927, 4193, 4291)."""
GROUPS = ("224.0.0.0/4", "255.255.255.255/32", "ff00::/8")
"""Multicast and broadcast: never a host, and never beyond the own network."""


class InternalNetworks:
    """The private ranges and whatever public ranges the organisation owns."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self.index = DestinationIndex()
        self.groups = DestinationIndex()
        for text in GROUPS:
            self.groups.add(Destination("network", text), 0)
        for text in (*PRIVATE, *own):
            try:
                network = ipaddress.ip_network(text, strict=False)
            except ValueError as error:
                raise RegisterError(f"内部ネットワーク「{text}」は CIDR として読めません") from error
            self.index.add(Destination("network", str(network)), 0)

    def contains(self, endpoint: str) -> bool:
        """Whether an endpoint is an address of the organisation; a name is not."""
        return bool(self.index.find(endpoint))

    def is_group(self, endpoint: str) -> bool:
        """Whether an endpoint is a multicast or broadcast address."""
        return bool(self.groups.find(endpoint))
