"""When the clock works for the counts."""

from tenshu.ground.jobs.clock import Slot
from tenshu.ground.throttle.tasks import tidy_counts

SLOTS = [Slot(name="throttle.tidy", title="回数の制限を整理する", cron="40 * * * *", job=tidy_counts)]
