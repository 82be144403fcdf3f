"""The menu at the left: rooms offer entries, the permission table decides who sees them.

The wings stand in the order of the yearly report.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache

from django.urls import ResolverMatch, reverse

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import roles_of
from tenshu.ground.access.table import permission_table
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.rooms import offered

type Counter = Callable[[User, FiscalYear], int]


class Wing(Enum):
    """A group of the menu: its heading and icon. ``HOME`` and ``OFFICE`` have no heading.

    What one looks for seldom stands in ``SETTINGS``, closed, so that the rooms of the year stay in sight.
    """

    HOME = ("", "home")
    DX = ("庁内DX", "keep")
    PEOPLE = ("DX人材の育成", "people")
    SECURITY = ("情報セキュリティ", "shield")
    MYNUMBER = ("マイナンバー", "card")
    GENAI = ("生成AI", "spark")
    OFFICE = ("", "building")
    SETTINGS = ("設定と記録", "gear")

    @property
    def label(self) -> str:
        """The heading (Japanese), empty for the groups without one."""
        return self.value[0]

    @property
    def icon(self) -> str:
        """The icon of the heading."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Entry:
    """A room in the menu.

    ``url`` is the URL name of its first page (no arguments). ``count(user, fiscal_year)`` tells how many
    items wait for the person; with ``danger`` it is shown in red and also when the wing is closed.
    ``icon`` is used in HOME and OFFICE only. The entry is the current one on every page of its room
    (the URL's namespace), or, when several entries share a namespace, on the pages of its noun
    (``office:staff-list`` on all ``office:staff-…``); ``also`` names further URL names.
    """

    wing: Wing
    label: str
    url: str
    order: int = 50
    count: Counter | None = None
    danger: bool = False
    icon: str = "list"
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as this person sees it now. ``current`` is "page", "true" or ""."""

    label: str
    url: str
    icon: str
    count: int | None
    danger: bool
    current: str


@dataclass(frozen=True, slots=True)
class Section:
    """A wing as this person sees it now."""

    wing: Wing
    items: tuple[Item, ...]
    is_open: bool
    is_ruled: bool = False

    @property
    def dangers(self) -> int:
        """How many open dangers are inside (shown on the closed wing)."""
        return sum(item.count or 0 for item in self.items if item.danger)


@cache
def entries() -> tuple[Entry, ...]:
    """All entries of all installed rooms, by wing and order."""
    found = [entry for offer in offered("navigation", "ENTRIES") for entry in offer]
    wings = list(Wing)
    return tuple(sorted(found, key=lambda entry: (wings.index(entry.wing), entry.order, entry.label)))


def current_entry(match: ResolverMatch | None, candidates: Iterable[Entry]) -> Entry | None:
    """The entry that the page of ``match`` belongs to: its own URL, else its noun, else its room."""
    if match is None or not match.view_name:
        return None
    name = match.view_name
    pool = list(candidates)

    def noun(url: str) -> str:
        return url.split("-", 1)[0]

    tests: tuple[Callable[[Entry], bool], ...] = (
        lambda entry: entry.url == name or name in entry.also,
        lambda entry: noun(entry.url) == noun(name),
        lambda entry: entry.url.split(":")[0] == name.split(":")[0],
    )
    for test in tests:
        for entry in pool:
            if test(entry):
                return entry
    return None


def menu(user: User, fiscal_year: FiscalYear, match: ResolverMatch | None) -> list[Section]:
    """The menu for ``user``: only what the table allows; counts of closed wings only where danger is open."""
    roles, table = roles_of(user), permission_table()
    shown = [entry for entry in entries() if entry.url in table and table[entry.url].answer(roles) == 200]
    current = current_entry(match, shown)
    sections: list[Section] = []
    for wing in Wing:
        members = [entry for entry in shown if entry.wing is wing]
        if not members:
            continue
        is_open = not wing.label or (current is not None and current.wing is wing)
        items = tuple(_item(entry, user, fiscal_year, current, match, counted=is_open) for entry in members)
        # A hairline parts the wings from the groups without a heading.
        ruled = bool(sections) and bool(wing.label) != bool(sections[-1].wing.label)
        sections.append(Section(wing, items, is_open, ruled))
    return sections


def _item(
    entry: Entry,
    user: User,
    fiscal_year: FiscalYear,
    current: Entry | None,
    match: ResolverMatch | None,
    *,
    counted: bool,
) -> Item:
    count = entry.count(user, fiscal_year) if entry.count and (counted or entry.danger) else None
    mark = ""
    if entry is current:
        mark = "page" if match and match.view_name == entry.url else "true"
    return Item(entry.label, reverse(entry.url), entry.icon, count, entry.danger and bool(count), mark)
