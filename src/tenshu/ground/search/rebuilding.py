"""The whole index anew: record by record, so that readers always find what is there, and on from where it was stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tenshu.ground.files.models import StoredFile
from tenshu.ground.jobs.tasks import JobRun, job
from tenshu.ground.search.attachments import ATTACHMENTS
from tenshu.ground.search.index import differences, drop, key_batches, left_over, refresh
from tenshu.ground.search.reading import keep, read_stored
from tenshu.ground.search.sources import SearchSource, sources

type Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many records were looked at and how many rows differed."""

    records: int
    changed: int
    removed: int
    read: int


def silent(text: str, done: int, total: int) -> None:
    """Nobody watches."""


def rebuild(progress: Progress = silent) -> Rebuilt:
    """Bring every row up to date and read files that were never read.

    A row that is right is left alone, so a run that was stopped is quickly where it was.
    """
    read = _read_files(progress)
    records = changed = removed = 0
    for source in in_order():
        total, done = source.model._default_manager.count(), 0
        for keys in key_batches(source):
            changed += refresh(source, keys)
            done += len(keys)
            progress(source.label, done, total)
        records += done
        gone = list(left_over(source).values_list("object_key", flat=True))
        drop(source, gone)
        removed += len(gone)
    return Rebuilt(records, changed, removed, read)


def in_order() -> Iterator[SearchSource[Any]]:
    """All kinds; attachments last, as they bear the marks of the records they hang on."""
    yield from (source for source in sources().values() if source is not ATTACHMENTS)
    yield ATTACHMENTS


def _read_files(progress: Progress) -> int:
    unread = StoredFile.objects.filter(attachments__isnull=False, extract__isnull=True).distinct()
    total = unread.count()
    for done, stored in enumerate(unread.order_by("pk").iterator(), 1):
        keep(stored, read_stored(stored))
        progress("添付の本文", done, total)
    return total


def wrong_rows() -> Iterator[tuple[SearchSource[Any], int]]:
    """Every record whose row is missing, out of date or left over, with its kind; read only."""
    for source in in_order():
        for keys in differences(source):
            yield from ((source, key) for key in keys)
        yield from ((source, key) for key in left_over(source).values_list("object_key", flat=True))


@job(title="検索の索引を作り直す", limit_seconds=6 * 3600)
def rebuild_index(run: JobRun) -> None:
    """The same as a job: what the migration asks for in a home that has records already."""

    def tell(text: str, done: int, total: int) -> None:
        run.raise_if_cancelled()
        run.progress(done, total, text)

    made = rebuild(tell)
    run.log(f"{made.records:,}件を調べ、{made.changed:,}件の索引を直しました。")
