"""Which addresses and URLs a prober accepts."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenshu.engines.probe.addresses import AddressGate
from tenshu.engines.probe.web_address import UrlError, join_location, read_url

pytestmark = pytest.mark.engine

PRIVATE = ["10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.1.1", "172.16.0.1", "100.64.0.1", "0.0.0.0"]


@pytest.mark.parametrize(
    "address", [*PRIVATE, "::1", "fe80::1", "fc00::1", "fec0::1", "::", "ff02::1", "224.0.0.1"]
)
def test_non_public_addresses_are_refused(address: str) -> None:
    assert AddressGate().refusal(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "203.178.141.194", "2001:200:dff:fff1::1"])
def test_public_addresses_are_accepted(address: str) -> None:
    assert AddressGate().refusal(address) == ""


@given(st.sampled_from(PRIVATE[:6]))
def test_private_addresses_wrapped_in_ipv6_are_refused(inner: str) -> None:
    number = int(ipaddress.IPv4Address(inner))
    for outer in (0xFFFF << 32 | number, 0x2002 << 112 | number << 80, 0x64FF9B << 96 | number):
        assert AddressGate().refusal(str(ipaddress.IPv6Address(outer)))


@given(st.ip_addresses())
def test_only_the_allowed_network_is_opened(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    closed, opened = AddressGate(), AddressGate(allowed=("10.0.0.0/8",))
    inside = address.version == 4 and address in ipaddress.ip_network("10.0.0.0/8")
    assert opened.refusal(str(address)) == ("" if inside else closed.refusal(str(address)))


@pytest.mark.parametrize(
    ("given_url", "wire"),
    [
        ("https://Example.JP", "https://example.jp/"),
        ("https://例え.jp/防災?q=避難所#top", "https://xn--r8jz45g.jp/%E9%98%B2%E7%81%BD?q=%E9%81%BF%E9%9B%A3%E6%89%80"),
        ("http://example.jp:80/a%20b", "http://example.jp/a%20b"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
    ],
)  # fmt: skip
def test_urls_are_brought_into_wire_form(given_url: str, wire: str) -> None:
    assert read_url(given_url).url == wire
    assert read_url(wire).url == wire


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.jp/", "example.jp", "https://", "https://user:secret@example.jp/", "https://a b/",
        "https://example.jp:0/", "https://example.jp:99999/", "https://127.1/", "https://0x7f.1/", "file:///etc/passwd",
        "https://exa\nmple.jp/", "https://exam<ple.jp/", "http://[::1/",
    ],
)  # fmt: skip
def test_urls_that_cannot_be_probed_are_refused(url: str) -> None:
    with pytest.raises(UrlError):
        read_url(url)


@given(st.text(max_size=60))
def test_reading_a_url_either_succeeds_in_ascii_or_refuses(text: str) -> None:
    try:
        place = read_url("https://" + text)
    except UrlError:
        return
    assert place.url.isascii()
    assert place.host.isascii()


def test_locations_are_joined_to_the_page() -> None:
    assert join_location("https://a.test/x/y?q", "../z") == "https://a.test/z"
    assert join_location("https://a.test/x", "//b.test/q r") == "https://b.test/q%20r"
