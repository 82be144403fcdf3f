"""Menu entry of sessions."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [
    Entry(wing=Wing.HOME, label="会議・研修", url="gathering:gathering-list", order=20, icon="calendar")
]
