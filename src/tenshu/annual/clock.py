"""What the clock does for the yearly report."""

from tenshu.annual.watching import tell_of_differences
from tenshu.ground.jobs.clock import Slot

SLOTS = [
    Slot(
        name="annual.differences",
        title="締めた年度の数値を確かめる",
        cron="45 6 * * 1-5",
        job=tell_of_differences,
    )
]
