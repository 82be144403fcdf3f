"""The gate for YARA rule files: compiler warnings and measured cost decide whether a file may be used."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import yara_x

from tenshu.engines.page_scan.signatures import SignatureError, Signatures

FILE_LIMIT = 250.0
"""Largest cost of a whole file, µs a page."""

RULE_LIMIT = 40.0
"""Largest cost of one rule, µs a page."""

_BLOCKING = frozenset({"slow_pattern", "slow_loop"})
_HEAD = re.compile(r"((?:(?:private|global)\s+)*)rule\s+([A-Za-z_]\w*)")
_SKIPPED = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|/(?![/*\s])(?:[^/\\\n]|\\.)+/[is]*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class RuleCost:
    """One rule with its measured cost (µs a page, alone, above the empty scan) and why it is refused, if
    it is."""

    name: str
    microseconds: float
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateReport:
    """Whether a rule file may be used. Costs are CPU µs a page over ``pages`` pages."""

    accepted: bool
    rules: int
    pages: int
    page_bytes: int
    microseconds: float
    refusals: tuple[str, ...]
    warnings: tuple[str, ...]
    costs: tuple[RuleCost, ...]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "accepted": self.accepted,
            "rules": self.rules,
            "pages": self.pages,
            "page_bytes": self.page_bytes,
            "microseconds_per_page": round(self.microseconds, 1),
            "refusals": list(self.refusals),
            "warnings": list(self.warnings),
            "costs": [
                {
                    "rule": cost.name,
                    "microseconds_per_page": round(cost.microseconds, 1),
                    "refusals": list(cost.refusals),
                }
                for cost in self.costs
            ],
        }


def split_rules(source: str) -> Iterator[tuple[str, str]]:
    """(name, text) of each rule of a rule file, found by balanced braces outside of strings and comments."""
    blank = _SKIPPED.sub(lambda match: " " * len(match.group()), source)
    position = 0
    while (head := _HEAD.search(blank, position)) is not None:
        opening = blank.find("{", head.end())
        depth, end = 0, opening
        while end >= 0 and end < len(blank):
            depth += {"{": 1, "}": -1}.get(blank[end], 0)
            end += 1
            if depth == 0:
                break
        position = max(end, head.end())
        yield head.group(2), source[head.start() : position]


def _microseconds(rules: yara_x.Rules, pages: Sequence[bytes], rounds: int) -> float:
    scanner = yara_x.Scanner(rules)
    scanner.set_timeout(20)
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for page in pages:
            scanner.scan(page)
        best = min(best, time.process_time() - start)
    return best * 1e6 / len(pages)


def _with_dependencies(name: str, texts: dict[str, str]) -> str:
    """A rule preceded by the rules that its condition names."""
    needed: list[str] = []
    queue = [name]
    while queue:
        current = queue.pop()
        if current not in needed:
            needed.append(current)
            words = set(re.findall(r"[A-Za-z_]\w*", texts[current].rpartition("condition")[2]))
            queue += [other for other in texts if other in words and other != current]
    return "\n".join(texts[other] for other in texts if other in needed)


def _rule_costs(
    source: str,
    pages: Sequence[bytes],
    empty: float,
    limit: float,
    progress: Callable[[int, int], None] | None,
) -> tuple[RuleCost, ...]:
    texts = dict(split_rules(source))
    imports = "\n".join(re.findall(r'^\s*import\s+"[^"]+"', source, re.MULTILINE))
    costs = []
    for number, name in enumerate(texts, start=1):
        alone = Signatures(f"{imports}\n{_with_dependencies(name, texts)}", origin=name)
        cost = max(0.0, _microseconds(alone.rules, pages, 2) - empty)
        if cost > limit:
            # One slow measurement on a busy machine must not refuse a rule.
            cost = min(cost, max(0.0, _microseconds(alone.rules, pages, 4) - empty))
        refusals = tuple(
            str(warning["title"]) for warning in alone.warnings if warning.get("code") in _BLOCKING
        )
        if cost > limit:
            refusals += (f"1 ページ {cost:.0f} µs かかります（上限 {limit:.0f} µs）",)
        costs.append(RuleCost(name, cost, refusals))
        if progress:
            progress(number, len(texts))
    return tuple(sorted(costs, key=lambda cost: -cost.microseconds))


def check_rules(
    source: str,
    pages: Sequence[bytes],
    *,
    origin: str = "rules.yar",
    file_limit: float = FILE_LIMIT,
    rule_limit: float = RULE_LIMIT,
    progress: Callable[[int, int], None] | None = None,
) -> GateReport:
    """Compile a rule file, measure it on pages, and name each rule that is too dear or that the compiler
    warns of.

    Single rules are measured only when the file as a whole is too dear or has warnings. Raises
    SignatureError when the
    file does not compile, or when ``pages`` is empty.
    """
    if not pages:
        raise SignatureError("ルールの費用を測るページがありません（--pages のフォルダーを確かめてください）")
    whole = Signatures(source, origin=origin)
    empty = _microseconds(yara_x.compile("rule nothing { condition: false }"), pages, 3)
    total = max(0.0, _microseconds(whole.rules, pages, 3) - empty)
    warnings = tuple(f"{warning.get('code')}: {warning.get('title')!s}" for warning in whole.warnings)
    blocking = [warning for warning in whole.warnings if warning.get("code") in _BLOCKING]
    costs = (
        _rule_costs(source, pages, empty, rule_limit, progress)
        if blocking or total > min(file_limit, rule_limit)
        else ()
    )
    refusals = [f"ルール {cost.name}: {reason}" for cost in costs for reason in cost.refusals]
    if total > file_limit:
        refusals.append(f"ファイル全体で 1 ページ {total:.0f} µs かかります（上限 {file_limit:.0f} µs）")
    size = sum(map(len, pages)) // len(pages)
    rules = sum(1 for _ in whole.rules)
    return GateReport(not refusals, rules, len(pages), size, total, tuple(refusals), warnings, costs)
