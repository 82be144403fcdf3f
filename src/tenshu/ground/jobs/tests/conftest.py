"""What the tests of jobs share: the real queue, and the bare table of effects."""

import pytest
from django.db import connection

from tenshu.ground.jobs.tests.sample_jobs import PROBE


@pytest.fixture
def queue(settings):
    """Jobs go into the database, as in an office."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def probe(db):
    """The table without constraints, in the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(PROBE)


@pytest.fixture
def lasting_probe(transactional_db):
    """The same for tests with processes of their own."""
    with connection.cursor() as cursor:
        cursor.execute(PROBE)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE job_probe")
