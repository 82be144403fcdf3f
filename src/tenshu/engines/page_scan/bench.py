"""What a judgement looks at, and the two questions that many kinds share: whose host, which marks."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tenshu.engines.page_scan.hosts import SHARED_OWNERS, Relation, imitated, is_address, owner_name, relation
from tenshu.engines.page_scan.kinds import Fact, Level
from tenshu.engines.page_scan.learned import KnownHosts, SiteSet
from tenshu.engines.page_scan.scripts import MARK_LABELS, WEIGHTS

ALARM_WEIGHT, _CRITICAL_WEIGHT = 4, 6


class Verdict(NamedTuple):
    """Level of a new fact and the reason for it."""

    level: Level
    reason: str


@dataclass(slots=True)
class Bench:
    """What a judgement may look at: the learnt set, the day, the page, and all new facts of the copy."""

    site: SiteSet
    on: date
    path: str
    new: tuple[Fact, ...] = ()
    link_texts: tuple[tuple[str, str], ...] = ()
    known: KnownHosts = field(init=False)

    def __post_init__(self) -> None:
        self.known = self.site.known_hosts(self.on)

    def knows_owner(self, host: str) -> bool:
        """Whether the learnt site already uses another host of the same owner (not one that rents to
        everybody)."""
        name = owner_name(host)
        return name in self.known.owners and name not in SHARED_OWNERS


def outside(host: str, bench: Bench, *, what: str, new: Level, by_owner: bool = True) -> Verdict:
    """Verdict on an active use of a host outside of what was learnt.

    ``by_owner`` extends the trust in a learnt host to the other hosts of its owner.
    """
    where = relation(host, bench.site.site)
    if where is Relation.SELF:
        return Verdict(Level.NOTICE, f"自サイト内の{what}が新しく現れました。")
    if is_address(host):
        return Verdict(
            Level.CRITICAL,
            f"{what}がホスト名のない番号 {host} を指しています。正規の提供元ではまず使われません。",
        )
    if (other := imitated(host, bench.known.owners)) is not None:
        return Verdict(Level.CRITICAL, f"{what}の {host} は、学習済みの {other} に似せた名前です。")
    if where is Relation.SIBLING:
        return Verdict(Level.NOTICE, f"同じ組織のドメインの {host} を使う{what}が新しく現れました。")
    if host in bench.known.active or (by_owner and bench.knows_owner(host)):
        return Verdict(Level.NOTICE, f"学習済みの提供元 {host} の、新しい{what}です。")
    return Verdict(new, f"学習期間に一度も現れなかった外部ホスト {host} を使う{what}です。")


def marks_verdict(traits: tuple[str, ...], extra: int = 0) -> Verdict:
    found = [trait for trait in traits if trait in WEIGHTS]
    weight = sum(WEIGHTS[trait] for trait in found) + extra
    names = "、".join(MARK_LABELS[trait] for trait in sorted(found, key=lambda trait: -WEIGHTS[trait]))
    if weight >= ALARM_WEIGHT:
        level = Level.CRITICAL if weight >= _CRITICAL_WEIGHT else Level.WARNING
        return Verdict(level, f"新しいスクリプトに、不正なスクリプトの特徴があります: {names}。")
    tail = f"（弱い特徴: {names}）" if names else ""
    return Verdict(Level.NOTICE, f"新しいスクリプトです。不正の特徴は見つかりませんでした{tail}。")
