"""The permission table's rows of accounts and roles."""

from tenshu.ground.access.roles import EDITORS, READERS
from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [
    Rule("access:login", public=True),
    Rule("access:logout", signed_in=True),
    Rule("access:password-change", signed_in=True),
    Rule("access:user-list", allowed=EDITORS, readers=READERS),
    Rule("access:user-detail", allowed=EDITORS, readers=READERS),
    Rule("access:user-add", allowed=EDITORS, readers=READERS),
    Rule("access:user-stop", allowed=EDITORS, readers=READERS),
    Rule("access:password-issue", allowed=EDITORS, readers=READERS),
    Rule("access:grant-add", allowed=EDITORS, readers=READERS),
    Rule("access:grant-end", allowed=EDITORS, readers=READERS),
    Rule("access:table", allowed=READERS),
]
