"""Menu entry of the kartes."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.DX, label="システムカルテ", url="karte:karte-list", order=22)]
