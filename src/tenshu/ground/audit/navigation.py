"""Menu entry of the record."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.SETTINGS, label="監査記録", url="audit:row-list", order=40)]
