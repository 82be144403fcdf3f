"""Which addresses the door goes to: no spelling of an inner address gets through."""

import ipaddress
import socket
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenshu.ground.outgoing.addresses import OwnPlaces, is_number_like, refusal
from tenshu.ground.outgoing.destination import find_destination
from tenshu.ground.outgoing.errors import OutgoingError, RefusedError

NOTHING = OwnPlaces.read([])
INNER = [
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10",
    "224.0.0.0/4", "240.0.0.0/4", "0.0.0.0/8", "192.0.2.0/24", "198.18.0.0/15", "203.0.113.0/24",
    "168.63.129.16/32", "192.88.99.0/24", "255.255.255.255/32",
]  # fmt: skip
inner_v4 = st.sampled_from(INNER).flatmap(
    lambda text: st.ip_addresses(v=4, network=text).map(ipaddress.IPv4Address)
)
INNER_V6 = [
    "::1/128",
    "::/128",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "2001:db8::/32",
    "64:ff9b:1::/48",
    "4000::/3",
]
inner_v6 = st.sampled_from(INNER_V6).flatmap(lambda text: st.ip_addresses(v=6, network=text))


@given(inner_v4)
def test_no_inner_ipv4_address_is_public(address: ipaddress.IPv4Address) -> None:
    assert refusal(str(address), "", NOTHING)


@given(inner_v6)
def test_no_inner_ipv6_address_is_public(address: ipaddress.IPv6Address) -> None:
    assert refusal(str(address), "", NOTHING)


@given(inner_v4)
def test_no_ipv6_dress_hides_an_inner_ipv4_address(inner: ipaddress.IPv4Address) -> None:
    number = int(inner)
    dresses = [
        0xFFFF << 32 | number,  # mapped
        number,  # compatible
        int(ipaddress.IPv6Address("64:ff9b::")) | number,  # NAT64
        int(ipaddress.IPv6Address("64:ff9b:1::")) | number,  # NAT64 of the own network
        0x2002 << 112 | number << 80,  # 6to4
    ]
    for dress in dresses:
        assert refusal(str(ipaddress.IPv6Address(dress)), "", NOTHING)


@given(inner_v4, st.sampled_from(["decimal", "hex", "octal", "mixed", "short", "dotted-hex", "dotted-octal"]))
def test_no_other_spelling_of_an_inner_address_is_taken(inner: ipaddress.IPv4Address, spelling: str) -> None:
    number, parts = int(inner), inner.packed
    host = {
        "decimal": str(number),
        "hex": hex(number),
        "octal": f"0{number:o}",
        "mixed": f"{parts[0]}.{hex(parts[1])}.{parts[2]}.{parts[3]}",
        "short": f"{parts[0]}.{number & 0xFFFFFF}",
        "dotted-hex": ".".join(hex(part) for part in parts),
        "dotted-octal": ".".join(f"{part:04o}" for part in parts),
    }[spelling]
    with pytest.raises(RefusedError):
        find_destination(f"http://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        "http://user:word@example.jp/", "http://user@example.jp/", "ftp://example.jp/", "file:///etc/passwd",
        "gopher://example.jp/", "//example.jp/", "http:///x", "http://exa mple.jp/", "http://127.0.0.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://１２７.０.０.１/",
        "http://127。0。0。1/", "http://localhost/", "http://localhost./", "http://0/", "http://0x7f.1/",
        "http://example.jp:0/", "http://example.jp:99999/", "http://example.jp\r\nX: y/", "http://①②⑦.0.0.1/",
        "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://100.100.100.200/",
        "http://168.63.129.16/", "http://%31%32%37.0.0.1/", "http://example.jp#@127.0.0.1/", "http://127.1/",
    ],
)  # fmt: skip
def test_a_url_that_leads_inside_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tenshu.ground.outgoing.tests.servers import resolve_as

    resolve_as(monkeypatch, {"example.jp": [["127.0.0.1"]]})
    with pytest.raises(RefusedError) as refused:
        find_destination(url)
    assert "ください" in str(refused.value) or "送れません" in str(refused.value)


@given(st.text(max_size=60))
def test_any_text_is_judged_and_nothing_else_happens(text: str) -> None:
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80))]
    with mock.patch("socket.getaddrinfo", return_value=inside), pytest.raises(OutgoingError):
        find_destination(f"http://{text}.invalid/" if "." not in text else f"x{text}")


@given(st.ip_addresses(v=4, network="8.8.0.0/16"))
def test_public_addresses_are_taken(address: ipaddress.IPv4Address) -> None:
    assert not refusal(str(address), "", NOTHING)
    assert not refusal("2606:4700::1111", "", NOTHING)


def test_the_offices_own_places_are_taken_when_they_are_named() -> None:
    own = OwnPlaces.read(["10.1.0.0/16", "192.168.7.7", "hook.pref.example", ".inner.example"])
    assert not refusal("10.1.2.3", "", own)
    assert refusal("10.2.2.3", "", own)
    assert not refusal("192.168.7.7", "any", own)
    assert not refusal("192.168.9.9", "hook.pref.example", own)
    assert not refusal("192.168.9.9", "a.b.inner.example", own)
    assert refusal("192.168.9.9", "inner.example", own)
    assert refusal("192.168.9.9", "evilinner.example", own)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254", "fd00:ec2::254", "100.100.100.200", "0.0.0.0", "224.0.0.1",
        "::ffff:169.254.169.254", "::ffff:100.100.100.200", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::",
    ],
)  # fmt: skip
def test_a_named_host_never_opens_the_way_to_metadata(address: str) -> None:
    assert refusal(address, "hook.pref.example", OwnPlaces.read(["hook.pref.example"]))


def test_a_mistyped_network_is_told() -> None:
    for word in ("10.0.0.0/99", "10.0.0.999", "0x7f000001"):
        with pytest.raises(ValueError, match="TENSHU_OUTGOING_ALLOW"):
            OwnPlaces.read([word])


def test_names_that_could_be_read_as_a_number_are_known() -> None:
    assert all(map(is_number_like, ["127.1", "0x7f", "a.0X1f", "1.2.3.4.", "017"]))
    assert not any(map(is_number_like, ["a.example", "0x.example", "example.0y1"]))
