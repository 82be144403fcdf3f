"""Which addresses a prober may talk to: public ones, and only those others that the plan names.

Rule: IANA special-purpose registries (RFC 6890 and successors) as kept by Python's `ipaddress`; addresses
that carry an IPv4 address inside (mapped, 6to4, Teredo, NAT64) are judged by the one inside as well.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SITE_LOCAL = ipaddress.IPv6Network("fec0::/10")


class AddressGate:
    """Decides by address, never by name, so that a second resolution cannot change the answer."""

    def __init__(self, *, allow_private: bool = False, allowed: tuple[str, ...] = ()) -> None:
        """`allowed`: networks in CIDR form. Raises ValueError when one of them is malformed."""
        self.allow_private = allow_private
        self.networks: tuple[Network, ...] = tuple(ipaddress.ip_network(text) for text in allowed)
        self._cached = lru_cache(maxsize=200_000)(self._refusal)

    def refusal(self, address: str) -> str:
        """Empty when `address` may be contacted, else the reason as a short English phrase."""
        return self._cached(address)

    def _refusal(self, text: str) -> str:
        try:
            address: Address = ipaddress.ip_address(text)
        except ValueError:
            return "not an IP address"
        if any(address.version == network.version and address in network for network in self.networks):
            return ""
        if address.is_multicast or address.is_unspecified:
            return "multicast or unspecified address"
        if self.allow_private:
            return ""
        for inner in (address, *embedded(address)):
            if not inner.is_global or (inner.version == 6 and inner in _SITE_LOCAL):
                return f"address of a non-public range ({inner})"
        return ""


def embedded(address: Address) -> list[Address]:
    """IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address] = []
    if address.ipv4_mapped is not None:
        found.append(address.ipv4_mapped)
    if address.sixtofour is not None:
        found.append(address.sixtofour)
    if address.teredo is not None:
        found.extend(address.teredo)
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return found
