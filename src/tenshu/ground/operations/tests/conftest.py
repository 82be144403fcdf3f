"""What the tests of operations share with those of jobs."""

import os

from tenshu.ground.jobs.tests.conftest import lasting_probe

__all__ = ["lasting_probe"]

# Several machines share a PostgreSQL server; nobody shares a file of SQLite over a network.
ON_POSTGRESQL = os.environ.get("TENSHU_DATABASE_URL", "").startswith("postgres")
collect_ignore = [] if ON_POSTGRESQL else ["test_several_machines.py"]
