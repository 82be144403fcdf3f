"""When the jobs of inquiries run."""

from tenshu.ground.jobs.clock import Slot
from tenshu.mechanisms.inquiry.hand_back_job import hand_back

#: Before the reminders of the day go out, so that they reach the division.
SLOTS = [Slot(name="inquiry.holders", cron="30 6 * * *", job=hand_back)]
