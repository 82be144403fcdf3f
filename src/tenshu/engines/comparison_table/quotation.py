"""Wording changes as quoted words: 「甲」を「乙」に改め、「丙」を削る."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from .wording import words

_MOST_EDITS = 4


def word_edits(old: str, new: str) -> list[tuple[str, str]]:
    """(字句, 字句) pairs, each first member single in the text.

    Empty when wording cannot be quoted safely.
    """
    left, right = words(old), words(new)
    spans: list[tuple[int, int, int, int]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            spans.append((i1, i2, j1, j2))
    edits: list[tuple[str, str]] = []
    for i1, i2, j1, j2 in spans:
        edit = _widened(left, right, (i1, i2, j1, j2), old)
        if edit is None:
            return []
        edits.append(edit)
    now = old
    for before, after in edits:
        if now.count(before) != 1:
            return []
        now = now.replace(before, after)
    return edits if now == new and len(edits) <= _MOST_EDITS else []


def _widened(
    left: list[str], right: list[str], span: tuple[int, int, int, int], old: str
) -> tuple[str, str] | None:
    """Take neighbouring words in until the quoted words stand once in the text and quotation marks
    balance."""
    i1, i2, j1, j2 = span
    backwards = True
    for _ in range(24):
        before, after = "".join(left[i1:i2]), "".join(right[j1:j2])
        if _quotable(before) and old.count(before) == 1 and _balanced(before) and _balanced(after):
            return before, after
        can_back = i1 > 0 and j1 > 0 and left[i1 - 1] == right[j1 - 1]
        can_forth = i2 < len(left) and j2 < len(right) and left[i2] == right[j2]
        if can_back and (backwards or not can_forth):
            i1, j1 = i1 - 1, j1 - 1
        elif can_forth:
            i2, j2 = i2 + 1, j2 + 1
        else:
            return None
        backwards = not backwards
    return None


def _quotable(text: str) -> bool:
    """A bare number is quoted together with its unit."""
    return bool(text) and not text.isdecimal()


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "「") - (char == "」")
        if depth < 0:
            return False
    return depth == 0


def said_edits(edits: Sequence[tuple[str, str]]) -> str:
    """「甲」を「乙」に改め、「丙」を削る."""
    parts: list[str] = []
    for at, (before, after) in enumerate(edits):
        last = at == len(edits) - 1
        if after:
            follows = not last and bool(edits[at + 1][1])
            parts.append(
                f"「{before}」を「{after}」に" + ("改める" if last else "、" if follows else "改め、")
            )
        else:
            parts.append(f"「{before}」を削" + ("る" if last else "り、"))
    return "".join(parts)
