"""The gallery in a real Chromium: nothing for axe to find, nothing sideways, nothing that the CSP stops."""

import os
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = {"gallery": "/gallery/", "confirm": "/gallery/confirm/", "missing": "/nowhere/"}
SHOTS = os.environ.get("TENSHU_SHOTS")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, live_server, gallery, person):
    """Opens a path as 見本 花子 and collects what the console complains about."""
    client = Client()
    client.force_login(person)
    contexts = []

    def opener(path, width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda message: page.complaints.append(message.text) if message.type == "error" else None,
        )
        response = page.goto(live_server.url + path)
        assert response is not None
        page.status = response.status
        page.evaluate("document.fonts.ready")
        return page

    yield opener
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_runs_out_of_the_page_at_the_side(open_page, name, width):
    page = open_page(PAGES[name], width)
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.{width}.png"), full_page=True)
    assert page.status == (404 if name == "missing" else 200)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
