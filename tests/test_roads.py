"""Whole roads through the site in Chromium: the year's main road, by keyboard alone, and without any script."""

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser import browser, listen  # noqa: F401 (a fixture)
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_site(browser, live_server, world):  # noqa: F811
    """A page on the sign-in page of a browser of its own; at the end nothing may have been complained about."""
    opened = []

    def opener(**options):
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, accept_downloads=True, **options
        )
        page = context.new_page()
        opened.append((context, listen(page)))
        page.goto(f"{live_server.url}/access/login/")
        return page

    yield opener
    for context, complaints in opened:
        context.close()
        # A refused form answers 422, and Chromium writes that into its console.
        assert [text for text in complaints if "422" not in text] == []


def sign_in_as(page, name):
    page.get_by_label("利用者名").fill(name)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインインする", exact=True).click()
    expect(page.locator("h1")).to_have_text("やること")


def change_workbook(path):
    """As a clerk would: one system renamed, one added that is a candidate from the year's start."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    column = {str(cell.value).split("\n")[0]: cell.column for cell in sheet[1]}
    numbers = {cell.value: cell.row for cell in sheet["A"]}
    sheet.cell(numbers["0042"], column["名称"]).value = "許認可台帳システム"
    new = max(row for number, row in numbers.items() if number) + 1
    for heading, value in (
        ("番号", "0100"),
        ("名称", "見本予約システム"),
        ("所管コード", "0101"),
        ("最適化対象開始日", "R5.4.1"),
    ):
        sheet.cell(new, column[heading]).value = value
    book.save(path)


def test_the_main_road_from_workbook_to_corrected_report(open_site, world, tmp_path):
    page = open_site()
    sign_in_as(page, "secretary")

    # The register goes out as a workbook, comes back changed, and is seen before it is taken in.
    page.goto(f"{page.url.split('/?')[0].rstrip('/')}/imports/systems/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excelに取り出す").click()
    workbook = tmp_path / "システム.xlsx"
    download.value.save_as(workbook)
    change_workbook(workbook)
    page.locator("input[type=file]").set_input_files(workbook)
    page.get_by_role("button", name="何が変わるか確かめる").click()
    expect(page.locator("h1")).to_have_text("取り込む前の確かめ")
    expect(page.locator("main")).to_contain_text("許認可台帳システム")
    page.get_by_role("link", name="追加 1", exact=True).click()
    expect(page.locator("main")).to_contain_text("見本予約システム")
    page.locator(".action-bar").get_by_role("button", name="取り込む").click()
    expect(page.locator("main")).to_contain_text("取り込みました")

    # The report states the new figure, and the figure opens its rows.
    page.get_by_role("link", name="年次報告").first.click()
    page.locator(".paper").get_by_role("link", name="3システム").click()
    expect(page.locator(".figure-head .value")).to_contain_text("3")
    expect(page.locator("#rows")).to_contain_text("見本予約システム")
    page.get_by_label("番号・システム名・所管で絞る").fill("0100")
    expect(page.locator(".counts")).to_contain_text("1行")

    # The year is closed.
    page.get_by_role("link", name="年次報告", exact=True).first.click()
    page.get_by_role("link", name="年度を締める").first.click()
    page.get_by_role("button", name="年度を締める").click()
    expect(page.locator("main")).to_contain_text("第1版を発行しました")

    # A division officer renames a system afterwards.
    division = open_site()
    sign_in_as(division, "officer")
    division.goto(f"{division.url.rstrip('/')}/systems/{world.kwargs['system_id']}/correct/")
    division.get_by_label("システム名").fill("総務事務統合システム")
    division.locator("main form button[type=submit]").first.click()
    expect(division.locator("h1")).to_contain_text("総務事務統合システム")

    # The difference names who did it; the report stays until a correction is issued with a reason.
    page.get_by_role("link", name="年次報告", exact=True).first.click()
    page.get_by_role("link", name="差異を見て決める").first.click()
    expect(page.locator("main")).to_contain_text("総務事務統合システム")
    expect(page.locator("main")).to_contain_text("仮名 次郎")
    page.get_by_role("link", name="訂正として発行する").click()
    page.get_by_role("button", name="訂正版を発行する").click()
    expect(page.locator(".error-summary")).to_contain_text("訂正の理由を入れてください")
    page.get_by_label("訂正の理由").fill("システムの名称が変わったため")
    page.get_by_role("button", name="訂正版を発行する").click()
    expect(page.locator("main")).to_contain_text("第2版を発行しました")
    page.get_by_role("link", name="発行した版").click()
    expect(page.locator("#rows")).to_contain_text("システムの名称が変わったため")


def press_to(page, selector, *, key="Tab", limit=80):
    """Press Tab until the focused element matches ``selector``."""
    for _ in range(limit):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"The keyboard does not reach {selector}.")


def test_the_keyboard_alone_signs_in_and_reaches_everything(open_site, world):
    page = open_site()
    press_to(page, "input[name=username]")
    page.keyboard.type("secretary")
    press_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("やること")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    press_to(page, "main .task .button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("取り込む前の確かめ")

    page.goto(page.url.split("/imports")[0] + "/systems/")
    press_to(page, ".year-menu summary")
    page.keyboard.press("Enter")
    press_to(page, ".year-menu a:not([aria-current])")
    page.keyboard.press("Enter")
    expect(page.locator(".year-menu summary")).to_contain_text("令和4年度")
    page.go_back()

    press_to(page, "thead th:nth-child(2) a")
    page.keyboard.press("Enter")
    expect(page.locator("thead th:nth-child(2)")).to_have_attribute("aria-sort", "ascending")
    press_to(page, ".columns-menu summary", key="Shift+Tab")
    page.keyboard.press("Enter")
    press_to(page, ".columns-panel input[value=purpose]")
    page.keyboard.press("Space")
    press_to(page, ".columns-panel button")
    page.keyboard.press("Enter")
    expect(page.locator("thead")).to_contain_text("目的")


def test_without_any_script_the_work_can_be_done(open_site, world):
    page = open_site(java_script_enabled=False)
    sign_in_as(page, "secretary")

    page.get_by_role("link", name="数値", exact=True).click()
    page.get_by_label("名称で絞る").fill("ワーキング")
    page.get_by_role("button", name="絞り込む").click()
    expect(page.locator(".counts")).to_contain_text("1の数値")

    page.locator(".year-menu summary").click()
    page.get_by_role("link", name="令和4年度").click()
    expect(page.locator(".year-menu summary")).to_contain_text("令和4年度")
    page.locator(".year-menu summary").click()
    page.locator(".year-menu").get_by_role("link", name="令和5年度").click()

    page.get_by_role("link", name="年次報告", exact=True).first.click()
    page.get_by_role("link", name="年度を締める").first.click()
    page.get_by_role("button", name="年度を締める").click()
    expect(page.locator("main")).to_contain_text("第1版を発行しました")
