"""Menu entry of jobs. Failures stand among the things to do: a count here would cost every page a query."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [
    Entry(
        wing=Wing.OFFICE,
        label="ジョブ",
        url="jobs:job-overview",
        order=95,
        icon="gear",
        also=("jobs:slot-list", "jobs:worker-list"),
    )
]
