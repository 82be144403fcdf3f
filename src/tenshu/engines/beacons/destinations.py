"""Exact matching of endpoints against addresses, networks and domains: never by part of a text."""

import ipaddress
import socket
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from tenshu.engines.beacons.errors import RegisterError

Cover = Literal["bare", "subdomains", "both"]
"""A domain alone, only what lies below it, or both."""


@dataclass(frozen=True)
class Destination:
    """An address, a network (CIDR) or a domain, in its normal form."""

    kind: Literal["address", "network", "domain"]
    value: str
    cover: Cover = "bare"


def parse_destination(text: str, cover: Cover = "bare") -> Destination:
    """Read an address, a CIDR network, a domain or `*.domain` (which covers subdomains only).

    Raises RegisterError for anything else, a bare number or a single label included.
    """
    value = text.strip().lower().rstrip(".")
    if "/" in value:
        try:
            return Destination("network", str(ipaddress.ip_network(value, strict=False)))
        except ValueError as error:
            raise RegisterError(f"「{text}」は CIDR として読めません") from error
    try:
        return Destination("address", str(ipaddress.ip_address(value)))
    except ValueError:
        pass
    if value.startswith("*."):
        value, cover = value[2:], "subdomains"
    if not is_domain(value):
        raise RegisterError(f"「{text}」は IP アドレス・CIDR・ドメイン名のどれでもありません")
    return Destination("domain", value, cover)


def is_domain(value: str) -> bool:
    """Whether `value` is a host name of at least two labels whose last one is not a number."""
    labels = value.split(".")
    return (
        len(labels) > 1
        and len(value) < 254
        and not labels[-1].isdigit()
        and all(0 < len(label) < 64 and not set(label) & set(" /:@*?#=&,;\"'()[]<>\\") for label in labels)
    )


def address_number(text: str) -> tuple[int, int] | None:
    """(bits, number) of an address, or None when `text` is none; quicker than `ipaddress`."""
    try:
        if ":" in text:
            return 128, int.from_bytes(socket.inet_pton(socket.AF_INET6, text.partition("%")[0]))
        return 32, int.from_bytes(socket.inet_pton(socket.AF_INET, text))
    except OSError:
        return None


class DestinationIndex:
    """Finds the numbers of all destinations that cover an endpoint."""

    def __init__(self) -> None:
        self.exact: dict[str, list[int]] = defaultdict(list)
        self.below: dict[str, list[int]] = defaultdict(list)
        self.networks: dict[tuple[int, int], dict[int, list[int]]] = {}

    def add(self, destination: Destination, number: int) -> None:
        """Remember a destination under a number of the caller's."""
        if destination.kind == "network":
            network = ipaddress.ip_network(destination.value)
            size = (network.max_prefixlen, network.prefixlen)
            key = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
            self.networks.setdefault(size, {}).setdefault(key, []).append(number)
            return
        if destination.cover != "subdomains":
            self.exact[destination.value].append(number)
        if destination.kind == "domain" and destination.cover != "bare":
            self.below[destination.value].append(number)

    def find(self, endpoint: str) -> list[int]:
        """Numbers of the destinations that cover an address or a name, in rising order."""
        found = list(self.exact.get(endpoint, ()))
        number = address_number(endpoint) if self.networks else None
        if number is not None:
            for (bits, prefix), members in self.networks.items():
                if bits == number[0]:
                    found += members.get(number[1] >> (bits - prefix), ())
        elif self.below:
            rest = endpoint
            while rest:
                _, _, rest = rest.partition(".")
                found += self.below.get(rest, ())
        return sorted(found)
