"""Menu entry of the exchange."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.SETTINGS, label="取込の履歴", url="exchange:run-list", order=30)]
