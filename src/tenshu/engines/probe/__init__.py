"""Response observation: five-phase HTTP(S) timing of many sites by one small, honest process.

`check_once` looks at one URL now, `observe` runs a plan and writes Parquet, `Prober` is the same without
files. `read_results` and `sample_schema` (Arrow) live in `tenshu.engines.probe.results`, so that a prober
stays small.
"""

from tenshu.engines.probe.journal import JournalError
from tenshu.engines.probe.observation import check_once, observe
from tenshu.engines.probe.plan import Plan, PlanError, Target, plan_from, read_plan
from tenshu.engines.probe.prober import Prober, Summary
from tenshu.engines.probe.sample import NETWORK_OUTCOMES, OUTCOMES, Redirect, Sample
from tenshu.engines.probe.settings import Limits, Network, Pace, Politeness, Settings, Timeouts

__all__ = [
    "NETWORK_OUTCOMES",
    "OUTCOMES",
    "JournalError",
    "Limits",
    "Network",
    "Pace",
    "Plan",
    "PlanError",
    "Politeness",
    "Prober",
    "Redirect",
    "Sample",
    "Settings",
    "Summary",
    "Target",
    "Timeouts",
    "check_once",
    "observe",
    "plan_from",
    "read_plan",
]
