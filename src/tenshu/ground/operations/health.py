"""Whether this process may be given requests: database, migrations, folder of the files, a worker."""

import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from tenshu.ground.jobs.heartbeat import living_workers

_MIGRATED_FOR_SECONDS = 60.0
_migrated_until = 0.0


def reasons_not_ready() -> list[str]:
    """Why not, in words that a probe may show: ``database``, ``migrations``, ``files``, ``worker``. Empty: ready."""
    reasons = [] if _files_can_be_written() else ["files"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _is_migrated():
            return ["migrations", *reasons]
        if not living_workers().exists():
            reasons.append("worker")
    except DatabaseError:
        return ["database", *reasons]
    return reasons


def _is_migrated() -> bool:
    # Reading all migrations costs half a second: a good answer is believed for a minute.
    global _migrated_until
    if time.monotonic() < _migrated_until:
        return True
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    _migrated_until = time.monotonic() + _MIGRATED_FOR_SECONDS
    return True


def _files_can_be_written() -> bool:
    folder = Path(settings.FILES_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as handle:
            handle.write(b"ready")
    except OSError:
        return False
    return True
