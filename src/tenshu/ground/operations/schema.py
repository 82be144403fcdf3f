"""The tables of the house in a given state of its migrations: those of today, or those of an older release."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tenshu.ground.operations.columns import Column, column_of
from tenshu.ground.operations.derived import left_out

type Node = tuple[str, str]
"""A migration: the room's label and the migration's name."""


class UnknownMigrationsError(Exception):
    """A state names migrations that this release does not have: it comes from a newer one."""

    def __init__(self, unknown: list[Node]) -> None:
        super().__init__(", ".join(f"{app}.{name}" for app, name in unknown))
        self.unknown = unknown


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is copied, and how it is read in the same order on every database."""

    name: str
    columns: tuple[Column, ...]
    key: str
    model: type[models.Model]


def applied_migrations() -> list[Node]:
    """What the database of this house has applied; empty for an empty database."""
    return sorted(MigrationRecorder(connection).applied_migrations())


def outstanding_migrations() -> list[Node]:
    """What this release has and the database has not applied."""
    loader = MigrationLoader(connection)
    return sorted(set(loader.graph.nodes) - set(loader.applied_migrations))


def of_a_newer_release(loader: MigrationLoader) -> list[Node]:
    """What the database has applied of our own rooms and this release does not know: it is older than its database."""
    _, unknown = _known(loader, set(loader.applied_migrations))
    own = {config.label for config in apps.get_app_configs() if config.name.startswith("tenshu.")}
    return sorted(node for node in unknown if node[0] in own)


def targets_of(loader: MigrationLoader, applied: Iterable[Node]) -> list[Node]:
    """The last migration of every room in the state ``applied``.

    Raises:
        UnknownMigrationsError: the state is that of a newer release.
    """
    nodes, unknown = _known(loader, set(applied))
    if unknown:
        raise UnknownMigrationsError(sorted(unknown))
    followed = {
        parent.key for node in nodes for parent in loader.graph.node_map[node].parents if parent[0] == node[0]
    }
    return sorted(nodes - followed)


def _known(loader: MigrationLoader, applied: set[Node]) -> tuple[set[Node], set[Node]]:
    """The state in terms of this release: what it has squashed meanwhile stands for what it replaces."""
    nodes = {node for node in applied if node in loader.graph.nodes}
    unknown = applied - nodes
    for node, migration in loader.graph.nodes.items():
        replaced = {tuple(old) for old in migration.replaces}
        if replaced and replaced <= applied:
            nodes.add(node)
            unknown -= replaced
    return nodes, unknown


def tables_at(loader: MigrationLoader, targets: list[Node]) -> list[Table]:
    """Every table of every model in that state, but those that no backup holds; by name."""
    state = loader.project_state(targets).apps
    rooms = {app for app, _ in targets}
    found = [
        _table(model)
        for model in state.get_models(include_auto_created=True)
        if model._meta.app_label in rooms and _is_copied(model)
    ]
    return sorted(found, key=lambda table: table.name)


def _is_copied(model: type[models.Model]) -> bool:
    meta = model._meta
    return meta.managed and not meta.proxy and meta.db_table not in left_out()


def _table(model: type[Any]) -> Table:
    meta = model._meta
    fields = [field for field in meta.local_concrete_fields if not field.generated]
    return Table(meta.db_table, tuple(column_of(field) for field in fields), str(meta.pk.column), model)
