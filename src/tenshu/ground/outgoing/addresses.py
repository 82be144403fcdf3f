"""Where the door goes: public addresses, and what the office named as its own (``TENSHU_OUTGOING_ALLOW``).

The judgement is the prober's (IANA special-purpose registries; mapped, 6to4, Teredo and NAT64 addresses by the one
inside), with what a server in a cloud must not reach added.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from tenshu.engines.probe.addresses import Address, AddressGate, Network, embedded

#: RFC 4291: only this block is handed out as global unicast. Everything else in IPv6 is special or unassigned.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
#: Public by number, but the inside of a cloud: Azure's platform address; the former 6to4 relays (RFC 7526).
_NEVER_PUBLIC = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.88.99.0/24")))
#: Services that hand out credentials to whoever asks from inside; a host's name never opens the way to them.
_METADATA = tuple(map(ipaddress.ip_network, ("169.254.0.0/16", "fd00:ec2::254/128", "100.100.100.200/32")))
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|\d+")


@dataclass(frozen=True, slots=True)
class OwnPlaces:
    """What the office named as its own: networks, host names, and ends of host names (``.example.jp``)."""

    networks: tuple[Network, ...]
    hosts: frozenset[str]
    endings: tuple[str, ...]

    @classmethod
    def read(cls, words: Iterable[str]) -> "OwnPlaces":
        """From the words of the setting; a word that looks like a network and is none raises ``ValueError``."""
        networks: list[Network] = []
        names: list[str] = []
        for word in words:
            try:
                networks.append(ipaddress.ip_network(word))
            except ValueError:
                if "/" in word or is_number_like(word):
                    raise ValueError(
                        f"TENSHU_OUTGOING_ALLOW の「{word}」はネットワークとして読めません。"
                    ) from None
                names.append(word.lower().rstrip("."))
        return cls(
            tuple(networks),
            frozenset(name for name in names if not name.startswith(".")),
            tuple(name for name in names if name.startswith(".")),
        )

    def names(self, host: str) -> bool:
        """Whether ``host`` (in wire form) was named."""
        return host in self.hosts or host.endswith(self.endings)

    def holds(self, address: str) -> bool:
        """Whether ``address`` lies in a named network."""
        parsed = ipaddress.ip_address(address)
        return any(parsed.version == network.version and parsed in network for network in self.networks)


def is_number_like(host: str) -> bool:
    """Whether a resolver could read ``host`` as an IPv4 address: its last label is a number, also in hex or octal."""
    return bool(_NUMBER.fullmatch(host.rstrip(".").rsplit(".", 1)[-1]))


def own_places() -> OwnPlaces:
    """The office's own places by the settings."""
    return _read(tuple(settings.OUTGOING["allow"]))


@cache
def _read(words: tuple[str, ...]) -> OwnPlaces:
    return OwnPlaces.read(words)


def _lies_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


_PUBLIC = AddressGate()
_NAMED = AddressGate(allow_private=True)


def refusal(address: str, host: str, own: OwnPlaces) -> str:
    """Empty when ``address``, found for ``host``, may be contacted, else why not (English, for the log)."""
    plain = address.split("%", 1)[0]
    if own.holds(plain):
        return ""
    parsed = ipaddress.ip_address(plain)
    if own.names(host):
        if any(_lies_in(inner, _METADATA) for inner in (parsed, *embedded(parsed))):
            return f"address of a metadata service ({plain})"
        return _NAMED.refusal(plain)
    if _lies_in(parsed, _NEVER_PUBLIC):
        return f"address inside a cloud ({plain})"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed not in _GLOBAL_UNICAST:
        return f"address outside global unicast ({plain})"
    return _PUBLIC.refusal(plain)
