"""Reading certificates: the same answers as the `cryptography` package, and no crash on noise."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.probe.certificate import CertificateError, read_certificate, read_chain

pytestmark = pytest.mark.engine

KEY = ec.generate_private_key(ec.SECP256R1())
MOMENTS = st.datetimes(dt.datetime(1951, 1, 1), dt.datetime(2120, 1, 1)).map(
    lambda d: d.replace(microsecond=0)
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


def build(name: str, names: list[str], begin: dt.datetime, end: dt.datetime) -> bytes:
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "認証局")]))
        .public_key(KEY.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(end)
    )
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(item) for item in names])
        builder = builder.add_extension(alternatives, critical=False)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@settings(max_examples=40, deadline=None)
@given(WORDS, st.lists(st.sampled_from(["a.test", "*.b.test"]), max_size=2), MOMENTS, MOMENTS)
def test_a_certificate_reads_as_the_reference_reads_it(
    name: str, names: list[str], one: dt.datetime, two: dt.datetime
) -> None:
    begin, end = min(one, two), max(one, two)
    der = build(name, names, begin, end)
    reference = x509.load_der_x509_certificate(der)
    found = read_certificate(der)
    assert found.sha256 == reference.fingerprint(hashes.SHA256()).hex()
    assert found.subject == f"C=JP, CN={name}"
    assert found.issuer == "O=認証局"
    assert found.not_before == int(reference.not_valid_before_utc.timestamp())
    assert found.not_after == int(reference.not_valid_after_utc.timestamp())
    assert list(found.names) == names


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_every_root_of_the_system_can_be_read() -> None:
    pem = Path("/etc/ssl/certs/ca-certificates.crt").read_bytes()
    for reference in x509.load_pem_x509_certificates(pem):
        found = read_certificate(reference.public_bytes(serialization.Encoding.DER))
        assert found.not_after == int(reference.not_valid_after_utc.timestamp())


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_handshake_messages_of_both_versions_are_read(version: str) -> None:
    begin, end = dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1)
    ders = [build("leaf", [], begin, end), build("root", [], begin, end)]
    tail = b"\0\0" if version == "1.3" else b""
    entries = b"".join(len(der).to_bytes(3) + der + tail for der in ders)
    body = (b"\0" if version == "1.3" else b"") + len(entries).to_bytes(3) + entries
    chain = read_chain(b"\x0b" + len(body).to_bytes(3) + body)
    assert [item.subject for item in chain] == ["C=JP, CN=leaf", "C=JP, CN=root"]


@given(st.binary(max_size=300))
def test_noise_is_refused(noise: bytes) -> None:
    for read in (read_certificate, read_chain):
        try:
            read(noise)
        except CertificateError:
            continue


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(0, 255))
def test_a_damaged_certificate_is_read_or_refused(position: int, value: int) -> None:
    der = bytearray(build("leaf", ["a.test"], dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1)))
    der[position % len(der)] = value
    try:
        read_certificate(bytes(der))
    except CertificateError:
        return
