"""The menu entry of the API."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.SETTINGS, label="API", url="api:token-list", order=80, also=("api:reference",))]
