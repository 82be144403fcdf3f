"""Passkeys in a real Chromium with a virtual authenticator: registered, used alone and as a second factor, taken away."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import Page, expect
from tests.browser import axe_findings, browser, listen  # noqa: F401 (browser is a fixture)

from tenshu.ground.access.models import User
from tenshu.ground.office.tests.building import House
from tenshu.ground.sign_on.models import Factor, SignInEntry, Way
from tenshu.ground.sign_on.tests.building import PASSWORD, account, is_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server: Any) -> str:
    """Passkeys need a name and a secure context: localhost is one, 127.0.0.1 is not."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def page(browser: Any) -> Iterator[Page]:  # noqa: F811
    """A page whose computer has a fingerprint reader (a virtual one)."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()
    found.set_default_timeout(10_000)
    protocol = context.new_cdp_session(found)
    protocol.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield found
    context.close()


def type_password(page: Page, address: str, user: User) -> None:
    page.goto(f"{address}/access/login/")
    page.locator("[name=username]").fill(user.login_name)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする", exact=True).click()


def register(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-on/account/passkeys/add/")
    page.locator("[name=name]").fill("机のパソコン")
    page.get_by_role("button", name="パスキーを登録する").click()
    expect(page.get_by_role("heading", level=1, name="回復コード")).to_be_visible()


def sign_out(page: Page) -> None:
    page.locator(".person-menu summary").click()
    page.get_by_role("button", name="サインアウトする").click()
    expect(page.get_by_text("サインアウトしました。")).to_be_visible()


def test_a_passkey_is_registered_and_opens_the_house_without_a_password(page, address, transactional_db):
    user = account(House.build())
    complaints = listen(page)
    type_password(page, address, user)
    register(page, address)
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    assert axe_findings(page) == []
    page.goto(f"{address}/sign-on/account/")
    expect(page.get_by_text("パスキー「机のパソコン」")).to_be_visible()
    assert axe_findings(page) == []
    sign_out(page)
    page.get_by_role("button", name="パスキーでサインインする").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("サインイン")
    entry = SignInEntry.objects.latest("pk")
    assert (entry.user, entry.way, entry.factor) == (user, Way.PASSKEY, Factor.PASSKEY)
    assert [text for text in complaints if "422" not in text] == []


def test_a_passkey_is_the_second_factor_after_the_password(page, address, transactional_db):
    user = account(House.build())
    type_password(page, address, user)
    register(page, address)
    sign_out(page)
    type_password(page, address, user)
    expect(page.get_by_role("heading", level=1, name="二要素の確認")).to_be_visible()
    assert axe_findings(page) == []
    page.get_by_role("button", name="パスキーで確認する").click()
    page.wait_for_url(f"{address}/")
    entry = SignInEntry.objects.latest("pk")
    assert (entry.way, entry.factor) == (Way.PASSWORD, Factor.PASSKEY)


def test_a_passkey_that_was_deleted_opens_nothing(page, address, transactional_db):
    user = account(House.build())
    type_password(page, address, user)
    register(page, address)
    page.goto(f"{address}/sign-on/account/")
    page.get_by_role("link", name="削除する").click()
    page.get_by_role("button", name="削除する").click()
    sign_out(page)
    page.get_by_role("button", name="パスキーでサインインする").click()
    expect(page.get_by_text("パスキーを確かめられませんでした")).to_be_visible()


def test_an_answer_of_a_passkey_is_good_once(page, address, transactional_db):
    user = account(House.build())
    type_password(page, address, user)
    register(page, address)
    sign_out(page)
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None
    )
    page.get_by_role("button", name="パスキーでサインインする").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("サインイン")
    answer = next(parse_qs(body)["credential"][0] for body in sent if "credential=" in body)
    other = Client(headers={"host": "localhost"})
    other.post("/sign-on/passkey/options/")
    assert other.post("/sign-on/passkey/", {"credential": answer}).status_code == 302
    assert not is_in(other)
