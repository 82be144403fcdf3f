"""Menu entry of the figures."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.OFFICE, label="数値", url="figures:figure-list", order=20, icon="list")]
