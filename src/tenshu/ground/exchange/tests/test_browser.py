"""The pages of an import in a real Chromium: nothing sideways, nothing that the CSP stops, a way through."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tenshu.ground.access.models import User
from tenshu.ground.exchange.actions import do_preview
from tenshu.ground.exchange.models import ImportRun
from tenshu.ground.exchange.outgoing import export_spec
from tenshu.ground.exchange.registry import find_table
from tenshu.ground.exchange.tests.bringing_in import edited, uploaded
from tenshu.ground.office.models import Staff
from tenshu.ground.office.tests.building import House

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
SHOTS = os.environ.get("TENSHU_SHOTS")
NEW = {"A6": "9006", "B6": "見本 六郎", "E6": "常勤", "A7": "9007", "B7": "見本 七郎", "E7": "再任用"}
CHANGED = {"B3": "例田 次郎", "D3": "jiro@example.jp", "B4": "仮名 新"}
WRONG = {"E2": "正社員", "F3": "R9.3.32", "F4": "昭和六十年", "D5": "長" * 300}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def secretary(transactional_db: None) -> User:
    return House.build().account("secretary")


def started(secretary: User, cells: dict[str, Any], *, conflicting: bool = False) -> ImportRun:
    """An import of the staff with these cells changed."""
    spec = find_table("office-staff")
    assert spec is not None
    content = edited(export_spec(spec, secretary), cells)
    if conflicting:
        Staff.objects.filter(number="1002").update(name="例田 三郎", mail="saburo@example.jp")
    return do_preview(spec, uploaded(content, "職員_令和5年度.xlsx"), acting_user=secretary)


@pytest.fixture
def open_page(browser: Browser, live_server: Any, secretary: User) -> Iterator[Callable[..., Page]]:
    """Opens a path as 見本 花子; fails on anything that the console complains about."""
    client = Client()
    client.force_login(secretary)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    contexts, complaints = [], []

    def opener(path: str, width: int = 1280) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(live_server.url + path)
        page.evaluate("document.fonts.ready")
        return page

    yield opener
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_of_an_import_runs_out_at_the_side(
    open_page: Callable[..., Page], secretary: User, width: int
) -> None:
    wrong = started(secretary, WRONG)
    changed = started(secretary, {**CHANGED, "C4": None, **NEW})
    clash = started(secretary, CHANGED, conflicting=True)
    pages = {
        "choose": "/imports/office-staff/",
        "errors": f"/imports/runs/{wrong.pk}/",
        "conflicts": f"/imports/runs/{clash.pk}/",
        "changes": f"/imports/runs/{changed.pk}/",
        "added": f"/imports/runs/{changed.pk}/added/",
        "same": f"/imports/runs/{changed.pk}/same/",
        "history": "/imports/",
    }
    for name, path in pages.items():
        page = open_page(path, width)
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"import-{name}.{width}.png"), full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.locator("main .button:not([data-kind])").count() <= 1, name


def test_a_clerk_finds_the_way_from_the_file_to_the_end(
    open_page: Callable[..., Page], secretary: User, tmp_path: Path
) -> None:
    spec = find_table("office-staff")
    assert spec is not None
    file = tmp_path / "職員.xlsx"
    file.write_bytes(edited(export_spec(spec, secretary), {"B3": "例田 次郎"}))
    page = open_page("/imports/office-staff/")
    page.get_by_label("取り込むファイル").set_input_files(file)
    page.get_by_role("button", name="何が変わるか確かめる").click()
    page.get_by_role("heading", name="取り込む前の確かめ").wait_for()
    page.get_by_role("button", name="変更 1か所を取り込む").click()
    page.get_by_text("取り込みました").first.wait_for()
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / "import-done.1280.png"), full_page=True)
    assert Staff.objects.get(number="1002").name == "例田 次郎"
