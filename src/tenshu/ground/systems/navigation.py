"""Menu entry of the register."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.DX, label="システム台帳", url="systems:system-list", order=20)]
