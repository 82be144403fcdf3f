"""Menu entry of jobs. Failures stand among the things to do: a count here would cost every page a query."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [
    Entry(
        wing=Wing.SETTINGS,
        label="ジョブ",
        url="jobs:job-overview",
        order=70,
        also=("jobs:slot-list", "jobs:worker-list"),
    )
]
