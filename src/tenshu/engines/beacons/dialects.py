"""How DuckDB and Spark spell the few list operations of the scoring statements.

The statements themselves are one text. Both engines compute in IEEE doubles from the same integers, so their
scores agree to the last digits; nothing is rounded in SQL (the engines round halves differently).
"""

from dataclasses import dataclass
from typing import Protocol


class Dialect(Protocol):
    """Spellings used by the statements; every argument and result is SQL text. Lists count from 1."""

    @property
    def name(self) -> str:
        """duckdb or spark."""

    def div(self, a: str, b: str) -> str:
        """Whole-number division that drops the fraction (toward zero)."""

    def collect(self, value: str, where: str) -> str:
        """Aggregate: the values where a condition holds, in any order, without nulls."""

    def size(self, values: str) -> str:
        """Length of a list."""

    def at(self, values: str, position: str) -> str:
        """The element at a position, null outside the list."""

    def ordered(self, values: str) -> str:
        """The list in rising order."""

    def each(self, values: str, expression: str) -> str:
        """`expression` of every element `x`."""

    def where(self, values: str, condition: str) -> str:
        """The elements `x` for which a condition holds."""

    def spread(self, values: str, median: str) -> str:
        """Median absolute deviation of a list from its median, as a double."""

    def gaps(self, values: str) -> str:
        """Differences between neighbours that are above zero."""

    def total(self, values: str) -> str:
        """Sum of a list of whole numbers."""

    def largest(self, values: str) -> str:
        """Largest element of a list."""

    def distinct(self, values: str) -> str:
        """The list without repetitions."""

    def cut(self, values: str, first: str, last: str) -> str:
        """The elements from position `first` to `last`."""

    def numbers(self, first: int, last: int) -> str:
        """The whole numbers of a range as a list."""

    def text(self, values: str) -> str:
        """A list of texts joined without separator."""

    def runs(self, marks: str) -> str:
        """The runs of `1` in a text of `0` and `1`, as a list of texts."""

    def pack(self, values: list[str]) -> str:
        """A list of the given expressions."""

    def tally(self, values: str) -> str:
        """Prepares a list of whole numbers for `count_of`."""

    def count_of(self, tally: str, value: int) -> str:
        """How often a number occurs in a tallied list."""

    def highest_counts(self, tally: str, values: int) -> str:
        """How often each of the numbers 0 … `values` - 1 occurs in a tallied list, most frequent first; numbers
        that do not occur may be left out."""

    def unfold(self, values: str) -> str:
        """A select item that makes one row of every element."""

    def share(self, column: str, shares: int, number: int) -> str:
        """Condition: the row belongs to one of several equal shares, by the hash of a column."""


@dataclass(frozen=True)
class DuckDialect:
    """DuckDB 2."""

    name: str = "duckdb"

    def div(self, a: str, b: str) -> str:
        return f"(({a}) // ({b}))"

    def collect(self, value: str, where: str) -> str:
        return f"list({value}) FILTER (WHERE ({where}) AND ({value}) IS NOT NULL)"

    def size(self, values: str) -> str:
        return f"coalesce(len({values}), 0)"

    def at(self, values: str, position: str) -> str:
        return f"list_extract({values}, {position})"

    def ordered(self, values: str) -> str:
        return f"list_sort({values})"

    def each(self, values: str, expression: str) -> str:
        return f"list_transform({values}, lambda x: {expression})"

    def where(self, values: str, condition: str) -> str:
        return f"list_filter({values}, lambda x: {condition})"

    def spread(self, values: str, median: str) -> str:
        return f"CAST(list_aggregate({values}, 'mad') AS DOUBLE)"

    def gaps(self, values: str) -> str:
        neighbours = f"list_zip({values}[2:], {values}[:-2])"
        return f"list_filter(list_transform({neighbours}, lambda p: p[1] - p[2]), lambda d: d > 0)"

    def total(self, values: str) -> str:
        return f"CAST(list_sum({values}) AS BIGINT)"

    def largest(self, values: str) -> str:
        return f"list_max({values})"

    def distinct(self, values: str) -> str:
        return f"list_distinct({values})"

    def cut(self, values: str, first: str, last: str) -> str:
        return f"list_slice({values}, {first}, {last})"

    def numbers(self, first: int, last: int) -> str:
        return f"range({first}, {last + 1})"

    def text(self, values: str) -> str:
        return f"array_to_string({values}, '')"

    def runs(self, marks: str) -> str:
        return f"string_split({marks}, '0')"

    def pack(self, values: list[str]) -> str:
        return f"[{', '.join(values)}]"

    def tally(self, values: str) -> str:
        # One pass over the list; a filter for each value would be as many passes.
        return f"list_aggregate({values}, 'histogram')"

    def count_of(self, tally: str, value: int) -> str:
        return f"CAST(coalesce({tally}[{value}], 0) AS INTEGER)"

    def highest_counts(self, tally: str, values: int) -> str:
        return f"list_reverse_sort(map_values({tally}))"

    def unfold(self, values: str) -> str:
        return f"unnest({values})"

    def share(self, column: str, shares: int, number: int) -> str:
        return f"hash({column}) % {shares} = {number}"


@dataclass(frozen=True)
class SparkDialect:
    """Spark SQL 4, with its ANSI rules."""

    name: str = "spark"

    def div(self, a: str, b: str) -> str:
        return f"(({a}) div ({b}))"

    def collect(self, value: str, where: str) -> str:
        return f"collect_list({value}) FILTER (WHERE {where})"

    def size(self, values: str) -> str:
        return f"coalesce(array_size({values}), 0)"

    def at(self, values: str, position: str) -> str:
        return f"get({values}, CAST(({position}) - 1 AS INT))"

    def ordered(self, values: str) -> str:
        return f"array_sort({values})"

    def each(self, values: str, expression: str) -> str:
        return f"transform({values}, x -> {expression})"

    def where(self, values: str, condition: str) -> str:
        return f"filter({values}, x -> {condition})"

    def spread(self, values: str, median: str) -> str:
        away = f"array_sort(transform({values}, x -> abs(x - {median})))"
        n = f"array_size({values})"
        return (
            f"((get({away}, CAST((({n} - 1) div 2) AS INT)) + get({away}, CAST(({n} div 2) AS INT))) / 2.0)"
        )

    def gaps(self, values: str) -> str:
        later, earlier = f"slice({values}, 2, size({values}))", f"{values}"
        return f"filter(zip_with({later}, {earlier}, (a, b) -> a - b), d -> d > 0)"

    def total(self, values: str) -> str:
        return f"aggregate({values}, CAST(0 AS BIGINT), (sum, x) -> sum + x)"

    def largest(self, values: str) -> str:
        return f"array_max({values})"

    def distinct(self, values: str) -> str:
        return f"array_distinct({values})"

    def cut(self, values: str, first: str, last: str) -> str:
        return f"slice({values}, CAST({first} AS INT), CAST(({last}) - ({first}) + 1 AS INT))"

    def numbers(self, first: int, last: int) -> str:
        return f"sequence({first}, {last})"

    def text(self, values: str) -> str:
        return f"array_join({values}, '')"

    def runs(self, marks: str) -> str:
        return f"split({marks}, '0')"

    def pack(self, values: list[str]) -> str:
        return f"array({', '.join(values)})"

    def tally(self, values: str) -> str:
        return values

    def count_of(self, tally: str, value: int) -> str:
        return f"size(filter({tally}, x -> x = {value}))"

    def highest_counts(self, tally: str, values: int) -> str:
        counts = ", ".join(self.count_of(tally, value) for value in range(values))
        return f"sort_array(array({counts}), false)"

    def unfold(self, values: str) -> str:
        return f"explode({values})"

    def share(self, column: str, shares: int, number: int) -> str:
        return f"pmod(hash({column}), {shares}) = {number}"
