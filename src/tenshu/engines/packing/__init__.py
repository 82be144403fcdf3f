"""Consolidation of servers (ハードウェア集約): vector bin packing with zones, rules, licences and a proven
bound.

See ``docs/engines/packing.md``.
"""

from tenshu.engines.packing.checking import check_plan
from tenshu.engines.packing.model import Estate, Host, HostType, InfeasibleError, PackingError, Server
from tenshu.engines.packing.plan import Plan, PlannedHost, ZoneResult, plan_hosts
from tenshu.engines.packing.reading import estate_from, read_estate, read_vbp
from tenshu.engines.packing.solving import digest, solve

__all__ = [
    "Estate",
    "Host",
    "HostType",
    "InfeasibleError",
    "PackingError",
    "Plan",
    "PlannedHost",
    "Server",
    "ZoneResult",
    "check_plan",
    "digest",
    "estate_from",
    "plan_hosts",
    "read_estate",
    "read_vbp",
    "solve",
]
