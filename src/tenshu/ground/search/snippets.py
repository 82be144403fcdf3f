"""What a hit shows: its title and the place in its text, in the original spelling, with the words marked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tenshu.ground.search.folding import Span, find_spans, first_place

BEFORE, LENGTH = 36, 140
_SPACES = re.compile(r"\s+")


def marked(text: str, words: Sequence[str]) -> SafeString:
    """``text`` with every place of a word in ``<mark>``."""
    return _with_marks(text, find_spans(text, list(words)))


def snippet(text: str, words: Sequence[str]) -> SafeString:
    """The stretch of ``text`` round the first place of a word; its beginning when none stands there."""
    start = max(first_place(text, list(words)) - BEFORE, 0)
    end = min(start + LENGTH, len(text))
    part = _SPACES.sub(" ", text[start:end]).strip()
    if not part:
        return SafeString("")
    return format_html(
        "{}{}{}", "…" if start else "", marked(part, words), "…" if end < len(text.rstrip()) else ""
    )


def _with_marks(text: str, spans: Sequence[Span]) -> SafeString:
    if not spans:
        return format_html("{}", text)
    ends = [0, *(span.end for span in spans)]
    pieces = (
        (text[end : span.start], text[span.start : span.end]) for end, span in zip(ends, spans, strict=False)
    )
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[spans[-1].end :])


@dataclass(frozen=True, slots=True)
class Card:
    """One hit as the page shows it."""

    kind: str
    icon: str
    url: str
    title: SafeString
    under: str
    text: SafeString
    keys: SafeString
    download_url: str = ""
