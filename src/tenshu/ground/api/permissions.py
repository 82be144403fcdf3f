"""The permission table's rows of tokens and the reference. The API's own operations keep the rows of the pages."""

from tenshu.ground.access.roles import EDITORS, EVERYONE
from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [
    Rule("api:reference", allowed=EVERYONE),
    Rule("api:token-list", allowed=EVERYONE),
    Rule("api:token-add", allowed=EVERYONE),
    Rule("api:token-revoke", allowed=EVERYONE),
    Rule("api:token-all", allowed=EDITORS, readers=EVERYONE),
]
