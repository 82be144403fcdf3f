"""The permission table's rows of inquiries; the gates decide which campaign and which sheet.

Any member of staff may get a sheet handed over, so all of them pass the table, and the gate answers 404.
"""

from tenshu.ground.access.roles import DIVISION, EDITORS, READERS, Role
from tenshu.ground.access.table import Rule

_READ = READERS | DIVISION | {Role.STAFF}
_ANSWER = EDITORS | DIVISION | {Role.STAFF}

TABLE: list[Rule] = [
    Rule("inquiry:campaign-list", allowed=_READ),
    Rule("inquiry:campaign-detail", allowed=_READ),
    *(
        Rule(f"inquiry:campaign-{name}", allowed=EDITORS, readers=READERS)
        for name in (
            "add",
            "correct",
            "open",
            "close",
            "reopen",
            "remove",
            "due",
            "remind",
            "accept",
            "sheets-remind",
            "sheets-due",
            "sheets-withdraw",
            "files",
        )
    ),
    *(
        Rule(f"inquiry:campaign-{name}", allowed=_READ)
        for name in ("answers", "rows", "counts", "differences", "hearings")
    ),
    *(
        Rule(f"inquiry:{name}", allowed=EDITORS, readers=_READ)
        for name in ("hearing-rule-add", "hearing-rule-remove", "need-plan", "need-remove", "sheet-hearing")
    ),
    Rule("inquiry:substitute-list", allowed=READERS | DIVISION),
    Rule("inquiry:substitute-add", allowed=EDITORS | {Role.HEAD}, readers=READERS | DIVISION),
    Rule("inquiry:substitute-end", allowed=EDITORS | {Role.HEAD}, readers=READERS | DIVISION),
    Rule("inquiry:sheet-detail", allowed=_READ),
    Rule("inquiry:sheet-rows", allowed=_READ),
    Rule("inquiry:sheet-workbook", allowed=_READ),
    *(
        Rule(f"inquiry:{name}", allowed=_ANSWER, readers=READERS)
        for name in (
            "sheet-answer",
            "sheet-question",
            "sheet-files",
            "sheet-paste",
            "row-add",
            "row-correct",
            "row-remove",
            "sheet-submit",
            "sheet-delegate",
            "sheet-hand-back",
            "sheet-confirm",
            "sheet-return",
            "sheet-take-back",
            "sheet-workbook-in",
            "sheet-workbook-check",
            "sheet-workbook-marked",
        )
    ),
    *(
        Rule(f"inquiry:sheet-{name}", allowed=EDITORS, readers=_READ)
        for name in ("accept", "reopen", "reassign", "withdraw", "restore", "due")
    ),
]
