"""Menu entry of the record."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.OFFICE, label="監査記録", url="audit:row-list", order=90, icon="list")]
