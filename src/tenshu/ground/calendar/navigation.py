"""Menu entry of the calendar."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.SETTINGS, label="年度と閉庁日", url="calendar:year-list", order=10)]
