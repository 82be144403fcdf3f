"""The box in a real Chromium: keys, suggestions, and nothing that axe finds."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from tests.browser import axe_findings, browser, listen, shape_findings, sign_in  # noqa: F401 (a fixture)
from tests.world import build_world

from tenshu.ground.access.roles import Role
from tenshu.ground.search.rebuilding import rebuild

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("TENSHU_SHOTS")


@pytest.fixture
def open_page(browser, live_server):  # noqa: F811
    world = build_world()
    rebuild()
    contexts = []

    def open_page(path, width=1280):
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        sign_in(context, world.users[Role.SECRETARIAT], live_server.url)
        page = context.new_page()
        page.complaints = listen(page)
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def keep(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_results_are_clean_at_both_widths(open_page, width):
    for query in ("", "?q=総務", "?q=見本", "?q=ぬるぽん", "?q=総務&kind=unit"):
        page = open_page(reverse("search:results") + query, width)
        keep(page, f"search-{len(query)}-{width}")
        assert shape_findings(page, width) == []
        assert axe_findings(page) == []
        assert page.complaints == []


def test_the_keys_lead_to_the_box_and_through_the_suggestions(open_page):
    page = open_page(reverse("home:tasks"))
    page.keyboard.press("/")
    box = page.locator("#house-search")
    assert page.evaluate("document.activeElement.id") == "house-search"
    page.keyboard.type("総務")
    page.wait_for_selector("#house-options")
    assert box.get_attribute("aria-expanded") == "true"
    assert axe_findings(page) == []
    page.keyboard.press("ArrowDown")
    chosen = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    assert not page.locator("#house-suggestions").is_visible()
    page.keyboard.press("ArrowDown")
    target = page.locator('[aria-selected="true"]').get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")
    assert page.complaints == []


def test_the_key_that_ends_a_conversion_chooses_nothing(open_page):
    page = open_page(reverse("home:tasks"))
    page.keyboard.press("/")
    page.keyboard.type("総務")
    page.wait_for_selector("#house-options")
    page.keyboard.press("ArrowDown")
    here = page.url
    for end in ({"isComposing": True}, {"keyCode": 229}):
        told = {"key": "Enter", "bubbles": True, "cancelable": True, **end}
        page.evaluate(
            "told => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', told))", told
        )
    page.evaluate("document.dispatchEvent(new Event('keydown', {bubbles: true}))")
    assert page.url == here
    assert page.locator('[aria-selected="true"]').count() == 1
    assert page.complaints == []


def test_enter_without_a_choice_opens_the_results(open_page):
    page = open_page(reverse("home:tasks"))
    page.keyboard.press("Control+k")
    page.keyboard.type("総務")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert page.locator("#house-search").input_value() == "総務"


def test_a_slash_in_a_field_is_a_slash(open_page):
    page = open_page(reverse("search:results"))
    page.locator("#search-q").fill("")
    page.keyboard.type("A/B")
    assert page.locator("#search-q").input_value() == "A/B"


def test_on_a_phone_the_box_is_a_link_to_the_page(open_page):
    page = open_page(reverse("home:tasks"), 390)
    assert not page.locator("#house-search").is_visible()
    page.get_by_role("link", name="探す").first.click()
    page.wait_for_url("**/search/")
    assert page.locator("#search-q").is_visible()
