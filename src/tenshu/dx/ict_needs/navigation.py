"""Menu entry of the ICT needs."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.DX, label="業務のICT化", url="ict_needs:need-list", order=40)]
