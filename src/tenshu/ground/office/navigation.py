"""Menu entries of the organisation."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.OFFICE, label="組織・職員", url="office:unit-tree", order=20, icon="people")]
