"""Pages a second on one core: the unchanged path, and full facts with 500 YARA rules.

Usage: python benchmarks/page_scan/speed.py [--small] [--pages N]

CPU seconds of one process, best of three rounds over made-up municipal pages (mean 65 kB, about 300 links,
scripts, frames, pictures and forms a page, every page different). lxml and the bare Lexbor parse stand
beside it in the same run.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable, Sequence
from datetime import date

import lxml.html
from selectolax.lexbor import LexborHTMLParser

from tenshu.engines.page_scan import (
    LearnedState,
    PageCopy,
    Signatures,
    body_digest,
    compare,
    learn,
    read_page,
)
from tenshu.engines.page_scan.sample_pages import sample_page

SITE = "https://www.city.minase.example"


def many_rules(count: int) -> str:
    """Small rules in equal parts: a literal, a hexadecimal pattern, a regular expression."""
    dice = random.Random(7)
    rules = []
    for number in range(count):
        word = "".join(dice.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=12))
        pattern = (
            f'"{word}"',
            "{ " + " ".join(f"{byte:02x}" for byte in word.encode()) + " ?? 3d }",
            f"/{word}[a-z]{{2,8}}\\(/",
        )[number % 3]
        rules.append(f"rule r{number} {{ strings: $a = {pattern} condition: $a }}")
    return "\n".join(rules)


def seconds(work: Callable[[bytes], object], pages: Sequence[bytes]) -> float:
    """Best CPU seconds of three rounds over the pages."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for page in pages:
            work(page)
        best = min(best, time.process_time() - start)
    return best


def lxml_extract(page: bytes) -> int:
    """What a plain reader takes from a page with lxml."""
    tree = lxml.html.document_fromstring(page)
    return len(tree.xpath("//script|//iframe|//form|//link")) + len(tree.xpath("//a/@href"))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--pages", type=int, default=1000)
    arguments = parser.parse_args()
    count = 60 if arguments.small else arguments.pages
    pages = [sample_page(number) for number in range(count)]
    size = sum(map(len, pages)) / count
    elements = sum(
        len(LexborHTMLParser(page).css("a[href],script,iframe,form,link,img,input")) for page in pages[:20]
    )
    print(
        f"{count} pages, mean {size / 1000:.1f} kB, {elements / min(20, count):.0f} elements looked at a page"
    )
    signatures = Signatures(many_rules(500))
    digests = {page: body_digest(page) for page in pages}

    def unchanged(page: bytes) -> bool:
        return digests[page] == body_digest(page)

    def full(page: bytes) -> object:
        return read_page(PageCopy(f"{SITE}/{len(page)}.html", page), signatures)

    state = LearnedState()
    learn(state, [PageCopy(f"{SITE}/", page) for page in pages[: min(count, 40)]], on=date(2026, 9, 1))

    def checked(page: bytes) -> object:
        copy = PageCopy(f"{SITE}/{len(page)}.html", page)
        return compare(state, copy, on=date(2026, 9, 2), signatures=signatures)

    rows: list[tuple[str, Callable[[bytes], object], str]] = [
        ("page_scan: unchanged (SHA-256)", unchanged, "target >= 1,500"),
        ("page_scan: full facts + 500 rules", full, "target >= 600"),
        ("page_scan: facts, rules and judgement", checked, ""),
        ("page_scan: 500 rules alone (YARA-X)", signatures.facts, ""),
        ("peer: Lexbor parse alone, no facts", LexborHTMLParser, ""),
        ("peer: lxml parse + links, no facts", lxml_extract, ""),
    ]
    for label, work, target in rows:
        spent = seconds(work, pages)
        print(
            f"{label:40} {count / spent:9,.0f} pages/s per core {1e6 * spent / count:8,.0f} µs/page  {target}"
        )
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
