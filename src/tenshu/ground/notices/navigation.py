"""Menu entries: one's own notices, which the top of every page counts, and the outbox."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [
    Entry(
        wing=Wing.HOME,
        label="お知らせ",
        url="notices:notice-list",
        order=30,
        icon="bell",
        also=("notices:preferences",),
    ),
    Entry(
        wing=Wing.SETTINGS,
        label="送信箱",
        url="notices:mail-list",
        order=60,
        also=(
            "notices:mail-detail",
            "notices:bounces",
            "notices:reminder-list",
            "notices:mail-retry",
            "notices:mail-answer",
            "notices:failing-clear",
        ),
    ),
]
