"""How a job may end other than well."""


class JobError(Exception):
    """A job cannot be done; the message is Japanese, without personal data, and is shown on the page."""


class JobCancelled(Exception):  # noqa: N818 - what happened, not a fault
    """Somebody has cancelled the job; raised inside the job by ``JobRun.raise_if_cancelled``."""


class Superseded(Exception):  # noqa: N818 - what happened, not a fault
    """This attempt is no longer the job's: the worker was taken for dead and the job given to another."""


class JobHung(Exception):  # noqa: N818 - what happened, not a fault
    """The job did not end within its limit."""


class WorkerLost(Exception):  # noqa: N818 - what happened, not a fault
    """The job's workers died in the middle of it, as often as is allowed."""
