"""Menu entry of the outbox. One's own notices are reached from the top of every page."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [
    Entry(
        wing=Wing.OFFICE,
        label="送信箱",
        url="notices:mail-list",
        order=92,
        icon="inbox",
        also=(
            "notices:mail-detail",
            "notices:bounces",
            "notices:mail-retry",
            "notices:mail-answer",
            "notices:failing-clear",
        ),
    )
]
