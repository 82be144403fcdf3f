"""The readers: which tables and imports a person may reach, and what is left to decide."""

import enum

from tenshu.ground.access.models import User
from tenshu.ground.exchange.models import ImportRun, RunState
from tenshu.ground.exchange.preview import choices_of
from tenshu.ground.exchange.registry import find_table
from tenshu.ground.exchange.spec import TableSpec


class Reach(enum.IntEnum):
    """How far a person gets with a table."""

    NONE = 0
    EXPORT = 1
    IMPORT = 2


def reach_of(user: User, spec: TableSpec | None) -> Reach:
    """What ``user`` may do with ``spec``."""
    if spec is None:
        return Reach.NONE
    if spec.may_import(user):
        return Reach.IMPORT
    return Reach.EXPORT if spec.may_export(user) else Reach.NONE


def access_table(user: User, name: str, scope: str = "") -> tuple[TableSpec | None, Reach]:
    """The table and how far ``user`` gets with it; ``None`` when ``user`` must not know of it."""
    spec = find_table(name, scope)
    reach = reach_of(user, spec)
    return (spec if reach is not Reach.NONE else None), reach


def access_run(user: User, run_id: int) -> ImportRun | None:
    """The import when ``user`` may see it, else ``None``."""
    return ImportRun.objects.for_user(user).select_related("stored", "created_by").filter(pk=run_id).first()


def undecided(run: ImportRun) -> int:
    """Conflicts of ``run`` that nobody has decided yet."""
    chosen = choices_of(run).keys()
    return sum(
        pair not in chosen for pair in run.cells.filter(is_conflict=True).values_list("key_text", "column")
    )


def taken_conflicts(run: ImportRun) -> int:
    """Conflicts that were decided for the value of the file."""
    return run.choices.filter(side="theirs").count()


def open_runs(user: User) -> list[ImportRun]:
    """Imports that ``user`` has begun and neither finished nor given up."""
    return list(ImportRun.objects.filter(created_by=user, state=RunState.PREVIEWED)[:20])
