"""What the clock does for the kartes."""

from tenshu.dx.karte.endings import tell_endings
from tenshu.ground.jobs.clock import Slot

SLOTS = [
    Slot(
        name="karte.endings", title="契約とサポートの終わりを知らせる", cron="30 6 * * 1-5", job=tell_endings
    )
]
