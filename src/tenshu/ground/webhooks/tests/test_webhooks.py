"""Webhooks against a real HTTP server: signature, retry, pause, rotation, and what is never told."""

import datetime
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.calendar.actions import do_open_year
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.notices.models import Notice
from tenshu.ground.outgoing.tests.servers import Asked, HttpServer, http_server
from tenshu.ground.webhooks import actions, delivering
from tenshu.ground.webhooks.delivering import deliver_due
from tenshu.ground.webhooks.feed import feed
from tenshu.ground.webhooks.models import Delivery, DeliveryState, Endpoint, EndpointState

pytestmark = [pytest.mark.servers, pytest.mark.django_db]

EVENT = "calendar.year.opened"


@pytest.fixture
def server(settings: Any) -> Iterator[HttpServer]:
    settings.OUTGOING = {**settings.OUTGOING, "allow": ["127.0.0.1/32"]}
    with http_server() as running:
        yield running


@pytest.fixture
def office(world: Any) -> Any:
    """The sample office without the world's own endpoint."""
    Endpoint.objects.all().delete()
    return world


@pytest.fixture
def endpoint(office: Any, server: HttpServer) -> tuple[Endpoint, str]:
    made = Endpoint(name="庁内ポータル", url=server.url("/hook"), events=[EVENT])
    feed()  # what happened before is not told
    return actions.do_add_endpoint(made, acting_user=office.users[Role.SECRETARIAT])


def _happen(office: Any, year: int = 2024) -> None:
    do_open_year(FiscalYear(year), acting_user=office.house.machine)


def _is_signed(asked: Asked, secret: str) -> bool:
    """What the receiver does."""
    head = asked.headers
    text = f"{head['tenshu-webhook-timestamp']}.{head['tenshu-webhook-id']}.".encode() + asked.body
    wanted = "v1=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return wanted in head["tenshu-webhook-signature"].split(",")


def _again() -> None:
    Delivery.objects.filter(state=DeliveryState.WAITING).update(due_at=timezone.now())


def test_an_event_is_told_once_signed_and_without_people(
    office: Any, endpoint: Any, server: HttpServer
) -> None:
    _happen(office)
    assert (feed(), feed()) == (1, 0)
    assert deliver_due() == 1
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/hook")
    assert _is_signed(asked, endpoint[1])
    assert not _is_signed(asked, "another")
    told = json.loads(asked.body)
    assert told["event"] == EVENT == asked.headers["tenshu-webhook-event"]
    assert told["object"]["label"] == "令和6年度"
    assert told["id"] == asked.headers["tenshu-webhook-id"]
    assert set(told) == {"id", "event", "title", "at", "object"}
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status_code, delivery.answer) == (DeliveryState.DELIVERED, 200, "ok")


def test_events_that_were_not_chosen_are_not_told(office: Any, endpoint: Any) -> None:
    from tenshu.ground.calendar.actions import do_add_closure

    do_add_closure(
        "停電",
        datetime.date(2030, 1, 7),
        datetime.date(2030, 1, 7),
        every_year=False,
        acting_user=office.house.machine,
    )
    assert feed() == 0


def test_a_failed_delivery_comes_again_with_the_same_id_and_body(
    office: Any, endpoint: Any, server: HttpServer
) -> None:
    server.answer = lambda _: (503, {}, "あとで".encode())
    _happen(office)
    feed()
    before = timezone.now()
    assert deliver_due() == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status_code, delivery.answer) == (DeliveryState.WAITING, 503, "あとで")
    assert before + datetime.timedelta(seconds=45) < delivery.due_at < before + datetime.timedelta(seconds=90)
    server.answer = lambda _: (200, {}, b"")
    _again()
    assert deliver_due() == 1
    first, second = server.asked
    assert first.body == second.body
    assert first.headers["tenshu-webhook-id"] == second.headers["tenshu-webhook-id"]
    assert Endpoint.objects.get().failures == 0


def test_after_the_last_try_it_is_given_up_and_may_be_sent_by_hand(
    office: Any, endpoint: Any, server: HttpServer
) -> None:
    server.answer = lambda _: (500, {}, b"")
    _happen(office)
    feed()
    for _ in range(len(delivering.BACK_OFF) + 1):
        _again()
        deliver_due()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, 9)
    actions.do_retry_delivery(delivery, acting_user=office.users[Role.SECRETARIAT])
    server.answer = lambda _: (204, {}, b"")
    assert deliver_due() == 1


def test_an_endpoint_that_keeps_failing_is_paused_and_the_secretariat_is_told(
    office: Any, endpoint: Any, server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "PAUSE_AFTER", 3)
    server.answer = lambda _: (500, {}, b"")
    _happen(office)
    feed()
    for _ in range(5):
        _again()
        deliver_due()
    row = Endpoint.objects.get()
    assert (row.state, len(server.asked)) == (EndpointState.PAUSED, 3)
    assert Notice.objects.get(kind="webhooks.paused").person == office.users[Role.SECRETARIAT]
    _happen(office, 2025)
    assert (feed(), deliver_due()) == (1, 0)
    server.answer = lambda _: (200, {}, b"")
    actions.do_resume(row, acting_user=office.users[Role.SECRETARIAT])
    assert deliver_due() == 2


def test_who_answers_gone_is_asked_no_more(office: Any, endpoint: Any, server: HttpServer) -> None:
    server.answer = lambda _: (410, {}, b"")
    _happen(office)
    feed()
    deliver_due()
    assert Endpoint.objects.get().state == EndpointState.PAUSED


def test_after_a_rotation_both_keys_sign_for_a_day(office: Any, endpoint: Any, server: HttpServer) -> None:
    row, old = endpoint
    new = actions.do_rotate_secret(row, acting_user=office.users[Role.SECRETARIAT])
    actions.do_test(row, acting_user=office.users[Role.SECRETARIAT])
    deliver_due()
    assert _is_signed(server.asked[0], old)
    assert _is_signed(server.asked[0], new)
    row.secrets.exclude(valid_until=None).update(valid_until=timezone.now())
    actions.do_test(row, acting_user=office.users[Role.SECRETARIAT])
    deliver_due()
    assert not _is_signed(server.asked[1], old)
    assert _is_signed(server.asked[1], new)


def test_a_redirect_is_not_followed(office: Any, endpoint: Any, server: HttpServer) -> None:
    server.answer = lambda _: (302, {"Location": server.url("/elsewhere")}, b"")
    actions.do_test(endpoint[0], acting_user=office.users[Role.SECRETARIAT])
    assert deliver_due() == 0
    assert [asked.path for asked in server.asked] == ["/hook"]


def test_an_inner_address_is_refused_by_the_door(
    office: Any, endpoint: Any, server: HttpServer, settings: Any
) -> None:
    settings.OUTGOING = {**settings.OUTGOING, "allow": []}
    actions.do_test(endpoint[0], acting_user=office.users[Role.SECRETARIAT])
    assert deliver_due() == 0
    assert "庁内のネットワーク" in Delivery.objects.get().answer
    assert server.asked == []


def test_the_key_is_neither_in_the_record_nor_readable_in_the_database(office: Any, endpoint: Any) -> None:
    row, secret = endpoint
    assert secret not in "".join(map(str, AuditRow.objects.values_list("after", flat=True)))
    assert all(secret not in sealed for sealed in row.secrets.values_list("sealed", flat=True))


@pytest.mark.parametrize("url", ["ftp://example.jp/", "https://a:b@example.jp/", "http://0x7f000001/", "x"])
def test_a_url_that_can_never_work_is_refused_at_once(office: Any, url: str) -> None:
    with pytest.raises(ValidationError):
        actions.do_add_endpoint(
            Endpoint(name="x", url=url, events=[EVENT]), acting_user=office.users[Role.SECRETARIAT]
        )


def test_the_secretariat_adds_tests_rotates_and_removes_an_endpoint(
    office: Any, server: HttpServer, client: Client
) -> None:
    client.force_login(office.users[Role.SECRETARIAT])
    values = {"name": "ポータル", "url": server.url(), "events": [EVENT]}
    shown = client.post(reverse("webhooks:endpoint-add"), values)
    secret = shown.context["secret"]
    assert secret in shown.text
    row = Endpoint.objects.get()
    page = reverse("webhooks:endpoint-detail", args=[row.pk])
    assert secret not in client.get(page).text
    client.post(reverse("webhooks:endpoint-test", args=[row.pk]))
    deliver_due()
    assert "試しの送信" in client.get(page).text
    assert (
        client.get(reverse("webhooks:delivery-detail", args=[Delivery.objects.get().pk])).status_code == 200
    )
    assert client.post(reverse("webhooks:endpoint-rotate", args=[row.pk])).context["secret"] != secret
    client.post(reverse("webhooks:endpoint-state", args=[row.pk]), {"state": "paused"})
    assert "送信を止めています" in client.get(page).text
    client.post(reverse("webhooks:endpoint-remove", args=[row.pk]))
    assert not Endpoint.objects.exists()


def test_the_key_that_the_other_system_has_goes_on_signing_after_two_rotations(
    office: Any, endpoint: Any, server: HttpServer
) -> None:
    row, first = endpoint
    secretary = office.users[Role.SECRETARIAT]
    actions.do_rotate_secret(row, acting_user=secretary)  # its page was closed before anybody had noted it
    newest = actions.do_rotate_secret(row, acting_user=secretary)
    actions.do_test(row, acting_user=secretary)
    deliver_due()
    assert _is_signed(server.asked[0], first)
    assert _is_signed(server.asked[0], newest)
    assert row.secrets.count() == 3


def test_a_key_whose_day_is_over_is_neither_shown_nor_kept(
    office: Any, endpoint: Any, client: Client
) -> None:
    row, _ = endpoint
    actions.do_rotate_secret(row, acting_user=office.users[Role.SECRETARIAT])
    client.force_login(office.users[Role.SECRETARIAT])
    page = reverse("webhooks:endpoint-detail", args=[row.pk])
    assert "これまでの鍵の署名も" in client.get(page).text
    row.secrets.exclude(valid_until=None).update(valid_until=timezone.now() - datetime.timedelta(hours=1))
    assert "これまでの鍵の署名も" not in client.get(page).text
    delivering.prune()
    assert row.secrets.count() == 1


def test_an_endpoint_that_is_removed_while_it_is_asked_stops_nothing(office: Any, endpoint: Any) -> None:
    row, _ = endpoint
    actions.do_test(row, acting_user=office.users[Role.SECRETARIAT])
    delivery = delivering._claim(set())
    assert delivery is not None
    actions.do_remove_endpoint(Endpoint.objects.get(pk=row.pk), acting_user=office.users[Role.SECRETARIAT])
    delivering._conclude(delivery, 200, "ok", 0.1, taken=True)
    assert not Delivery.objects.exists()
    assert not Endpoint.objects.exists()


def test_who_has_lost_the_lease_does_not_undo_what_the_next_one_has_sent(office: Any, endpoint: Any) -> None:
    row, _ = endpoint
    actions.do_test(row, acting_user=office.users[Role.SECRETARIAT])
    slow = delivering._claim(set())
    assert slow is not None
    Delivery.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1))
    assert deliver_due() == 1
    delivering._conclude(slow, None, "時間切れ", 130.0, taken=False)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status_code) == (DeliveryState.DELIVERED, 200)
    assert Endpoint.objects.get().failures == 0


def test_what_waits_for_a_paused_endpoint_is_forgotten_after_ninety_days(office: Any, endpoint: Any) -> None:
    row, _ = endpoint
    secretary = office.users[Role.SECRETARIAT]
    for _ in range(2):
        actions.do_test(row, acting_user=secretary)
    long_ago = timezone.now() - datetime.timedelta(days=91)
    Delivery.objects.filter(pk=Delivery.objects.latest("pk").pk).update(created_at=long_ago)
    assert delivering.prune() == 0
    actions.do_pause(row, acting_user=secretary)
    assert delivering.prune() == 1
    assert Delivery.objects.count() == 1
