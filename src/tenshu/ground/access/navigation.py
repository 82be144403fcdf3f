"""Menu entries of accounts."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [
    Entry(
        wing=Wing.SETTINGS,
        label="利用者と権限",
        url="access:user-list",
        order=20,
        also=("access:table", "access:grant-add", "access:grant-end", "access:password-issue"),
    )
]
