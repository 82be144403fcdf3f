"""The learnt set of each site: which facts are normal, since when, decided by whom, and until when."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

from tenshu.engines.page_scan.addresses import directory_of
from tenshu.engines.page_scan.elements import MOST_TEXTS
from tenshu.engines.page_scan.hosts import owner_name
from tenshu.engines.page_scan.kinds import PAGE_SCOPED, Fact, Kind
from tenshu.engines.page_scan.pictures import Picture, same_picture
from tenshu.engines.page_scan.reading import PageReading

FORMAT = "tenshu.page_scan.state/1"
KEEP_DAYS = 400
"""A learnt fact that was not seen for so many days is new again when it comes back (a year and a month)."""

VOLATILE_FROM = 3
"""Different values of one family seen while learning, from which further values are no news."""

_MOST_VALUES = 8
_MOST_ANCHORS = 2000
Status = Literal["learned", "approved", "rejected"]


class StateError(ValueError):
    """A state file cannot be read or a decision does not fit; the message is Japanese."""


def fact_key(fact: Fact, path: str) -> str:
    """Key of a fact in the learnt set; kinds that belong to one page carry its path."""
    return f"{fact.kind}|{path}|{fact.key}" if fact.kind in PAGE_SCOPED else f"{fact.kind}|{fact.key}"


@dataclass(slots=True)
class FactRecord:
    """When a fact was seen and what was decided on it (``until``: the last day on which the decision
    holds)."""

    first: date
    last: date
    copies: int = 0
    status: Status = "learned"
    until: date | None = None
    by: str = ""
    reason: str = ""

    def holds(self, on: date) -> bool:
        """Whether the fact is normal on a day."""
        if self.status == "rejected" or (self.until is not None and on > self.until):
            return False
        return self.status == "approved" or on - self.last <= timedelta(days=KEEP_DAYS)


@dataclass(slots=True)
class PageRecord:
    """What is kept of one page: its lasting template anchors, its pictures, how often it carried a policy."""

    copies: int = 0
    policies: int = 0
    anchors: list[str] = field(default_factory=list)
    pictures: dict[str, list[Picture]] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    links: dict[str, list[str]] = field(default_factory=dict)


class KnownHosts(NamedTuple):
    """Hosts of a site's normal facts.

    ``directories`` are the places (host and first path segment) of its scripts, ``active`` the hosts of
    scripts, frames and forms, ``owners`` the owner names of these, ``linked`` the hosts of ordinary links.
    """

    directories: frozenset[str]
    active: frozenset[str]
    owners: frozenset[str]
    linked: frozenset[str]


@dataclass(slots=True)
class SiteSet:
    """The learnt set of one site."""

    site: str
    copies: int = 0
    facts: dict[str, FactRecord] = field(default_factory=dict)
    families: dict[str, list[str]] = field(default_factory=dict)
    marks: dict[str, list[str]] = field(default_factory=dict)
    anchors: dict[str, int] = field(default_factory=dict)
    pages: dict[str, PageRecord] = field(default_factory=dict)
    overview: dict[date, KnownHosts] = field(default_factory=dict, compare=False, repr=False)
    """Derived from the facts for a day; emptied by whatever changes them."""

    def known_hosts(self, on: date) -> KnownHosts:
        """Hosts and places that hold on a day."""
        if on not in self.overview:
            self.overview.clear()
            self.overview[on] = self._known_hosts(on)
        return self.overview[on]

    def _known_hosts(self, on: date) -> KnownHosts:
        scripts = frozenset(self.keys_of(Kind.EXTERNAL_SCRIPT, on))
        active = {key.split("/")[0] for key in scripts} | set(self.keys_of(Kind.SCRIPT_HOST, on))
        active |= {key.split(" ")[0].split("/")[0] for key in self.keys_of(Kind.FRAME, on)}
        active |= {key for key in self.keys_of(Kind.FORM_ACTION, on) if not key.startswith("/")}
        return KnownHosts(
            frozenset(map(directory_of, scripts)),
            frozenset(active),
            frozenset(map(owner_name, active | {self.site})),
            frozenset(self.keys_of(Kind.LINK_HOST, on)),
        )

    def knows(self, fact: Fact, path: str, on: date) -> bool:
        """Whether a fact is normal on a page of this site on a day."""
        record = self.facts.get(fact_key(fact, path))
        return record is not None and record.holds(on)

    def is_rejected(self, fact: Fact, path: str) -> bool:
        """Whether somebody decided that the fact is not acceptable."""
        record = self.facts.get(fact_key(fact, path))
        return record is not None and record.status == "rejected"

    def keys_of(self, kind: Kind, on: date) -> Iterator[str]:
        """Keys of the facts of one kind that hold on a day, without the kind."""
        prefix = f"{kind}|"
        for key, record in self.facts.items():
            if key.startswith(prefix) and record.holds(on):
                yield key.removeprefix(prefix)

    def is_volatile(self, family: str) -> bool:
        """Whether a family showed ever new values while it was learnt."""
        return len(self.families.get(family, ())) >= VOLATILE_FROM

    def template(self, path: str) -> set[str]:
        """Own paths that the page (or, for a page not learnt yet, most pages of the site) always holds."""
        page = self.pages.get(path)
        if page is not None and page.copies:
            return set(page.anchors)
        if self.copies < 3:
            return set()
        return {anchor for anchor, count in self.anchors.items() if count >= 0.7 * self.copies}

    def learn(self, reading: PageReading, on: date) -> int:
        """Take everything a reading shows for normal; returns how many facts were new. Rejections stay."""
        new = 0
        self.overview.clear()
        for fact in _all_facts(reading):
            key = fact_key(fact, reading.path)
            record = self.facts.get(key)
            if record is None:
                record = self.facts[key] = FactRecord(on, on)
                new += 1
            record.first, record.last = min(record.first, on), max(record.last, on)
            record.copies += 1
            if fact.family:
                _remember(self.families.setdefault(fact.family, []), fact.key)
                known = self.marks.setdefault(fact.family, [])
                known.extend(trait for trait in fact.traits if trait not in known)
        self.copies += 1
        for anchor in reading.anchors:
            self.anchors[anchor] = self.anchors.get(anchor, 0) + 1
        if len(self.anchors) > _MOST_ANCHORS:
            least = 0.2 * self.copies
            self.anchors = {anchor: count for anchor, count in self.anchors.items() if count >= least}
        self._learn_page(reading)
        return new

    def _learn_page(self, reading: PageReading) -> None:
        page = self.pages.setdefault(reading.path, PageRecord())
        page.anchors = sorted(
            reading.anchors if not page.copies else reading.anchors.intersection(page.anchors)
        )
        page.copies += 1
        page.policies += reading.has_policy
        for name, picture in reading.pictures.items():
            kept = page.pictures.setdefault(name, [])
            if len(kept) < _MOST_VALUES and not any(same_picture(picture, other) for other in kept):
                kept.append(picture)
        for fact in reading.facts:
            if fact.kind is Kind.TEXT_LANGUAGE:
                _remember(page.languages, fact.key)
        for text, host in reading.link_texts().items():
            if text in page.links or len(page.links) < MOST_TEXTS:
                _remember(page.links.setdefault(text, []), host)

    def refresh(self, reading: PageReading, on: date) -> None:
        """Note that normal facts were seen again, so that they do not expire; learns nothing."""
        self.overview.clear()
        for fact in _all_facts(reading):
            record = self.facts.get(fact_key(fact, reading.path))
            if record is not None and record.holds(on):
                record.last = max(record.last, on)

    def decide(
        self, key: str, status: Status, on: date, *, by: str, reason: str, until: date | None = None
    ) -> None:
        """Approve or reject a fact by its key (as findings print it). Raises StateError for an empty
        name or reason."""
        if not by.strip() or not reason.strip():
            raise StateError("判断には、判断した人（by）と理由（reason）が必要です")
        if key.split("|")[0] not in set(Kind):
            raise StateError(
                f"「{key}」は事実のキーではありません（例: script.external|cdn.example.jp/a.js）"
            )
        record = self.facts.setdefault(key, FactRecord(on, on))
        record.status, record.by, record.reason, record.until = status, by, reason, until
        self.overview.clear()

    def forget(self, key: str) -> None:
        """Drop a fact and what was decided on it. Raises StateError when the site does not hold it."""
        if self.facts.pop(key, None) is None:
            raise StateError(f"サイト {self.site} に事実「{key}」はありません")
        self.overview.clear()

    def as_document(self) -> dict[str, Any]:
        """Plain values of everything that is kept."""
        document = asdict(replace(self, overview={}))
        del document["overview"]
        return document


def _remember(values: list[str], value: str) -> None:
    if value not in values and len(values) < _MOST_VALUES:
        values.append(value)


def _all_facts(reading: PageReading) -> Iterator[Fact]:
    yield from reading.facts
    for _, view in reading.views:
        yield from view.facts


@dataclass(slots=True)
class LearnedState:
    """The learnt sets of all watched sites."""

    sites: dict[str, SiteSet] = field(default_factory=dict)

    def site(self, name: str) -> SiteSet:
        """The set of a site, empty at first."""
        return self.sites.setdefault(name, SiteSet(name))

    def save(self, path: Path) -> None:
        """Write the state as JSON; the old file is replaced in one step."""
        document = {
            "format": FORMAT,
            "sites": {name: site.as_document() for name, site in sorted(self.sites.items())},
        }
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, default=_plain)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)

    @classmethod
    def load(cls, path: Path) -> "LearnedState":
        """Read a state file. Raises StateError with the place of the fault."""
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise StateError(f"{path}: 学習状態を読み込めません（{error.strerror}）") from error
        except json.JSONDecodeError as error:
            raise StateError(f"{path}: {error.lineno} 行 {error.colno} 列: JSON として読めません") from error
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise StateError(f"{path}: 学習状態のファイルではありません（format が {FORMAT} ではない）")
        try:
            return cls({name: _site(name, values) for name, values in document["sites"].items()})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StateError(f"{path}: 学習状態の内容が壊れています: {error}") from error


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be kept in a state file")


def _record(values: dict[str, Any]) -> FactRecord:
    until = values.get("until")
    days = {"first": date.fromisoformat(values["first"]), "last": date.fromisoformat(values["last"])}
    return FactRecord(**{**values, **days, "until": date.fromisoformat(until) if until else None})


def _page(values: dict[str, Any]) -> PageRecord:
    pictures = {name: [Picture(*kept) for kept in found] for name, found in values["pictures"].items()}
    return PageRecord(**{**values, "pictures": pictures})


def _site(name: str, values: dict[str, Any]) -> SiteSet:
    return SiteSet(
        name,
        values["copies"],
        {key: _record(record) for key, record in values["facts"].items()},
        values["families"],
        values["marks"],
        values["anchors"],
        {path: _page(page) for path, page in values["pages"].items()},
    )
