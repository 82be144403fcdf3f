"""The door against a real server: pinned addresses, redirects by hand, limits."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tenshu.ground.outgoing.door import OutgoingError, RefusedError, request
from tenshu.ground.outgoing.tests.servers import HttpServer, http_server, resolve_as

pytestmark = pytest.mark.servers


@pytest.fixture
def server(settings: Any) -> Iterator[HttpServer]:
    """A server on loopback that the settings allow by its network."""
    settings.OUTGOING = {**settings.OUTGOING, "allow": ["127.0.0.1/32"]}
    with http_server() as running:
        yield running


def test_a_request_brings_status_headers_and_body(server: HttpServer) -> None:
    server.answer = lambda _: (201, {"X-Answer": "yes"}, b"done")
    answer = request(
        "POST", server.url("/a?b=1"), headers={"X-A": "b", "Content-Type": "application/json"}, body=b"{}"
    )
    assert (answer.status, answer.headers["x-answer"], answer.body) == (201, "yes", b"done")
    assert answer.address == "127.0.0.1"
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.body, asked.headers["x-a"]) == ("POST", "/a?b=1", b"{}", "b")
    assert asked.headers["host"] == f"127.0.0.1:{server.port}"
    assert "expect" not in asked.headers


def test_loopback_is_refused_where_it_is_not_allowed(server: HttpServer, settings: Any) -> None:
    settings.OUTGOING = {**settings.OUTGOING, "allow": [], "ports": [server.port]}
    with pytest.raises(RefusedError, match="庁内のネットワーク"):
        request("GET", server.url())
    assert server.asked == []


def test_the_connection_goes_to_the_address_that_was_judged(
    server: HttpServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the second answer of the name would lead elsewhere, and nobody asks for it."""
    settings.OUTGOING = {**settings.OUTGOING, "allow": ["127.0.0.1/32"]}
    counts = resolve_as(monkeypatch, {"rebind.example": [["127.0.0.1"], ["127.0.0.2"]]})
    answer = request("GET", server.url("/", "rebind.example"))
    assert (answer.address, counts["rebind.example"]) == ("127.0.0.1", 1)
    assert server.asked[0].headers["host"] == f"rebind.example:{server.port}"


def test_of_a_names_addresses_only_the_allowed_are_tried(
    server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_as(monkeypatch, {"both.example": [["127.0.0.9", "10.0.0.1", "127.0.0.1"]]})
    assert request("GET", server.url("/", "both.example")).address == "127.0.0.1"
    resolve_as(monkeypatch, {"inner.example": [["10.0.0.1", "::1"]]})
    with pytest.raises(RefusedError):
        request("GET", server.url("/", "inner.example"))


def test_the_socket_itself_refuses_an_address_that_was_not_judged(
    server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the pinning failed, the last step before connecting looks at the address again."""
    from tenshu.ground.outgoing import exchange as module
    from tenshu.ground.outgoing.destination import Destination, read_destination

    lying = Destination(read_destination(server.url()), ("127.0.0.7",))
    hop = module.Exchange("GET", lying, {}, b"", timeout=5, max_bytes=100, whole=5)
    with pytest.raises(OutgoingError, match="確かめたアドレスと違います"):
        module.exchange(hop)
    assert server.asked == []


def test_a_redirect_is_followed_and_judged_anew(server: HttpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answer = lambda asked: (
        (302, {"Location": "/there"}, b"") if asked.path == "/" else (200, {}, b"there")
    )
    assert request("GET", server.url()).body == b"there"
    for inner in (
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "http://2130706433/",
    ):
        server.answer = lambda _, inner=inner: (302, {"Location": inner}, b"")
        with pytest.raises(RefusedError):
            request("GET", server.url())


def test_a_redirect_to_another_origin_gets_no_headers(
    server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_as(monkeypatch, {"other.example": [["127.0.0.1"]]})
    elsewhere = server.url("/there", "other.example")
    server.answer = lambda asked: (302, {"Location": elsewhere}, b"") if asked.path == "/" else (200, {}, b"")
    request("GET", server.url(), headers={"Authorization": "Bearer secret", "X-Secret": "1"})
    assert "authorization" in server.asked[0].headers
    assert not {"authorization", "x-secret"} & set(server.asked[1].headers)


def test_a_body_is_not_carried_to_another_origin(server: HttpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_as(monkeypatch, {"other.example": [["127.0.0.1"]]})
    server.answer = lambda _: (307, {"Location": server.url("/there", "other.example")}, b"")
    with pytest.raises(RefusedError, match="内容は送りません"):
        request("POST", server.url(), body=b"secret")
    assert len(server.asked) == 1


def test_a_post_that_is_sent_on_becomes_a_get(server: HttpServer) -> None:
    server.answer = lambda asked: (303, {"Location": "/there"}, b"") if asked.path == "/" else (200, {}, b"")
    request("POST", server.url(), body=b"x")
    assert [(a.method, a.body) for a in server.asked] == [("POST", b"x"), ("GET", b"")]


def test_after_three_redirects_it_is_enough(server: HttpServer) -> None:
    server.answer = lambda asked: (302, {"Location": f"{asked.path}x"}, b"")
    with pytest.raises(OutgoingError, match="転送が3回"):
        request("GET", server.url())
    assert len(server.asked) == 4
    assert request("GET", server.url(), redirects=0).status == 302


def test_from_https_to_http_none_is_followed() -> None:
    from tenshu.ground.outgoing.door import _next_hop

    with pytest.raises(RefusedError, match="暗号化されていない"):
        _next_hop("GET", "https://example.jp/", "http://example.jp/", 302, {}, b"")


def test_an_answer_that_is_too_long_is_cut_off(server: HttpServer) -> None:
    server.answer = lambda _: (200, {}, b"x" * 200_000)
    with pytest.raises(OutgoingError, match="100,000バイトを超えました"):
        request("GET", server.url(), max_bytes=100_000)


def test_a_server_that_does_not_answer_is_given_up(settings: Any) -> None:
    settings.OUTGOING = {**settings.OUTGOING, "allow": ["127.0.0.1/32"]}
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(OutgoingError, match="以内に答えがありません"),
    ):
        request("GET", f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.3)


def test_a_port_that_is_not_usual_is_refused_in_public(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_as(monkeypatch, {"public.example": [["8.8.8.8"]]})
    with pytest.raises(RefusedError, match="ポート22へは送れません"):
        request("GET", "http://public.example:22/")


@pytest.mark.parametrize(
    "headers", [{"X-A": "b\r\nX-B: c"}, {"X A": "b"}, {"Host": "inner"}, {"X-A": "日本"}]
)
def test_headers_that_would_break_the_request_are_refused(
    server: HttpServer, headers: dict[str, str]
) -> None:
    with pytest.raises(RefusedError, match="見出し"):
        request("GET", server.url(), headers=headers)
    assert server.asked == []


def test_the_proxy_is_asked_for_the_address_not_for_the_name(
    server: HttpServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tunnel names the judged address, so that the proxy cannot resolve the name to another one."""
    resolve_as(monkeypatch, {"public.example": [["8.8.8.8"]]})
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        settings.OUTGOING = {**settings.OUTGOING, "proxy": f"http://127.0.0.1:{proxy.getsockname()[1]}"}
        import threading

        lines: list[bytes] = []

        def answer() -> None:
            connection, _ = proxy.accept()
            with connection:
                lines.append(connection.recv(4000).split(b"\r\n")[0])
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        with pytest.raises(OutgoingError):
            request("GET", "http://public.example/")
        thread.join(5)
    assert lines == [b"CONNECT 8.8.8.8:80 HTTP/1.1"]


def test_a_host_of_the_operators_own_files_is_reached_inside_without_the_proxy(settings: Any) -> None:
    settings.OUTGOING = {**settings.OUTGOING, "allow": [], "proxy": "http://127.0.0.1:9"}
    with http_server() as server:
        named = frozenset({"127.0.0.1"})
        assert request("GET", server.url(), named=named).body == b"ok"
        with pytest.raises(RefusedError):
            request("GET", server.url())
        server.answer = lambda _: (302, {"Location": server.url("/inner", host="localhost")}, b"")
        with pytest.raises(RefusedError):
            request("GET", server.url(), named=named)
        assert [asked.path for asked in server.asked] == ["/", "/"]
