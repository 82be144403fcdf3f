"""Reading a page copy into facts."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from tenshu.engines.page_scan.addresses import masked_host, masked_path
from tenshu.engines.page_scan.documents import LARGEST_BODY, PageCopy, decode_body, parse_body
from tenshu.engines.page_scan.elements import ElementReader, link_texts, policy_facts
from tenshu.engines.page_scan.hiding import hidden_links
from tenshu.engines.page_scan.hosts import Relation, relation, split_address
from tenshu.engines.page_scan.kinds import Fact, Kind
from tenshu.engines.page_scan.pictures import Picture, identify
from tenshu.engines.page_scan.scripts import read_script
from tenshu.engines.page_scan.signatures import Signatures
from tenshu.engines.page_scan.wording import text_facts, visible_text

_MOST_ANCHORS = 400
_MOST_OPEN = 20_000
_CUT_TRAITS = ("severity:warning",)


@dataclass(frozen=True, slots=True)
class PageReading:
    """What one copy of a page shows.

    ``facts`` are distinct by kind and key; ``anchors`` are the site's own paths that the page links or
    loads (the
    skeleton of its template); ``pictures`` maps image paths to identities; ``views`` are the readings of
    the page as
    other visitors got it; ``truncated`` tells that the body was longer than what is read.
    """

    url: str
    site: str
    path: str
    digest: str
    facts: tuple[Fact, ...]
    anchors: frozenset[str]
    text: str
    pictures: dict[str, Picture]
    views: tuple[tuple[str, "PageReading"], ...]
    has_policy: bool
    truncated: bool
    body: bytes
    content_type: str

    def link_texts(self) -> dict[str, str]:
        """Host that each link text leads to (empty for the own site); parses the page again."""
        tree, _ = parse_body(self.body, self.content_type)
        return link_texts(tree, self.url, self.site)


def read_body(
    body: bytes, url: str, *, site: str = "", content_type: str = ""
) -> tuple[list[Fact], frozenset[str], str]:
    """Facts, template anchors and visible text of an HTML body that was served at ``url`` for ``site``."""
    site = site or (urlsplit(url).hostname or "").removeprefix("www.")
    tree, raw = parse_body(body, content_type)
    reader = ElementReader(url, site)
    base = tree.css_first("base[href]")
    if base is not None:
        reader.base = urljoin(url, base.attributes.get("href") or "")
    facts = list(reader.read(tree, raw))
    facts += hidden_links(tree, reader.base, site, "\n".join(reader.scripts))
    visible = visible_text(tree)
    facts += text_facts(visible, reader.markup)
    return facts, frozenset(sorted(reader.anchors)[:_MOST_ANCHORS]), visible


def _script_body_facts(copy: PageCopy) -> list[Fact]:
    facts: list[Fact] = []
    for address, data in copy.scripts.items():
        _, host, rest = split_address(address, copy.url)
        key = masked_host(host) + masked_path(rest)
        source = decode_body(data)
        reader = ElementReader(copy.url, copy.site)
        reading = read_script(source)
        for fact in reader.script_facts(reading, source, Kind.SCRIPT_BODY, f"{key} {reading.masked_hash}"):
            family = f"body:{key}" if fact.kind is Kind.SCRIPT_BODY else fact.family
            facts.append(fact._replace(evidence=f"{address}: {fact.evidence}"[:280], family=family))
    return facts


def _header_facts(copy: PageCopy) -> list[Fact]:
    facts = list(policy_facts(copy.headers.get("content-security-policy", "")))
    refresh = copy.headers.get("refresh", "")
    steps = [*copy.redirects, copy.final_url] if copy.final_url else list(copy.redirects)
    if "url=" in refresh.lower():
        steps.append(refresh[refresh.lower().index("url=") + 4 :].strip("\"' "))
    for step in steps:
        _, host, _ = split_address(step, copy.url)
        if relation(host, copy.site) is not Relation.SELF:
            facts.append(Fact(Kind.REDIRECT, host, step[:200]))
    return facts


def _read_views(copy: PageCopy, signatures: Signatures | None) -> tuple[tuple[str, PageReading], ...]:
    seen = [
        (view, PageCopy(copy.url, view.body, copy.headers, final_url=view.final_url)) for view in copy.views
    ]
    return tuple((view.label, read_page(other, signatures)) for view, other in seen)


def _differs(plain: str, other: str) -> bool:
    """Whether two visible texts share hardly a line (both long enough to tell)."""
    one, two = (
        {line.strip() for line in text.split("\n") if len(line.strip()) >= 4} for text in (plain, other)
    )
    if min(sum(map(len, one)), sum(map(len, two))) < 120:
        return False
    return len(one & two) < 0.15 * min(len(one), len(two))


def _bounded(body: bytes) -> bytes:
    """The part of a body that is read: 8 MiB, and no more than 20,000 elements that are not closed.

    HTML parsers take quadratic time on elements opened one inside the other without end.
    """
    body = body[:LARGEST_BODY]
    if len(body) > 3 * _MOST_OPEN and body.count(b"<") - 2 * body.count(b"</") > _MOST_OPEN:
        rest = body.split(b"<", _MOST_OPEN)[-1]
        return body[: len(body) - len(rest)]
    return body


def read_page(copy: PageCopy, signatures: Signatures | None = None) -> PageReading:
    """Read everything that a copy holds: elements, wording, script files, pictures, redirects, other
    views."""
    body = _bounded(copy.body)
    cut = len(body) < len(copy.body)
    content_type = copy.headers.get("content-type", "")
    facts, anchors, text = read_body(
        body, copy.final_url or copy.url, site=copy.site, content_type=content_type
    )
    if cut:
        facts.append(
            Fact(Kind.SIGNATURE, "page-cut", f"{len(body):,} / {len(copy.body):,} バイトまで", _CUT_TRAITS)
        )
    facts += _header_facts(copy)
    facts += _script_body_facts(copy)
    if signatures is not None:
        facts += signatures.facts(body)
        for address, data in copy.scripts.items():
            facts += [
                fact._replace(evidence=f"{address}: {fact.evidence}") for fact in signatures.facts(data)
            ]
    views = _read_views(copy, signatures)
    facts += [
        Fact(Kind.CLOAKING, f"text {label}", view.text[:160])
        for label, view in views
        if _differs(text, view.text)
    ]
    distinct = {(fact.kind, fact.key): fact for fact in reversed(facts)}
    pictures = {
        masked_path(split_address(name, copy.url)[2]): identify(data) for name, data in copy.images.items()
    }
    return PageReading(
        copy.url,
        copy.site,
        copy.path,
        copy.digest,
        tuple(reversed(distinct.values())),
        anchors,
        text,
        pictures,
        views,
        any(fact.kind is Kind.CSP for fact in distinct.values()),
        cut,
        body,
        content_type,
    )
