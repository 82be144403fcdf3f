"""When the clock works for the store."""

from tenshu.ground.files.tasks import tidy_store
from tenshu.ground.jobs.clock import Slot

SLOTS = [Slot(name="files.tidy", title="記録の無いファイルを片付ける", cron="40 3 * * *", job=tidy_store)]
