"""The answering page and the board by keyboard alone, and what axe finds in states that no plain walk reaches."""

import pytest
from playwright.sync_api import expect

from tenshu.ground.access.roles import Role
from tenshu.mechanisms.inquiry.actions import answers, steps
from tenshu.mechanisms.inquiry.models import Sheet
from tests.browser import axe_findings, browser, shape_findings  # noqa: F401 (a fixture)
from tests.personas import at_work, send_without_script

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const labelled = one.closest('label, .check') || one;
  const ringed = getComputedStyle(labelled);
  const rings = [style, ringed].map(found => found.outlineStyle !== 'none' && parseFloat(found.outlineWidth) > 0
      || found.boxShadow !== 'none');
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  const covered = hit && !labelled.contains(hit) && !hit.contains(one) ? hit.className || hit.tagName : '';
  return {
    covered, tag: one.tagName, name: one.getAttribute('name') || '', text: (one.innerText || one.value || '').slice(0, 40),
    key: one.tagName + '#' + one.id + '|' + (one.getAttribute('name') || '') + '|' + (one.getAttribute('href') || '')
      + '|' + Math.round(box.top + scrollY) + ':' + Math.round(box.left),
    top: box.top, bottom: box.bottom, ringed: rings.some(Boolean), height: innerHeight,
  };
}"""


@pytest.fixture
def sheet(world):
    return Sheet.objects.get(pk=world.kwargs["sheet_id"])


@pytest.fixture
def questions(world):
    return {question.code: question for question in world.objects["version"].questions.all()}


@pytest.fixture
def people(browser, live_server, world):  # noqa: F811
    users = {
        "clerk": world.users[Role.SECRETARIAT],
        "officer": world.users[Role.OFFICER],
        "head": world.users[Role.HEAD],
    }
    with at_work(browser, live_server.url, **users) as found:
        yield found


def walk(page, limit=250):
    """Tab through the page until it begins anew: what is focused, in order; fails in a trap or at an unseen focus."""
    found, seen = [], set()
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused["tag"] == "BODY" or focused["key"] in seen:
            return found
        seen.add(focused["key"])
        assert focused["ringed"], f"the focus is not seen on {focused}"
        assert not focused["covered"], f"something lies over the focus: {focused}"
        assert focused["bottom"] > 0, f"out of sight: {focused}"
        assert focused["top"] < focused["height"], f"out of sight: {focused}"
        found.append(focused)
    raise AssertionError("the page never ends: a trap")


def press_to(page, selector, key="Tab", limit=200):
    """Press Tab until the focus is on ``selector``."""
    for _ in range(limit):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def looks(page):
    """axe and the shape of the page, at both widths."""
    found = []
    # Where the bars that stick to top and foot cut a control in two is a matter of the scroll, not of the page.
    page.evaluate(
        "document.querySelectorAll('.action-bar').forEach(bar => { bar.style.position = 'static' })"
    )
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("window.scrollTo(0, 0)")
        found += shape_findings(page, width) + axe_findings(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.querySelectorAll('.action-bar').forEach(bar => { bar.style.position = '' })")
    return found


def test_a_sheet_is_answered_and_submitted_by_keyboard_alone(people, sheet, questions):
    officer, q1, q4, q5 = people["officer"], *(questions[code].pk for code in ("Q1", "Q4", "Q5"))
    page = officer.go("inquiry:sheet-answer", sheet.pk)
    order = [one["name"] for one in walk(page)]
    asked = [name for name in order if name in {f"q{key}-answer" for key in (q1, q4, q5)}]
    assert list(dict.fromkeys(asked)) == [f"q{q1}-answer", f"q{q4}-answer", f"q{q5}-answer"]

    officer.go("inquiry:sheet-answer", sheet.pk)
    press_to(page, f"[name=q{q1}-answer]")
    page.keyboard.press("Space")
    officer.saved("Q1")
    # The question that appeared is the next stop, although the page was never loaded anew.
    press_to(page, f"[name=q{questions['Q2'].pk}-answer]", limit=4)
    page.keyboard.press("Space")
    officer.saved("Q2")
    press_to(page, f"[name=q{q4}-answer]")
    page.keyboard.press("ArrowDown")
    officer.saved("Q4")
    press_to(page, f"[name=q{q5}-answer]")
    page.keyboard.type("意見です。")
    press_to(page, "button[name=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("提出する")
    press_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    officer.sees("提出しました")
    assert sheet.answers.get(question=q5).value == {"answer": "意見です。"}


def test_the_board_is_read_filtered_and_reminded_of_by_keyboard_alone(people, sheet):
    clerk = people["clerk"]
    page = clerk.go("inquiry:campaign-detail", sheet.campaign_id)
    walk(page)

    clerk.go("inquiry:campaign-detail", sheet.campaign_id)
    press_to(page, "#board tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url("**department=**")
    press_to(page, "select[name=state]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("main")).to_contain_text("人事課")
    press_to(page, ".page-head .button", key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("催促する")


def test_states_that_a_plain_walk_does_not_reach_are_clean(people, sheet, questions, world):
    officer, head = people["officer"], people["head"]
    q1, q5 = questions["Q1"], questions["Q5"]
    answers.do_save_answer(sheet, q1, {"answer": False}, {}, acting_user=head_of(world))
    page = officer.go("inquiry:sheet-answer", sheet.pk)

    # A conflict, and beside it a question that has gone.
    answers.do_save_answer(sheet, q5, {"answer": "先の意見"}, {}, acting_user=head_of(world))
    officer.row("Q5").get_by_role("textbox").fill("後の意見")
    page.keyboard.press("Tab")
    expect(officer.row("Q5").locator("[id^=s-]")).to_contain_text("ほかの人が先に変えていました")
    assert looks(page) == []

    # The same without script: the page comes back with the summary of what is to be mended.
    officer.go("inquiry:sheet-answer", sheet.pk)
    stored = {"answer": "先の意見"}
    answers.do_save_answer(sheet, q5, {"answer": "直した意見"}, stored, acting_user=head_of(world))
    officer.row("Q5").get_by_role("textbox").fill("後の意見")
    send_without_script(page)
    officer.sees("直すところが1つあります")
    officer.shot("k1-conflict-page")
    assert looks(page) == []

    # Not complete yet.
    answers.do_save_answer(sheet, q1, {"answer": None}, {"answer": False}, acting_user=head_of(world))
    officer.go("inquiry:sheet-submit", sheet.pk)
    officer.sees("まだ提出できません")
    officer.shot("k2-gaps")
    assert looks(page) == []

    # Returned with a word at a question.
    answers.do_save_answer(sheet, q1, {"answer": False}, {"answer": None}, acting_user=head_of(world))
    steps.do_submit(sheet, acting_user=head_of(world))
    head.go("inquiry:sheet-return", sheet.pk)
    head.press("差し戻す")
    head.sees("差し戻す理由を書いてください")
    head.shot("k3-return-error")
    assert looks(head.page) == []
    steps.do_return(sheet, "直してください", {q5: "もう少し詳しく"}, acting_user=head_of(world))
    officer.go("inquiry:sheet-answer", sheet.pk)
    officer.sees("もう少し詳しく")
    officer.shot("k4-returned")
    assert looks(page) == []
    officer.go("inquiry:sheet-detail", sheet.pk)
    assert looks(page) == []

    # Handed over while it was being typed.
    officer.go("inquiry:sheet-answer", sheet.pk)
    steps.do_delegate(sheet, world.house.staff["1004"], acting_user=head_of(world))
    officer.row("Q5").get_by_role("textbox").fill("詳しい意見")
    page.keyboard.press("Tab")
    expect(officer.row("Q5").locator("[id^=s-]")).to_contain_text("いまの担当は")
    assert looks(page) == []
    officer.press("保存する")
    officer.sees("照会票が、ほかの担当に移っています")
    assert looks(page) == []


def head_of(world):
    return world.users[Role.HEAD]


def test_the_menu_of_the_secretariat_is_short_and_everything_is_within_reach(people, world):
    clerk = people["clerk"]
    page = clerk.home()
    menu = page.get_by_role("navigation", name="部屋")
    expect(menu.get_by_role("link", name="監査記録")).to_be_hidden()
    clerk.shot("n1-menu")
    press_to(page, ".wing:last-of-type summary")
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="監査記録")).to_be_visible()
    clerk.shot("n2-menu-open")
    press_to(page, ".wing:last-of-type a[href*='/audit/']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("監査記録")
    expect(menu.get_by_role("link", name="監査記録")).to_have_attribute("aria-current", "page")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="メニューを開く").click()
    expect(menu.get_by_role("link", name="ジョブ")).to_be_visible()
    clerk.shot("n3-menu-phone")


def test_a_person_without_any_role_is_offered_nothing_that_is_closed(browser, live_server, world):  # noqa: F811
    with at_work(browser, live_server.url, stranger=world.house.account("stranger")) as people:
        page = people["stranger"].home()
        people["stranger"].sees("役割がありません")
        expect(page.get_by_role("search")).to_have_count(0)
        for address in page.locator("a[href^='/']").evaluate_all("all => all.map(one => one.href)"):
            assert page.request.get(address).status == 200, address
        people["stranger"].shot("n4-stranger")
        assert looks(page) == []
