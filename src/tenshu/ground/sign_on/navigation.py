"""Menu entries of sign-on. One's own account is opened from the menu of the person."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [
    Entry(wing=Wing.SETTINGS, label="サインインの記録", url="access:sign-in-list", order=50),
]
