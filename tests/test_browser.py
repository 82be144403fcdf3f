"""Every page of the site in a real Chromium, at the width of a desk and of a phone."""

import pytest
from django.urls import reverse

from tenshu.ground.access.roles import Role
from tests.browser import (
    axe_findings,
    browser,  # noqa: F401 (a fixture)
    english_words,
    listen,
    shape_findings,
    sign_in,
)
from tests.test_permission_table import URLS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = [1280, 390]
OTHERS = (Role.HEAD, Role.OFFICER, Role.STAFF, Role.AUDITOR)


def shown_pages(client, world):
    """The addresses of all pages that a GET of this person shows as HTML."""
    paths = []
    for name, keywords in URLS:
        path = reverse(name, kwargs=world.example(keywords))
        response = client.get(path)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if response.status_code == 200 and is_page and "Content-Disposition" not in response:
            paths.append(path)
    return paths


def look(page, complaints, address, path, width):
    """Everything that is wrong with one page."""
    complaints.clear()
    response = page.goto(address + path)
    page.evaluate("document.fonts.ready")
    found = [f"answers {response.status}"] if response.status != 200 else []
    found += [f"console: {text}" for text in complaints]
    found += shape_findings(page, width)
    found += [f"English: {text}" for text in english_words(page)]
    found += [f"axe {rule}: {place}" for rule, place in axe_findings(page)]
    return [f"{path} at {width}: {text}" for text in found]


def look_at_all(browser, live_server, user, paths, width):  # noqa: F811
    context = browser.new_context(viewport={"width": width, "height": 900})
    try:
        sign_in(context, user, live_server.url)
        page = context.new_page()
        complaints = listen(page)
        return [text for path in paths for text in look(page, complaints, live_server.url, path, width)]
    finally:
        context.close()


def report(found):
    """Fail with every finding on a line of its own."""
    if found:
        pytest.fail(f"{len(found)} findings:\n" + "\n".join(found), pytrace=False)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_the_secretariat_is_clean(browser, live_server, world, client, width):  # noqa: F811
    user = world.users[Role.SECRETARIAT]
    client.force_login(user)
    paths = shown_pages(client, world)
    assert len(paths) > 60
    report(look_at_all(browser, live_server, user, paths, width))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_home_page_of_every_other_role_is_clean(browser, live_server, world, width):  # noqa: F811
    found = []
    for role in OTHERS:
        found += look_at_all(browser, live_server, world.users[role], [reverse("home:tasks")], width)
    report(found)


def test_the_pages_of_visitors_are_clean(browser, live_server, world):  # noqa: F811
    for width in WIDTHS:
        context = browser.new_context(viewport={"width": width, "height": 900})
        page = context.new_page()
        complaints = listen(page)
        assert look(page, complaints, live_server.url, reverse("access:login"), width) == []
        context.close()
