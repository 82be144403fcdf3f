"""What a served certificate chain says, read from DER without building key objects (X.509: RFC 5280).

Only fields for observation are read: subject, issuer, validity, names. Trust is decided by the TLS library
during the handshake, never here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import lru_cache
from typing import NamedTuple

_NAME_PARTS = {"550403": "CN", "550406": "C", "55040a": "O", "55040b": "OU", "550408": "ST", "550407": "L"}
_SUBJECT_NAMES = bytes.fromhex("551d11")
_OID, _UTC_TIME, _BMP, _DNS_NAME, _VERSION, _EXTENSIONS = 0x06, 0x17, 0x1E, 0x82, 0xA0, 0xA3


class CertificateError(ValueError):
    """The bytes are not a readable X.509 certificate."""


class Certificate(NamedTuple):
    """One certificate. Times are epoch seconds (UTC); `sha256` is the fingerprint in hex; `names` the DNS
    names.
    """

    sha256: str
    subject: str
    issuer: str
    not_before: int
    not_after: int
    names: tuple[str, ...]

    def days_left(self, moment: float) -> float:
        """Days from `moment` (epoch seconds) to the end of validity; negative when it has passed."""
        return (self.not_after - moment) / 86_400


@lru_cache(maxsize=4_096)
def read_chain(message: bytes) -> tuple[Certificate, ...]:
    """Certificates of a TLS `Certificate` handshake message, leaf first (RFC 8446 4.4.2, RFC 5246 7.4.2).

    Raises CertificateError when the message or one of its certificates is malformed.
    """
    try:
        return tuple(read_certificate(der) for der in _split_message(message))
    except IndexError as error:
        raise CertificateError("the certificate message is cut off") from error


def read_certificate(der: bytes) -> Certificate:
    """Read one DER certificate. Raises CertificateError."""
    try:
        fields = _children(_children(der)[0][1])[0][1]
        parts = _children(fields)
        if parts[0][0] == _VERSION:
            parts = parts[1:]
        issuer, validity, subject = parts[2], _children(parts[3][1]), parts[4]
        extensions = next((body for tag, body in parts if tag == _EXTENSIONS), b"")
        return Certificate(
            hashlib.sha256(der).hexdigest(),
            _name(subject[1]),
            _name(issuer[1]),
            _time(*validity[0]),
            _time(*validity[1]),
            _dns_names(extensions),
        )
    except (IndexError, ValueError) as error:
        raise CertificateError(f"not a certificate: {error}") from error


def _split_message(message: bytes) -> list[bytes]:
    """DER certificates of the handshake message; TLS 1.3 adds a request context and extensions per entry."""
    body = message[4:]
    if not body:
        raise CertificateError("no certificate message")
    thirteen = int.from_bytes(body[:3]) != len(body) - 3
    position = 4 + body[0] if thirteen else 3
    found = []
    while position < len(body):
        size = int.from_bytes(body[position : position + 3])
        start = position + 3
        if size == 0 or start + size > len(body):
            raise CertificateError("a certificate runs past the end of its message")
        found.append(body[start : start + size])
        position = start + size
        if thirteen:
            position += 2 + int.from_bytes(body[position : position + 2])
    return found


def _children(data: bytes) -> list[tuple[int, bytes]]:
    """(tag, content) of the DER elements that follow each other in `data`."""
    elements, position = [], 0
    while position < len(data):
        tag, size = data[position], data[position + 1]
        position += 2
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(data[position : position + count])
            position += count
        if position + size > len(data):
            raise ValueError("an element runs past the end")
        elements.append((tag, data[position : position + size]))
        position += size
    return elements


def _name(content: bytes) -> str:
    """Distinguished name as "C=JP, O=…, CN=…" in the order of the certificate."""
    shown = []
    for _set, members in _children(content):
        for _sequence, pair in _children(members):
            (_oid, kind), (tag, value) = _children(pair)[:2]
            label = _NAME_PARTS.get(kind.hex())
            if label:
                text = value.decode("utf-16-be" if tag == _BMP else "utf-8", errors="replace")
                shown.append(f"{label}={text}")
    return ", ".join(shown)


def _time(tag: int, content: bytes) -> int:
    text = content.decode("ascii")
    if tag == _UTC_TIME:  # two digits: 1950 to 2049 (RFC 5280 4.1.2.5.1)
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    return int(dt.datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=dt.UTC).timestamp())


def _dns_names(extensions: bytes) -> tuple[str, ...]:
    for _tag, listing in _children(extensions):
        for _sequence, extension in _children(listing):
            parts = _children(extension)
            if parts[0] == (_OID, _SUBJECT_NAMES):
                entries = _children(_children(parts[-1][1])[0][1])
                return tuple(value.decode("ascii", "replace") for tag, value in entries if tag == _DNS_NAME)
    return ()
