"""File names of a series of results: NAME.parquet, NAME.0002.parquet, …, each with a journal while it is
written.
"""

from __future__ import annotations

import itertools
from pathlib import Path

_JOURNAL = ".journal"
_NUMBER = "[0-9][0-9][0-9][0-9]"


def journal_of(results: Path) -> Path:
    """The journal that belongs to a results file."""
    return results.with_name(results.name + _JOURNAL)


def results_of(journal: Path) -> Path:
    """The results file that a journal will become."""
    return journal.with_name(journal.name.removesuffix(_JOURNAL))


def sealed_files(results: Path) -> list[Path]:
    """Finished files of the series, in order."""
    rest = sorted(results.parent.glob(f"{results.stem}.{_NUMBER}{results.suffix}"))
    return [path for path in (results, *rest) if path.exists()]


def journals(results: Path) -> list[Path]:
    """Journals of the series: being written now, or left behind by a prober that was killed."""
    rest = sorted(results.parent.glob(f"{results.stem}.{_NUMBER}{results.suffix}{_JOURNAL}"))
    return [path for path in (journal_of(results), *rest) if path.exists()]


def next_file(results: Path) -> Path:
    """The first name of the series that has neither a finished file nor a journal."""
    names = itertools.chain(
        [results], (results.with_name(f"{results.stem}.{n:04d}{results.suffix}") for n in itertools.count(2))
    )
    return next(path for path in names if not path.exists() and not journal_of(path).exists())
