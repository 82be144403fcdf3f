"""DNS messages on the wire, as far as a stub resolver needs them (RFC 1035, EDNS0 of RFC 6891)."""

from __future__ import annotations

import socket
import struct
from functools import lru_cache
from typing import NamedTuple

TYPE_A, TYPE_CNAME, TYPE_AAAA, TYPE_OPT = 1, 5, 28, 41
RCODE_OK, RCODE_NO_NAME = 0, 3
_RCODES = {1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
_UDP_SIZE = 1232
_LONGEST_CHAIN = 16
_TO_QUESTION = b"\xc0\x0c"
_HEAD, _KIND, _RECORD = struct.Struct("!HHHHHH"), struct.Struct("!HH"), struct.Struct("!HHIH")
_EDNS = struct.pack("!BHHIH", 0, TYPE_OPT, _UDP_SIZE, 0, 0)


class MessageError(ValueError):
    """The message is not a well-formed answer to the question asked."""


class Question(NamedTuple):
    """A query as sent; `name` is the encoded host."""

    number: int
    name: bytes
    kind: int
    wire: bytes


class NameAnswer(NamedTuple):
    """Addresses in the order given, aliases passed through, smallest TTL in seconds, response code."""

    rcode: int
    truncated: bool
    addresses: tuple[str, ...]
    aliases: tuple[str, ...]
    ttl: int

    @property
    def problem(self) -> str:
        return "" if self.rcode == RCODE_OK else _RCODES.get(self.rcode, f"RCODE {self.rcode}")


def make_question(host: str, kind: int, number: int) -> Question:
    """Build a recursive query for `host` (ASCII). Raises MessageError for labels no DNS name can hold."""
    name = encode_name(host)
    wire = b"".join((_HEAD.pack(number, 0x0100, 1, 0, 0, 1), name, _KIND.pack(kind, 1), _EDNS))
    return Question(number, name, kind, wire)


@lru_cache(maxsize=200_000)
def encode_name(host: str) -> bytes:
    """The wire form of a host name in lower case. Raises MessageError."""
    encoded = bytearray()
    for label in host.lower().split("."):
        raw = label.encode("ascii")
        if not 0 < len(raw) < 64:
            raise MessageError(f"label {label!r} is empty or too long")
        encoded.append(len(raw))
        encoded += raw
    encoded.append(0)
    if len(encoded) > 255:
        raise MessageError("the name is longer than 255 octets")
    return bytes(encoded)


def read_answer(message: bytes, question: Question) -> NameAnswer:
    """Read the reply to `question`. Raises MessageError when it does not belong to it or is malformed."""
    try:
        return _read(message, question)
    except (IndexError, struct.error, OSError, UnicodeDecodeError) as error:
        raise MessageError(f"malformed: {error}") from error


def _read(message: bytes, question: Question) -> NameAnswer:
    number, flags, questions, answers, _, _ = _HEAD.unpack_from(message)
    end = 12 + len(question.name)
    if number != question.number or not flags & 0x8000 or questions != 1:
        raise MessageError("not the reply to this query")
    if message[12:end].lower() != question.name or _KIND.unpack_from(message, end) != (question.kind, 1):
        raise MessageError("the reply repeats another question")
    asked = question.name
    aliases: dict[bytes, bytes] = {}
    found: dict[bytes, list[str]] = {}
    position, ttl = end + 4, 0x7FFF_FFFF
    for _ in range(answers):
        if message[position : position + 2] == _TO_QUESTION:
            owner, position = asked, position + 2
        else:
            owner, position = _read_name(message, position)
        kind, _class, life, size = _RECORD.unpack_from(message, position)
        position += 10
        if position + size > len(message):
            raise MessageError("a record runs past the end")
        if kind == TYPE_CNAME:
            aliases[owner] = _read_name(message, position)[0]
            ttl = min(ttl, life)
        elif kind == question.kind:
            family = socket.AF_INET if kind == TYPE_A else socket.AF_INET6
            text = socket.inet_ntop(family, message[position : position + size])
            found.setdefault(owner, []).append(text)
            ttl = min(ttl, life)
        position += size
    chain: list[str] = []
    owner = asked
    while owner in aliases and len(chain) < _LONGEST_CHAIN:
        owner = aliases[owner]
        chain.append(_shown(owner))
    # Only addresses at the end of the chain that starts at the question count: others were not asked for.
    addresses = tuple(found.get(owner, ()))
    ttl = ttl if found or aliases else 0
    return NameAnswer(flags & 15, bool(flags & 0x0200), addresses, tuple(chain), ttl)


def _read_name(message: bytes, position: int) -> tuple[bytes, int]:
    """Uncompressed lower-case wire name at `position`, and the position after it; pointers only go back."""
    labels: list[bytes] = []
    after, limit = -1, position
    while True:
        length = message[position]
        if length >= 0xC0:
            target = (length & 0x3F) << 8 | message[position + 1]
            after = position + 2 if after < 0 else after
            if target >= limit:
                raise MessageError("a compression pointer does not go back")
            position = limit = target
        elif length == 0:
            return b"".join(labels) + b"\0", position + 1 if after < 0 else after
        elif length > 63:
            raise MessageError("an unknown label type")
        else:
            raw = message[position : position + 1 + length]
            if len(raw) <= length:
                raise MessageError("a label runs past the end")
            labels.append(raw.lower())  # a length octet is below 64: lower() leaves it alone
            position += 1 + length


def _shown(name: bytes) -> str:
    """A wire name as text with dots."""
    labels, position = [], 0
    while name[position]:
        end = position + 1 + name[position]
        labels.append(name[position + 1 : end].decode("latin-1"))
        position = end
    return ".".join(labels)
