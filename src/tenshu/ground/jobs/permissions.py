"""The permission table's rows of jobs: the secretariat acts, the security group looks."""

from tenshu.ground.access.roles import EDITORS, Role
from tenshu.ground.access.table import Rule

_READ = EDITORS | {Role.SECURITY}

TABLE: list[Rule] = [
    *(
        Rule(f"jobs:{name}", allowed=_READ)
        for name in ("job-overview", "job-list", "job-detail", "slot-list", "worker-list")
    ),
    *(
        Rule(f"jobs:{name}", allowed=EDITORS, readers=_READ)
        for name in ("job-cancel", "job-retry", "job-acknowledge")
    ),
]
