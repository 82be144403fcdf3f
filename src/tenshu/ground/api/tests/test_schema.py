"""Schemathesis against the API in this process: whatever is asked, nobody meets an answer that the document does not tell."""

import functools
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi import checks, definitions

from tenshu.ground.access.roles import Role
from tenshu.ground.api.assembly import document
from tenshu.ground.api.tests.asking import token_for

RIGHT, WRONG = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
#: Examples of each operation, by persona: who may do the most is asked the most. A wrong shape is wrong whoever asks.
QUESTIONS = [
    (Role.SECRETARIAT, RIGHT, 2),
    (Role.SECRETARIAT, WRONG, 2),
    *((role, RIGHT, 1) for role in Role if role != Role.SECRETARIAT),
]
ALWAYS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(autouse=True)
def _one_connection():
    """The server of a test shares the test's transaction, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@functools.cache
def the_schema() -> Any:
    config = SchemathesisConfig(
        projects=ProjectsConfig(
            default=ProjectConfig(
                generation=GenerationConfig(
                    deterministic=True, allow_x00=False, with_security_parameters=False
                )
            )
        )
    )
    schema = schemathesis.openapi.from_dict(document(), config=config)
    schema.app = get_wsgi_application()
    return schema


def ask_everything(token: str, world: Any, examples: int, mode: GenerationMode) -> int:
    """Ask each operation ``examples`` times and check every answer; returns how often was asked."""
    asked = 0
    wrong: list[str] = []
    for result in the_schema().get_all_operations():
        operation = result.ok()

        @seed(20231123)
        @hypothesis.settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=known(operation, world)))
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            with transaction.atomic():  # every question meets the same office
                case.call_and_validate(
                    headers={"Authorization": f"Bearer {token}"}, checks=wanted(case, mode)
                )
                transaction.set_rollback(True)

        try:
            ask()
        except Unsatisfiable:
            continue  # an operation of which nothing can be asked wrongly
        except BaseExceptionGroup as found:
            wrong += [f"{operation.label}: {error}" for error in found.exceptions]
    if wrong:
        pytest.fail("\n\n".join(wrong), pytrace=False)
    return asked


def known(operation: Any, world: Any) -> dict[str, Any] | None:
    """Objects that are there, so that questions get beyond "not found"."""
    names = [parameter.name for parameter in operation.path_parameters]
    example = {**world.kwargs, "year": "R5"}
    return {name: example[name] for name in names} or None


def wanted(case: Any, mode: GenerationMode) -> list[Any]:
    """A refused value must be refused; a right question must be answered, a right write may break a rule."""
    if mode == WRONG:
        return [*ALWAYS, checks.negative_data_rejection]
    return [*ALWAYS, checks.positive_data_acceptance] if case.method == "GET" else ALWAYS


@pytest.fixture(autouse=True)
def _quiet(caplog):
    """Refusals are what is wanted here."""
    caplog.set_level("CRITICAL", logger="django.request")


def test_the_document_is_one_of_openapi_3_1():
    assert document()["openapi"].startswith("3.1.")
    assert [str(error) for error in definitions.OPENAPI_31_VALIDATOR.iter_errors(document())] == []
    names = [operation["operationId"] for path in document()["paths"].values() for operation in path.values()]
    assert len(set(names)) == len(names)


@pytest.mark.xdist_group("api-schema")  # what asks is built once a process
@pytest.mark.parametrize(("role", "mode", "examples"), QUESTIONS)
def test_no_question_breaks_the_document(role, mode, examples, world, settings):
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    asked = ask_everything(token_for(world.users[role]), world, examples, mode)
    assert asked >= 40
