"""新旧対照表 beside difflib: pairing of the written cases and of random edits, time of 320 articles.

Run: python benchmarks/comparison_table/compare.py [--small]
"""

import argparse
import difflib
import random
import re
import time
import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Any

from tenshu.engines.comparison_table import (
    align,
    apply_amendments,
    build_table,
    check_references,
    compare_documents,
    parse_text,
    rendered,
    verify,
)
from tenshu.engines.comparison_table.tests.random_regulations import printed, random_edits, random_model

HEAD = re.compile(r"^第([0-9０-９一二三四五六七八九十]+)条(の[0-9０-９一二三四五六七八九十]+)?[　 ]")
Pairs = dict[str, str | None]


def by_tenshu(old: str, new: str) -> Pairs:
    """Old article label → new label, None when deleted."""
    alignment = align(parse_text(old), parse_text(new))
    articles = [p for p in alignment.pairs if p.old is not None and p.old.kind == "article"]
    return {p.old.label: p.new.label if p.new else None for p in articles if p.old}


def by_difflib(old: str, new: str) -> Pairs:
    """The same from a line comparison: heads in equal or equally long replaced blocks are pairs."""
    left, right = old.splitlines(), new.splitlines()
    found: Pairs = {m[0].strip("　 "): None for line in left if (m := HEAD.match(line))}
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag in ("equal", "replace"):
            for a, b in zip(left[i1:i2], right[j1:j2], strict=False):
                if (m := HEAD.match(a)) and (n := HEAD.match(b)):
                    found[m[0].strip("　 ")] = n[0].strip("　 ")
    return found


def cases() -> list[tuple[str, str, Pairs]]:
    """Old text, new text and true pairs of every written case."""
    folder = resources.files("tenshu.engines.comparison_table") / "tests"
    sheet: dict[str, Any] = tomllib.loads((folder / "amendment_cases.toml").read_text(encoding="utf-8"))
    found = []
    for case in sheet["case"]:
        old = new = sheet["bases"][case["base"]].lstrip("\n")
        for before, after in case["edits"]:
            new = new.replace(before, after)
        labels = [m[0].strip("　 ") for line in old.splitlines() if (m := HEAD.match(line))]
        truth: Pairs = {label: label for label in labels}
        for row in case["expect"]:
            before, after = row.split(" ")[0], row.split(" ")[2]
            if before in truth:
                truth[before] = None if after == "-" else after
        found.append((old, new, truth))
    return found


def forty() -> tuple[str, str]:
    """40 articles: 第５条 inserted, 第35条 deleted, a wording, an item, a paragraph, shifted references."""
    source = random.Random(40)
    old = random_model(source, 40)
    old[9].items = ["施錠すること。", "記録すること。", "報告すること。"]
    for at in (11, 19, 29):
        old[at].paragraphs[0] += f"ただし、第{at - 3}条に定める場合は、この限りでない。"
    edited = random_edits(random.Random(0), old).old
    new = [type(a)(a.identity, a.caption, list(a.paragraphs), list(a.items)) for a in edited]
    new[2].paragraphs[0] = new[2].paragraphs[0].replace("。", "。ただし、緊急の場合は、この限りでない。", 1)
    del new[9].items[1]
    new[37].paragraphs.append("前項の規定は、委託先について準用する。")
    for at in (11, 19, 29):
        new[at].paragraphs[0] = new[at].paragraphs[0].replace(f"第{at - 3}条", f"第{at - 2}条")
    del new[34]
    added = type(new[0])(
        900,
        "（情報資産の台帳）",
        ["所属長は、情報資産の台帳を備え、毎年度これを更新しなければならない。"],
        [],
    )
    new.insert(4, added)
    return printed(old, "half"), printed(new, "half")


def timed(run: Callable[[], object], times: int) -> float:
    """Best CPU seconds of several runs."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


def print_cases() -> None:
    written = cases()
    ours = sum(by_tenshu(o, n) == t for o, n, t in written)
    theirs = sum(by_difflib(o, n) == t for o, n, t in written)
    of = len(written)
    print(f"written cases, all paired   tenshu {ours}/{of}   difflib {theirs}/{of}   target all, at least 40")


def print_random(count: int) -> None:
    right = [0, 0]
    exact = whole = 0
    for seed in range(count):
        source = random.Random(seed)
        edited = random_edits(source, random_model(source, 30))
        old, new = printed(edited.old), printed(edited.new)
        places = {a.identity: at for at, a in enumerate(edited.new)}
        labels = [m[0].strip("　 ") for line in new.splitlines() if (m := HEAD.match(line))]
        heads = [m[0].strip("　 ") for line in old.splitlines() if (m := HEAD.match(line))]
        truth: Pairs = {
            heads[at]: labels[places[a.identity]] if a.identity in places else None
            for at, a in enumerate(edited.old)
        }
        right[0] += by_tenshu(old, new) == truth
        right[1] += by_difflib(old, new) == truth
        comparison = compare_documents(parse_text(old), parse_text(new), amendments=True)
        document = comparison.alignment
        exact += apply_amendments(document.old, comparison.amendments) == document.new.text()
        whole += any(a.sentence.startswith("全部を") for a in comparison.amendments)
    ours, theirs = right
    print(f"random edits recovered      tenshu {ours}/{count}   difflib {theirs}/{count}   target all")
    print(f"amending sentences exact    tenshu {exact}/{count}, {whole} replace the whole   target all")


def print_forty() -> None:
    old, new = forty()
    comparison = compare_documents(parse_text(old), parse_text(new))
    articles = [p for p in comparison.alignment.pairs if p.node.kind == "article"]
    renumbered = sum(bool("number" in p.changes) for p in articles)
    added = sum(p.status == "added" for p in articles)
    deleted = sum(p.status == "deleted" for p in articles)
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0))[2:]
    minus, plus = (sum(line.startswith(sign) for line in lines) for sign in "-+")
    errors = sum(f.severity == "error" for f in comparison.findings)
    print(f"40-article case   tenshu {added} added, {deleted} deleted, {renumbered} renumbered, "
          f"{errors} wrong references   difflib {minus} lines -, {plus} lines + of {len(old.splitlines())}"
          f"   target 1, 1, 30, 0")  # fmt: skip


def print_times(count: int) -> None:
    source = random.Random(7)
    model = random_model(source, count)
    edited = random_edits(source, model)
    for article in edited.new[::3]:
        article.paragraphs[0] = article.paragraphs[0].replace("。", "。なお、細目は別に定める。", 1)
    old, new = printed(edited.old), printed(edited.new)

    def whole() -> None:
        alignment = align(parse_text(old), parse_text(new))
        verify(alignment, build_table(alignment))
        check_references(alignment)

    ours = timed(whole, 3)
    lines = old.splitlines(), new.splitlines()
    theirs = timed(lambda: difflib.HtmlDiff().make_table(*lines), 1) if count <= 400 else float("nan")
    print(f"{count} articles ({len(lines[0])} lines), parse to proof and references   tenshu {ours:.3f} s"
          f"   difflib.HtmlDiff {theirs:.3f} s   target 320: <= 0.3 s")  # fmt: skip
    comparison = compare_documents(parse_text(old), parse_text(new))
    for ending in (".html", ".docx", ".xlsx", ".pdf"):
        print(f"    {ending}  {timed(lambda e=ending: rendered(comparison, e), 1):.3f} s")  # type: ignore[misc]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a smoke run of a few seconds")
    options = parser.parse_args()
    print_cases()
    print_forty()
    print_random(20 if options.small else 400)
    for count in (40, 320) if options.small else (40, 320, 1000):
        print_times(count)


if __name__ == "__main__":
    main()
