"""Every list of the API asks the database as often for two hundred rows as for one."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from tenshu.ground.access.roles import Role
from tenshu.ground.api.assembly import all_routes, document
from tenshu.ground.api.tests.asking import Asker

COPIES = 5
ALONE = {
    "audit",
    "calendar",
    "contenttypes",
    "django_tasks_database",
    "jobs",
    "search",
    "sessions",
    "throttle",
}
"""Rooms whose rows are not copied: the record is a chain, years are few, the others answer no list."""


def _unique_names(model: type[models.Model]) -> set[str]:
    """The fields of which a copy needs other values."""
    names = {field.name for field in model._meta.concrete_fields if field.unique and not field.primary_key}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names |= set(constraint.fields)
    return names.union(*model._meta.unique_together) if model._meta.unique_together else names


def _other(field: "models.Field[Any, Any]", value: Any, number: int, taken: set[Any]) -> Any:
    """Another value for a field that tells rows from each other."""
    match field:
        case models.OneToOneField():
            free = field.related_model._default_manager.exclude(pk__in=taken).values_list("pk", flat=True)
            taken.add(found := free.first())
            return found
        case models.CharField() if not field.choices and isinstance(value, str):
            return f"{value[: (field.max_length or 200) - 4]}{number:04}"
        case models.IntegerField() if (
            isinstance(value, int) and not field.choices and "year" not in field.name
        ):
            return value + number * 7
    return value


def copy_everything() -> None:
    """Some more rows of every kind, beside those of the world and hanging on the same records."""
    for model in apps.get_models():
        if model._meta.proxy or model._meta.app_label in ALONE:
            continue
        unique = _unique_names(model)
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        one_to_one = [field for field in fields if isinstance(field, models.OneToOneField)]
        taken = {
            field.name: set(model._default_manager.values_list(field.attname, flat=True))
            for field in one_to_one
        }
        numbers = itertools.count(1)
        for row in list(model._default_manager.order_by("pk")[:8]):
            for _ in range(COPIES):
                number = next(numbers)
                values = {
                    field.attname: _other(
                        field, getattr(row, field.attname), number, taken.get(field.name, set())
                    )
                    if field.name in unique
                    else getattr(row, field.attname)
                    for field in fields
                }
                try:
                    with transaction.atomic():
                        model._default_manager.bulk_create([model(**values)])
                except DatabaseError:
                    continue  # a row that cannot stand beside its like


def lists(world: Any) -> Iterator[str]:
    """The address of every list of the API, of an object of the world where it hangs on one."""
    example = {**world.kwargs, "year": "R5"}
    shapes = document()["components"]["schemas"]
    for path, methods in document()["paths"].items():
        content = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        shape = content.get("application/json", {}).get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
        if {"items", "next"} <= set(shapes.get(shape, {}).get("properties", {})):
            told = re.sub(r"{(\w+)}", lambda match: str(example[match[1]]), path)
            whole = [
                f"{parameter['name']}=all&"
                for parameter in methods["get"]["parameters"]
                if "all" in parameter["schema"].get("enum", [])
            ]
            yield f"{told.removeprefix('/api/v1')}?{''.join(whole)}"


def counts(world: Any) -> dict[str, tuple[int, int, int]]:
    """By list: rows, questions to the database for one of them, questions for all."""
    asker = Asker(world.users[Role.SECRETARIAT])
    found = {}
    for path in lists(world):
        asked = {}
        for limit in (1, 1, 200):
            with CaptureQueriesContext(connection) as queries:
                answer = asker.get(f"{path}limit={limit}")
            assert answer.status_code == 200, (path, answer.content)
            asked[limit] = len(queries)
        found[path] = (len(answer.json()["items"]), asked[1], asked[200])
    return found


@pytest.mark.django_db
def test_no_list_asks_more_often_for_more_rows(world, settings):
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    assert {routes.noun for routes in all_routes()} >= {"systems", "karte", "inquiries"}
    copy_everything()
    told = counts(world)
    table = "\n".join(
        f"{path:60} {rows:4} rows: {one:3} -> {all_:3} queries" for path, (rows, one, all_) in told.items()
    )
    assert [path for path, (_, one, all_) in told.items() if all_ > one] == [], table
    assert sum(rows > COPIES for rows, _, _ in told.values()) >= len(told) * 2 / 3, table
