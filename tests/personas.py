"""People at their own screens: one browser context each, with what they do again and again in an inquiry."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tenshu.ground.access.models import User
from tenshu.ground.office.models import PostRank
from tests.browser import listen, sign_in

expect.set_options(timeout=15_000)  # a busy machine answers late

DESK = {"width": 1280, "height": 900}
SHOTS = os.environ.get("TENSHU_SHOTS", "")
REFUSED = ("401", "403", "409", "422")
"""Chromium writes into its console that a page was answered so, although the page says why."""


class Persona:
    """One person: a page, and the address of the house."""

    def __init__(self, page: Page, address: str, complaints: list[str]) -> None:
        self.page, self.address, self.complaints = page, address, complaints

    def go(self, name: str, *args: Any) -> Page:
        """Open a page of the inquiries by its URL name."""
        self.page.goto(self.address + reverse(name, args=args))
        return self.page

    def home(self) -> Page:
        """The things to do."""
        return self.go("home:tasks")

    def take_up(self, title: str) -> None:
        """Open something that waits among the things to do: the card of what comes first, or a line below."""
        self.home()
        waiting = self.page.locator(".next-card, .task").filter(has_text=title)
        waiting.first.get_by_role("link").first.click()

    def press(self, name: str) -> None:
        """The one button of the content with this name."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """The link (or button-shaped link) of the content with this name."""
        self.page.locator("main").get_by_role("link", name=name, exact=True).first.click()

    def fill(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.field(label).fill(text)

    def field(self, label: str) -> Any:
        """The field with this label, be it required or not."""
        return self.page.locator("main").get_by_label(
            re.compile(f"^{re.escape(label)}(必ず(入れる|選ぶ|印を付ける))?$")
        )

    def sees(self, text: str) -> None:
        """The content says so."""
        expect(self.page.locator("main")).to_contain_text(text)

    def row(self, code: str) -> Any:
        """The row of a question of the answering page."""
        heading = self.page.locator("h3", has_text=code)
        return self.page.locator(".sheet-row").filter(has=heading)

    def saved(self, code: str) -> None:
        """Wait until the answer beside the question is saved."""
        expect(self.row(code).locator("[id^=s-]")).to_contain_text("に保存しました")

    def forgive(self, *words: str) -> None:
        """What Chromium writes when a connection is cut is no fault of the page."""
        self.complaints[:] = [text for text in self.complaints if not any(word in text for word in words)]

    def shot(self, name: str) -> None:
        """A picture to look at, when ``TENSHU_SHOTS`` names a folder: at the width of a desk and of a phone."""
        if not SHOTS:
            return
        for width in (1280, 390):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.screenshot(path=Path(SHOTS) / f"{name}.{width}.png", full_page=True)
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]


@contextmanager
def at_work(browser: Browser, address: str, **users: User) -> Iterator[dict[str, Persona]]:
    """Each user in a browser context of the own; at the end no page may have complained."""
    people, contexts = {}, []
    for name, user in users.items():
        context = browser.new_context(viewport=DESK, accept_downloads=True)  # type: ignore[arg-type]
        contexts.append(context)
        sign_in(context, user, address)
        page = context.new_page()
        page.set_default_timeout(20_000)
        people[name] = Persona(page, address, listen(page))
    try:
        yield people
        for name, person in people.items():
            told = [text for text in person.complaints if not any(code in text for code in REFUSED)]
            assert told == [], f"{name}: {told}"
    finally:
        for context in contexts:
            context.close()


def send_without_script(page: Page) -> None:
    """Send the answering form as a browser without script does: at once, whatever the scripts would say."""
    page.evaluate("HTMLFormElement.prototype.submit.call(document.getElementById('sheet'))")


def hire(world: Any, persona: str, number: str, name: str, kana: str, unit: str, **post: Any) -> User:
    """One more member of staff with an account."""
    post.setdefault("rank", PostRank.MEMBER)
    return world.house.person(persona, number, name, kana, unit, **post)
