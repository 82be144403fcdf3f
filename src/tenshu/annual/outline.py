"""The outline of the yearly report: parts and sections in the report's order, with our sentences.

A sentence names its figures in braces: ``{taskforce.systems}`` becomes 135システム, as a link to its rows.
``Told`` asks a room for what it can tell (a table, a list); while the room has no such block, or no
record, the section says 記録なし. A room offers its blocks as ``report_blocks.BLOCKS``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph with figures in braces; ``heading`` stands before it."""

    text: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences with figures in braces."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A block that a room tells by this name; ``subject`` is what is missing while it does not.

    Without a subject the block is told when there is something to tell, and nothing is missing else.
    """

    name: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """A figure over the years as a chart."""

    figure: str


type Statement = Sentence | Items | Told | Trend


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the report: number, title, and what it states."""

    number: str
    title: str
    states: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report."""

    number: int
    title: str
    sections: tuple[Section, ...]
