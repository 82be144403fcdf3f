"""Menu entry of the home page."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.HOME, label="やること", url="home:tasks", order=1, icon="home")]
