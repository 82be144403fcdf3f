"""Menu entry of the questionnaire workshop."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [
    Entry(wing=Wing.HOME, label="質問票", url="questionnaire:questionnaire-list", order=15, icon="document")
]
