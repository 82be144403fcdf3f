"""Counts of the last minutes mean nothing in a house that comes back."""

from tenshu.ground.operations.derived import Derived

DERIVED = [Derived("試行の数", tables=("throttle_count",))]
