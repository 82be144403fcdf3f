"""Consistency rules of the index."""

from collections.abc import Iterator

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.consistency import Check, Finding, Severity
from tenshu.ground.search.index import left_over, missing
from tenshu.ground.search.sources import sources


def incomplete(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Records that the search does not find, or finds though they are gone. One finding a kind of record."""
    for source in sources().values():
        for count, what in (
            (missing(source).count(), "検索で見つかりません"),
            (left_over(source).count(), "消えた記録です"),
        ):
            if count:
                yield Finding(
                    f"検索の索引：{source.label}",
                    f"{count:,}件が{what}。「tenshu reindex」で索引を作り直してください。",
                )


CHECKS = [Check("search.index_incomplete", Severity.WARNING, "検索の索引の欠けと余り", incomplete)]
