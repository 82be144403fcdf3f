"""The menu entry of the API."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [
    Entry(wing=Wing.OFFICE, label="API", url="api:token-list", order=90, icon="key", also=("api:reference",))
]
