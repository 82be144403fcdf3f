"""``@job``: a function of a room that a worker runs (see docs/dev/jobs.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate

from django.tasks import Task
from django.tasks.base import DEFAULT_TASK_PRIORITY

from tenshu.ground.jobs.errors import JobCancelled, JobError, Superseded
from tenshu.ground.jobs.registry import register
from tenshu.ground.jobs.runs import JobRun

USUAL_LIMIT = 3600
"""Seconds that an attempt may last where the job says nothing else."""

__all__ = ["Job", "JobCancelled", "JobError", "JobRun", "Superseded", "job"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Task):  # type: ignore[type-arg]
    """A task of django.tasks with a title, tries, and a ``JobRun`` as its first argument."""

    title: str = ""
    atomic: bool = False
    retries: int = 0
    retry_seconds: int = 30
    limit_seconds: float = USUAL_LIMIT

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Run at once, without a worker: what the immediate backend of tests does."""
        return self.run(JobRun(), *args, **kwargs)

    def run(self, run: JobRun, *args: Any, **kwargs: Any) -> Any:
        """Run one attempt."""
        if not self.atomic:
            return self.func(run, *args, **kwargs)
        with run.finish():
            return self.func(run, *args, **kwargs)


def job(
    *,
    title: str,
    atomic: bool = False,
    priority: int = DEFAULT_TASK_PRIORITY,
    retries: int = 0,
    retry_seconds: int = 30,
    limit_seconds: float = USUAL_LIMIT,
) -> Callable[[Callable[Concatenate[JobRun, ...], Any]], Job]:
    """Make a module-level function a job.

    ``title`` is what the page calls it. ``atomic``: the whole job and its completion are one transaction.
    ``priority`` −100 to 100, the higher the sooner. ``retries``: how often an exception puts it back into the
    queue, after ``retry_seconds``, doubled each time. ``limit_seconds``: an attempt that lasts longer is ended, and
    counts like one that failed.
    """

    def decorate(function: Callable[Concatenate[JobRun, ...], Any]) -> Job:
        made = Job(
            func=function,
            title=title,
            atomic=atomic,
            priority=priority,
            retries=retries,
            retry_seconds=retry_seconds,
            limit_seconds=limit_seconds,
        )
        register(made.module_path, title, limit_seconds)
        return made

    return decorate
