"""Menu entry of webhooks."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.SETTINGS, label="外部への通知", url="webhooks:endpoint-list", order=90)]
