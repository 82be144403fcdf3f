"""When the jobs of this room run."""

from tenshu.ground.jobs.clock import Slot
from tenshu.ground.notices.tasks import (
    make_digests,
    prune_outbox,
    read_bounces,
    remind,
    send_outbox,
    tell_of_failures,
)

SLOTS = [
    Slot(name="notices.remind", cron="0 8 * * 1-5", job=remind),
    Slot(name="notices.digests", cron="0,30 * * * 1-5", job=make_digests),
    Slot(name="notices.send", cron="* * * * *", job=send_outbox),
    Slot(name="notices.returns", cron="*/5 * * * *", job=read_bounces),
    Slot(name="notices.failures", cron="*/5 * * * *", job=tell_of_failures),
    Slot(name="notices.prune", cron="50 3 * * *", job=prune_outbox),
]
