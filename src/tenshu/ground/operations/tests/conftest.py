"""What the tests of operations share with those of jobs."""

from tenshu.ground.jobs.tests.conftest import lasting_probe

__all__ = ["lasting_probe"]
