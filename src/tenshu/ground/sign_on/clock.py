"""When the clock works for sign-on."""

from tenshu.ground.jobs.clock import Slot
from tenshu.ground.sign_on.tasks import tidy_sign_on

SLOTS = [Slot(name="sign_on.tidy", title="サインインの記録を整理する", cron="20 3 * * *", job=tidy_sign_on)]
