"""The permission table's rows of this room."""

from tenshu.ground.access.roles import EDITORS, READERS
from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [
    *(
        Rule(f"questionnaire:{name}", allowed=READERS)
        for name in ("questionnaire-list", "questionnaire-detail", "version-detail", "version-preview")
    ),
    *(
        Rule(f"questionnaire:{name}", allowed=EDITORS, readers=READERS)
        for name in (
            "questionnaire-add",
            "questionnaire-correct",
            "version-add",
            "version-correct",
            "version-publish",
            "version-discard",
            "question-move",
            "question-add",
            "question-correct",
            "question-remove",
            "question-ancestors",
        )
    ),
]
