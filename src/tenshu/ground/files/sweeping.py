"""Contents that no record knows (what a transaction that was taken back leaves behind) taken out of the store."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from tenshu.ground.files import store
from tenshu.ground.files.models import StoredFile
from tenshu.ground.files.queries import unknown_contents

GRACE_HOURS = 24
"""A content without a record may belong to a transaction that is still open: no transaction is open for a day."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep took out: contents, their bytes, and half-written files.

    ``young`` were left for the next time; ``waits_for`` is the file for the sake of which nothing was taken at all.
    """

    contents: int = 0
    bytes: int = 0
    half_written: int = 0
    young: int = 0
    waits_for: str = ""


def sweep_store(*, hours: float = GRACE_HOURS, only_look: bool = False) -> Swept:
    """Take out what no record knows and nobody has put within the last ``hours``."""
    before = time.time() - hours * 3600
    if replaced := replaced_database():
        half_written = 0 if only_look else store.tidy_incoming(before=before)
        return Swept(half_written=half_written, waits_for=replaced.name)
    contents = size = young = 0
    for digest in _unknown():
        put_at = store.put_at(digest)
        if put_at is None:
            continue
        if put_at >= before:
            young += 1
            continue
        length = store.path_of(digest).stat().st_size
        # Asked again at the last moment: the list may be minutes old.
        if StoredFile.objects.filter(sha256=digest).exists():
            continue
        if only_look or store.take_away(digest, unless_since=before):
            contents, size = contents + 1, size + length
    half_written = 0 if only_look else store.tidy_incoming(before=before)
    return Swept(contents, size, half_written, young)


def replaced_database() -> Path | None:
    """The database that a restore has put aside: whoever goes back to it needs contents that this one does not know."""
    if connection.vendor != "sqlite":
        return None
    path = Path(connection.settings_dict["NAME"])
    return next(iter(sorted(path.parent.glob(f"{path.name}.replaced-*"))), None)


def _unknown() -> Iterator[str]:
    return (problem.sha256 for problem in unknown_contents())
