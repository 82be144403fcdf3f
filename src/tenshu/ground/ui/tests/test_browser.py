"""The gallery in a real Chromium: nothing for axe to find, nothing sideways, nothing that the CSP stops."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser import axe_findings as findings
from tests.browser import browser, listen, sign_in  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "gallery": "/gallery/",
    "charts": "/gallery/charts/",
    "closed": "/gallery/charts/?nendo=R4",
    "confirm": "/gallery/confirm/",
    "missing": "/nowhere/",
    "sign-in": "/gallery/sign-in/",
}
SHOTS = os.environ.get("TENSHU_SHOTS")


@pytest.fixture
def open_page(browser, live_server, gallery, person):  # noqa: F811
    """Opens a path as 見本 花子 and collects what the console complains about."""
    contexts = []

    def opener(path, width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        sign_in(context, person, live_server.url)
        page = context.new_page()
        page.complaints = listen(page)
        response = page.goto(live_server.url + path)
        assert response is not None
        page.status = response.status
        if options.get("java_script_enabled", True):
            page.evaluate("document.fonts.ready")
        return page

    yield opener
    for context in contexts:
        context.close()


def keep(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_clean_for_axe_and_fits_its_width(open_page, name, width):
    page = open_page(PAGES[name], width)
    keep(page, f"{name}.{width}")
    assert page.status == (404 if name == "missing" else 200)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert findings(page) == []
    # A 404 is itself a message in the console; everything else would be the content security policy speaking.
    assert [text for text in page.complaints if "404" not in text] == []


@pytest.mark.parametrize("name", ["gallery", "charts"])
@pytest.mark.parametrize(
    "scheme", [{"color_scheme": "dark"}, {"forced_colors": "active"}], ids=["dark", "forced"]
)
def test_dark_and_forced_colours_are_clean_too(open_page, name, scheme):
    page = open_page(PAGES[name], **scheme)
    keep(page, f"{name}.{next(iter(scheme.values()))}")
    assert findings(page) == []


def test_paper_has_no_bars_and_no_tools(open_page):
    page = open_page("/gallery/")
    page.emulate_media(media="print")
    keep(page, "gallery.print")
    for part in (".topbar", ".sidebar", ".toolbar", ".pager", ".page-head .actions"):
        assert not page.locator(part).first.is_visible()
    assert page.locator(".print-only").is_visible()


def test_the_first_tab_stop_leads_to_the_content(open_page):
    page = open_page("/gallery/confirm/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_menus_open_and_close_by_keyboard(open_page):
    page = open_page("/gallery/confirm/")
    page.locator(".year-menu summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".year-menu .menu-panel").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".year-menu .menu-panel").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_typing_into_the_filter_swaps_the_result_and_keeps_the_place(open_page):
    page = open_page("/gallery/")
    page.locator("#rows-q").fill("見本12")
    expect(page.locator(".counts")).to_contain_text("1組織")
    assert "q=" in page.url
    assert page.evaluate("document.activeElement.id") == "rows-q"
    assert page.complaints == []


def test_the_list_works_without_any_script(open_page):
    page = open_page("/gallery/", java_script_enabled=False)
    page.locator("#rows-q").fill("見本12")
    page.get_by_role("button", name="絞り込む").click()
    expect(page.locator(".counts")).to_contain_text("1組織")
    page.locator(".columns-menu summary").click()
    page.get_by_label("終了日").check()
    page.get_by_role("button", name="この列で見る").click()
    expect(page.locator("thead")).to_contain_text("終了日")
    expect(page.locator(".counts")).to_contain_text("1組織")


def test_errors_are_read_first_and_lead_to_their_field(open_page):
    page = open_page("/gallery/")
    page.get_by_label("開催日").fill("令和5年2月30日")
    page.get_by_role("button", name="保存して次の段へ").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="開催日").click()
    expect(page.get_by_label("開催日")).to_be_focused()
    assert page.get_by_label("開催日").input_value() == "令和5年2月30日"
    keep(page, "errors")
    assert findings(page) == []


def test_the_phone_menu_opens_as_a_page_and_closes(open_page):
    page = open_page("/gallery/confirm/", 390)
    assert not page.locator("#nav").is_visible()
    page.get_by_role("link", name="メニューを開く").click()
    expect(page.locator("#nav")).to_be_visible()
    keep(page, "menu.390")
    page.get_by_role("link", name="メニューを閉じる").click()
    expect(page.locator("#nav")).to_be_hidden()
