"""When the jobs of this room run."""

from tenshu.ground.jobs.clock import Slot
from tenshu.ground.webhooks.tasks import prune_webhooks, send_webhooks

SLOTS = [
    Slot(name="webhooks.send", cron="* * * * *", job=send_webhooks),
    Slot(name="webhooks.prune", cron="40 3 * * *", job=prune_webhooks),
]
