"""The labelled corpus: five made-up sites, their learning days, and pairs of page copies with one change
each.

A case is kept as the edits that make the later copy out of the site's page (see ``corpus/README.md``);
this module
makes the copies.
"""

import hashlib
import random
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from pictures import draw

from tenshu.engines.page_scan import PageCopy, View

FOLDER = Path(__file__).parent / "corpus"
FIRST_DAY = date(2026, 9, 1)
PARTNERS = ["honya-mori", "bunbogu-ten", "kissa-sora", "eigakan-hoshi"]


class CorpusError(ValueError):
    """A corpus file does not fit the page it edits."""


@dataclass(frozen=True)
class Site:
    """A site's description and sources."""

    name: str
    description: dict[str, Any]

    def source(self, file: str) -> str:
        return (FOLDER / self.name / file).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Case:
    """One pair: ``before`` and ``after`` with the label."""

    name: str
    kind: str
    label: str
    part: str
    site: str
    note: str
    expect: tuple[str, ...]
    before: PageCopy = field(repr=False)
    after: PageCopy = field(repr=False)
    approved: tuple[str, ...] = ()


def load_sites() -> dict[str, Site]:
    """All sites by name."""
    return {
        path.parent.name: Site(path.parent.name, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*/site.toml"))
    }


def _fill(text: str, day: int, page: str) -> str:
    """Put the day's moving values in place: nonces, counters, dates, rotating partners."""
    dice = random.Random(f"{day} {page}")
    while (start := text.find("{{")) >= 0:
        end = text.index("}}", start)
        name = text[start + 2 : end]
        values = {
            "nonce": dice.randbytes(12).hex(),
            "hex": dice.randbytes(16).hex(),
            "hex4": hashlib.sha256(f"{day}".encode()).hexdigest()[:4],
            "counter": str(120_000 + day * 173 + dice.randrange(90)),
            "date": f"2026-09-{day:02d}T0{dice.randrange(10)}:{dice.randrange(10, 60)}",
            "day": str(day),
            "partner": PARTNERS[day % len(PARTNERS)],
            "deadcode": "if(!window){" + "f();" * (day % 7) + "}" * 1,
        }
        text = text[:start] + values[name] + text[end + 2 :]
    return text


def _edit(text: str, edits: list[dict[str, Any]], where: str) -> str:
    for edit in edits:
        if edit["find"] not in text:
            raise CorpusError(f"{where}: 「{edit['find'][:60]}」 is not in the page")
        text = text.replace(edit["find"], edit["put"])
    return text


def _copy(
    site: Site, page: str, day: int, edits: list[dict[str, Any]], where: str, change: dict[str, Any]
) -> PageCopy:
    described = site.description
    url = urljoin(described["root"], page)
    encoding = described.get("encoding", "utf-8")
    text = change.get("body") or _edit(site.source(page), edits, where)
    text = _fill(text, day, page)
    headers = {name: _fill(value, day, page) for name, value in described.get("headers", {}).items()}
    headers.update(change.get("headers", {}))
    for name in change.get("drop_headers", []):
        headers.pop(name, None)
    sources = {address: site.source(file) for address, file in described.get("scripts", {}).items()}
    for edit in change.get("script_edits", []):
        sources[edit["url"]] = _edit(sources[edit["url"]], [edit], where)
    sources.update(change.get("scripts", {}))
    recipes = {**described.get("images", {}), **change.get("images", {})}
    views = [
        (view["label"], _edit(text, [view] if "find" in view else [], where), "")
        for view in described.get("views", [])
        if view["page"] == page
    ]
    for view in change.get("views", []):
        body = view.get("body") or _edit(text, view.get("edits", []), where)
        views = [old for old in views if old[0] != view["label"]]
        views.append((view["label"], body, view.get("final_url", "")))
    return PageCopy(
        url,
        text.encode(encoding, "xmlcharrefreplace"),
        headers,
        tuple(change.get("redirects", [])),
        change.get("final_url", ""),
        {urljoin(url, address): _fill(source, day, page).encode() for address, source in sources.items()},
        {
            urljoin(url, address): draw(recipe.replace("{{day}}", str(day)))
            for address, recipe in recipes.items()
        },
        tuple(
            View(label, _fill(body, day, page).encode(encoding, "replace"), final)
            for label, body, final in views
        ),
        FIRST_DAY + timedelta(days=day),
    )


def learning_copies(site: Site) -> list[PageCopy]:
    """The copies of the learning period: every page on every day."""
    copies = []
    for day in range(1, site.description["days"] + 1):
        for page in site.description["pages"]:
            edits = [
                edit
                for edit in site.description.get("learning", [])
                if edit["page"] == page and day in edit["days"]
            ]
            copies.append(_copy(site, page, day, edits, f"{site.name} day {day}", {}))
    return copies


def load_cases(sites: dict[str, Site], part: str = "") -> list[Case]:
    """All cases (of one part: ``first`` or ``last``), in the order of the files."""
    cases = []
    for path in sorted((FOLDER / "cases").glob("*.toml")):
        belongs = "last" if path.stem.endswith("last") else "first"
        if part and belongs != part:
            continue
        items = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
        cases += [_case(sites[item["site"]], item, belongs, path.name) for item in items]
    return cases


def _case(site: Site, item: dict[str, Any], part: str, file: str) -> Case:
    where = f"{file}: {item['name']}"
    before = _copy(site, item["page"], 20, [], where, {})
    after = _copy(site, item["page"], 21, item.get("edits", []), where, item)
    if item.get("same_views"):
        after = replace(after, views=before.views)
    return Case(
        item["name"],
        item["kind"],
        item["label"],
        part,
        site.name,
        item["note"],
        tuple(item.get("expect", [])),
        before,
        after,
        tuple(item.get("approved", [])),
    )
