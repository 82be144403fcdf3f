"""Menu entry of the task force."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.DX, label="タスクフォース", url="taskforce:overview", order=10)]
