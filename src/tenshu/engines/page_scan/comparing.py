"""Comparing a page copy with the learnt set of its site: the findings."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tenshu.engines.page_scan.bench import Bench, Verdict
from tenshu.engines.page_scan.documents import PageCopy
from tenshu.engines.page_scan.judging import judge
from tenshu.engines.page_scan.kinds import KIND_LABELS, LEVEL_LABELS, Fact, Kind, Level
from tenshu.engines.page_scan.learned import VOLATILE_FROM, LearnedState, SiteSet, fact_key
from tenshu.engines.page_scan.pictures import Picture, same_picture
from tenshu.engines.page_scan.reading import PageReading, read_page
from tenshu.engines.page_scan.signatures import Signatures

_TEMPLATE_KEPT = 0.3
_LEAST_TEMPLATE = 4
_MOST_EVIDENCE = 12
_MANY_HOSTS = 3
_GROUPED = frozenset({Kind.HIDDEN_LINK, Kind.LINK_HOST, Kind.IMAGE_HOST, Kind.CSP})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that differs from what was learnt.

    ``keys`` are what an approval or rejection names; ``evidence`` are pieces of the page (line number 0
    when the
    piece is not literally in the body); ``standing`` tells that the earlier copy showed it too, undecided.
    """

    kind: Kind
    level: Level
    page: str
    reason: str
    keys: tuple[str, ...]
    evidence: tuple[tuple[int, str], ...]
    standing: bool = False

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "kind": self.kind.value,
            "kind_label": KIND_LABELS[self.kind],
            "level": self.level.value,
            "level_label": LEVEL_LABELS[self.level],
            "alarm": self.level.is_alarm,
            "page": self.page,
            "reason": self.reason,
            "keys": list(self.keys),
            "evidence": [{"line": line, "text": text} for line, text in self.evidence],
            "standing": self.standing,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Result for one page copy, gravest finding first; ``unchanged`` when the bytes equal the earlier
    copy's."""

    url: str
    digest: str
    unchanged: bool
    findings: tuple[Finding, ...]

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """Findings that somebody must look at now."""
        return tuple(finding for finding in self.findings if finding.level.is_alarm)

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "url": self.url,
            "digest": self.digest,
            "unchanged": self.unchanged,
            "alarms": len(self.alarms),
            "findings": [finding.as_dict() for finding in self.findings],
        }


def _line_of(body: bytes, evidence: str) -> int:
    """Line of the page on which a piece of evidence starts, 0 if it is not there literally."""
    piece = evidence.strip()[:24].encode("utf-8", "ignore")
    position = body.find(piece) if len(piece) >= 6 else -1
    return body.count(b"\n", 0, position) + 1 if position >= 0 else 0


def _fact_findings(reading: PageReading, bench: Bench, standing: set[str]) -> Iterator[Finding]:
    groups: dict[tuple[Kind, Level, str], list[Fact]] = {}
    for fact in bench.new:
        verdict = judge(fact, bench)
        own = "" if fact.kind in _GROUPED else fact_key(fact, reading.path)
        groups.setdefault((fact.kind, verdict.level, own), []).append(fact)
    for (kind, level, _), facts in groups.items():
        keys = tuple(fact_key(fact, reading.path) for fact in facts)
        pieces = dict.fromkeys(fact.evidence for fact in facts)
        evidence = tuple((_line_of(reading.body, piece), piece) for piece in list(pieces)[:_MOST_EVIDENCE])
        reason = judge(facts[0], bench).reason
        if len(facts) > 1:
            reason += f"（ほか {len(facts) - 1} 件）"
        yield Finding(kind, level, reading.path, reason, keys, evidence, all(key in standing for key in keys))


def _lost_findings(reading: PageReading, site: SiteSet) -> Iterator[Finding]:
    page = site.pages.get(reading.path)
    template = site.template(reading.path)
    kept = len(template & reading.anchors)
    if len(template) >= _LEAST_TEMPLATE and kept < _TEMPLATE_KEPT * len(template):
        missing = sorted(template - reading.anchors)[:_MOST_EVIDENCE]
        reason = (
            f"いつもあるサイト内リンク・部品 {len(template)} 件のうち {kept} 件しか残っていません"
            "（ページの丸ごとの差替え）。"
        )
        yield Finding(
            Kind.TEMPLATE_LOST,
            Level.WARNING,
            reading.path,
            reason,
            (),
            tuple((0, f"消失: {path}") for path in missing),
        )
    if page is not None and page.copies and page.policies == page.copies and not reading.has_policy:
        reason = "いつも付いていたコンテンツセキュリティポリシーがなくなりました。"
        yield Finding(Kind.CSP_LOST, Level.WARNING, reading.path, reason, (), ())


def _picture_verdict(name: str, picture: Picture, known: list[Picture]) -> Verdict | None:
    if any(picture.digest == other.digest for other in known):
        return None
    if any(same_picture(picture, other) for other in known):
        return Verdict(Level.INFO, f"画像 {name} は符号化し直されていますが、同じ絵です。")
    if len(known) >= VOLATILE_FROM:
        return Verdict(Level.INFO, f"画像 {name} は学習期間にもたびたび差し替わっていました。")
    return Verdict(Level.WARNING, f"画像 {name} が、同じアドレスのまま別の絵に差し替わりました。")


def _picture_findings(reading: PageReading, site: SiteSet, on: date) -> Iterator[Finding]:
    page = site.pages.get(reading.path)
    for name, picture in reading.pictures.items():
        known = page.pictures.get(name, []) if page else []
        known = known or [kept for other in site.pages.values() for kept in other.pictures.get(name, [])]
        decided = Fact(Kind.IMAGE, f"{name} {picture.digest[:16]}")
        if not known or site.knows(decided, reading.path, on):
            continue
        if verdict := _picture_verdict(name, picture, known):
            evidence = ((0, f"SHA-256 {picture.digest[:16]}…（学習時 {known[-1].digest[:16]}…）"),)
            key = fact_key(decided, reading.path)
            yield Finding(Kind.IMAGE, verdict.level, reading.path, verdict.reason, (key,), evidence)


def _view_findings(reading: PageReading, site: SiteSet, on: date) -> Iterator[Finding]:
    """What other visitors get and the plain visitor does not."""
    plain = {(fact.kind, fact.key) for fact in reading.facts}
    for label, view in reading.views:
        new = tuple(
            fact
            for fact in view.facts
            if (fact.kind, fact.key) not in plain and not site.knows(fact, view.path, on)
        )
        bench = Bench(site, on, reading.path, new)
        hosts = [fact.key for fact in new if fact.kind is Kind.LINK_HOST]
        if len(hosts) >= _MANY_HOSTS:
            reason = f"「{label}」の閲覧者にだけ、外部サイト {len(hosts)} 件へのリンクが表示されます。"
            keys = tuple(f"{Kind.LINK_HOST}|{host}" for host in hosts)
            yield Finding(
                Kind.CLOAKING, Level.WARNING, reading.path, reason, keys, ((0, "、".join(hosts[:8])),)
            )
        for fact in new:
            verdict = judge(fact, bench)
            if verdict.level.is_alarm:
                reason = (
                    f"「{label}」の閲覧者にだけ表示されます（{KIND_LABELS[fact.kind]}）: {verdict.reason}"
                )
                key = fact_key(fact, reading.path)
                yield Finding(
                    Kind.CLOAKING, Level.CRITICAL, reading.path, reason, (key,), ((0, fact.evidence),)
                )


def _text_finding(before: PageReading, after: PageReading) -> Finding | None:
    if before.text == after.text:
        return None
    old, new = before.text.split("\n"), after.text.split("\n")
    old, new = ([line.strip() for line in lines if line.strip()] for lines in (old, new))
    changed = [
        line
        for line in difflib.unified_diff(old, new, lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    ]
    if not changed:
        return None
    evidence = tuple((0, line[:160]) for line in changed[:_MOST_EVIDENCE])
    return Finding(
        Kind.TEXT_CHANGED, Level.INFO, after.path, f"本文が {len(changed)} 行変わりました。", (), evidence
    )


def find_differences(
    site: SiteSet, after: PageReading, *, before: PageReading | None = None, on: date
) -> tuple[Finding, ...]:
    """Findings of one reading against a site's learnt set, gravest first."""
    new = tuple(fact for fact in after.facts if not site.knows(fact, after.path, on))
    standing = {fact_key(fact, before.path) for fact in before.facts} if before else set()
    linked = any(fact.kind is Kind.LINK_HOST for fact in new)
    bench = Bench(site, on, after.path, new, tuple(after.link_texts().items()) if linked else ())
    found: list[Finding] = [
        *_fact_findings(after, bench, standing),
        *_lost_findings(after, site),
        *_picture_findings(after, site, on),
        *_view_findings(after, site, on),
    ]
    if before is not None and (text := _text_finding(before, after)):
        found.append(text)
    return tuple(sorted(found, key=lambda finding: (-finding.level.rank, finding.kind, finding.keys)))


def compare(
    state: LearnedState,
    after: PageCopy,
    *,
    before: PageCopy | None = None,
    on: date,
    signatures: Signatures | None = None,
) -> Comparison:
    """Compare a page copy with what was learnt of its site (and with an earlier copy, for the wording)."""
    digest = after.digest
    site = state.site(after.site)
    reading = read_page(after, signatures)
    earlier = read_page(before, signatures) if before is not None else None
    unchanged = before is not None and before.digest == digest
    findings = find_differences(site, reading, before=earlier, on=on)
    return Comparison(after.url, digest, unchanged, findings)


def learn(
    state: LearnedState, copies: Iterable[PageCopy], *, on: date, signatures: Signatures | None = None
) -> dict[str, int]:
    """Learn page copies as normal; returns the number of new facts per site."""
    counts: dict[str, int] = {}
    for copy in copies:
        new = state.site(copy.site).learn(read_page(copy, signatures), copy.observed or on)
        counts[copy.site] = counts.get(copy.site, 0) + new
    return counts
