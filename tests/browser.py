"""Real Chromium for the tests: opening pages as a person, and what axe, the console and the eye find on them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = os.environ.get("TENSHU_CHROMIUM", "/usr/bin/chromium")
AXE = Path(__file__).resolve().parent.parent / ".tools" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}

#: English that Japanese officials use as it is.
NAMES = frozenset(
    [
        "Excel",
        "Word",
        "PDF",
        "CSV",
        "JSON",
        "HTML",
        "WG",
        "DX",
        "CIO",
        "CISO",
        "ICT",
        "IT",
        "LGWAN",
        "ISMAP",
        "JIS",
        "SLA",
        "PF",
        "CPU",
        "GB",
        "IOPS",
        "OS",
        "CPE",
        "AI",
        "OCR",
        "RPA",
        "BI",
        "ID",
        "API",
        "IP",
        "URL",
        "UTF",
        "PC",
        "RPA",
        "MB",
        "xlsx",
        "csv",
        "txt",
        "docx",
        "pdf",
        "json",
    ]
)

_TEXTS = """() => {
  const found = [], skip = 'script, style, code, pre, .mono, svg.mark';
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent || parent.closest(skip) || !node.nodeValue.trim()) continue;
    found.push(node.nodeValue.trim());
  }
  for (const element of document.querySelectorAll('[title], [aria-label], [placeholder], [alt]'))
    for (const name of ['title', 'aria-label', 'placeholder', 'alt'])
      if (element.getAttribute(name)) found.push(element.getAttribute(name));
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module. Not longer: while it runs, no other event loop may start in this thread."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def sign_in(context: Any, user: Any, address: str) -> None:
    """Give the context the session of ``user``, without the sign-in page."""
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def listen(page: Page) -> list[str]:
    """The complaints of the console (the content security policy speaks there) and of scripts, as they come."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def axe_findings(page: Page) -> list[tuple[str, str]]:
    """What axe finds on the page: rule and place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [(rule["id"], node["html"][:200]) for rule in result["violations"] for node in rule["nodes"]]


def english_words(page: Page) -> list[str]:
    """English words in the texts of the page, but for the names that are in use."""
    found = []
    for text in page.evaluate(_TEXTS):
        words = re.findall(r"[A-Za-z]{2,}", re.sub(r"\S+@\S+", "", text))  # a mail address is no word
        found += [f"{word} in {text[:60]}" for word in words if word not in NAMES]
    return found


def shape_findings(page: Page, width: int) -> list[str]:
    """What is wrong with the shape of the page: sideways scroll, headings, title, language, filled buttons."""
    found = []
    if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
        found.append(f"scrolls sideways: {needed} px")
    if (headings := page.locator("h1").count()) != 1:
        found.append(f"{headings} h1")
    title = page.title()
    if not title.removesuffix("| 天守").strip():
        found.append("no title")
    if page.evaluate("document.documentElement.lang") != "ja":
        found.append("not marked as Japanese")
    filled = page.locator(
        ".page-head .button:not([data-kind]), main form.form .form-actions .button:not([data-kind])"
    )
    if filled.count() > 1:
        found.append(f"{filled.count()} filled buttons: {filled.all_inner_texts()}")
    return found
