"""Brakes of a prober: its share of a core, a rate, and politeness towards hosts and addresses."""

from __future__ import annotations

import time

from tenshu.engines.probe.settings import Politeness

_CPU_BURST_S = 0.05
_CPU_DEBT_S = 0.5


class CoreShare:
    """Lets new checks start while the process stays under `share` of one core (leaky bucket of CPU
    seconds).
    """

    def __init__(self, share: float) -> None:
        self._share = share
        self._wall, self._cpu = time.monotonic(), time.process_time()
        self._credit = _CPU_BURST_S
        self.braked_s = 0.0

    def allows(self, now: float) -> bool:
        """True when the budget is positive; reads the process clock at most every 10 ms."""
        if self._share >= 1.0:
            return True
        elapsed = now - self._wall
        if elapsed >= 0.01:
            cpu = time.process_time()
            if self._credit <= 0:
                self.braked_s += elapsed
            credit = self._credit + self._share * elapsed - (cpu - self._cpu)
            # Debt is limited too: one expensive moment must not silence the prober for long.
            self._credit = max(-_CPU_DEBT_S, min(_CPU_BURST_S, credit))
            self._wall, self._cpu = now, cpu
        return self._credit > 0


class Rate:
    """At most `per_second` starts a second, evenly spaced; None means no limit."""

    def __init__(self, per_second: float | None, now: float) -> None:
        self._gap = 1.0 / per_second if per_second else 0.0
        self._next = now
        self._earliest = now

    def wait(self, now: float) -> float:
        """Seconds until another start is allowed; 0 when it is allowed now."""
        return max(0.0, self._next - now, self._earliest - now)

    def started(self, now: float) -> None:
        # Up to 50 ms of missed starts may be caught up, at twice the rate and never at once: bursts would
        # queue at the servers and distort what is measured.
        self._next = max(self._next + self._gap, now - 0.05)
        self._earliest = now + self._gap / 2


class Doorkeeper:
    """Keeps checks of one host name apart in time and number, and those of one address in number."""

    def __init__(self, politeness: Politeness) -> None:
        self._rules = politeness
        self._hosts: dict[str, int] = {}
        self._addresses: dict[str, int] = {}
        self._last: dict[str, float] = {}

    def wait(self, host: str, address: str, now: float) -> float:
        """Seconds to wait before a check of `host` (last seen at `address`, may be empty); 0 = enter."""
        gap = self._last.get(host, -1e18) + self._rules.host_gap_s - now
        if gap > 0:
            return gap
        if self._hosts.get(host, 0) >= self._rules.per_host:
            return 0.05
        if address and self._addresses.get(address, 0) >= self._rules.per_address:
            return 0.05
        return 0.0

    def enter(self, host: str, address: str, now: float) -> None:
        self._hosts[host] = self._hosts.get(host, 0) + 1
        self._last[host] = now
        if address:
            self._addresses[address] = self._addresses.get(address, 0) + 1

    def leave(self, host: str, address: str) -> None:
        """End what `enter` began, with the same arguments."""
        for counter, label in ((self._hosts, host), (self._addresses, address)):
            if label:
                if counter.get(label, 0) > 1:
                    counter[label] -= 1
                else:
                    counter.pop(label, None)
