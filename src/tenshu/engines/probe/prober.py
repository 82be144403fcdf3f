"""The prober: starts due checks within its brakes, and turns what comes back into honest samples."""

from __future__ import annotations

import math
import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from tenshu.engines.probe.addresses import AddressGate
from tenshu.engines.probe.canary import Canary
from tenshu.engines.probe.check import Check, Memory, Stage, new_sample
from tenshu.engines.probe.event_loop import EventLoop
from tenshu.engines.probe.names import Resolver
from tenshu.engines.probe.own_network import OwnNetwork
from tenshu.engines.probe.pacing import CoreShare, Doorkeeper, Rate
from tenshu.engines.probe.plan import Plan, PlanError
from tenshu.engines.probe.sample import NETWORK_OUTCOMES, Sample
from tenshu.engines.probe.schedule import Schedule, fraction
from tenshu.engines.probe.transfer import Transfers
from tenshu.engines.probe.web_address import read_url

_STARTS_A_PASS = 8
_LONGEST_WAIT_S = 0.25
_REPORT_S = 5.0
_BEHIND_REPORT_S = 10.0

type Event = dict[str, object]


@dataclass(slots=True)
class Summary:
    """Counts of one run. expected = checks that fell due; done = samples delivered; coverage = done /
    expected.
    """

    expected: int = 0
    done: int = 0
    late: int = 0
    unreliable: int = 0
    our_side: int = 0
    skipped: int = 0
    behind: bool = False
    seconds: float = 0.0
    cpu_s: float = 0.0
    braked_s: float = 0.0
    most_in_flight: int = 0
    peak_memory_mb: float = 0.0
    outcomes: dict[str, int] = field(default_factory=dict)

    @property
    def coverage(self) -> float:
        return self.done / self.expected if self.expected else 1.0

    def as_dict(self) -> Event:
        values: Event = asdict(self)
        share = self.cpu_s / self.seconds if self.seconds else 0.0
        values |= {"coverage": round(self.coverage, 6), "core_share": round(share, 4)}
        return values


class Prober:
    """Probes the targets of a plan from one thread.

    `on_sample(sample)` gets every finished sample; `on_body(sample, body)` in addition the decoded body of
    complete ones; `on_event(event)` gets dicts with the key "event": progress, behind, network_down,
    network_up. `shard` = (i, n) takes only the targets whose hash falls into part i of n. Raises PlanError
    without a trust store.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        on_sample: Callable[[Sample], None],
        on_body: Callable[[Sample, bytes], None] | None = None,
        on_event: Callable[[Event], None] | None = None,
        shard: tuple[int, int] = (0, 1),
    ) -> None:
        part, parts = shard
        self.plan = plan
        self.targets = [item for item in plan.targets if int(fraction(0, "shard", item.id) * parts) == part]
        self._on_sample, self._on_body, self._on_event = on_sample, on_body, on_event
        self.loop = EventLoop()
        self._resolver = Resolver(self.loop, plan.network.dns_servers)
        self._transfers = Transfers(
            self.loop,
            timeouts=plan.timeouts,
            limits=plan.limits,
            ca_file=plan.network.ca_file or trust_store(),
            user_agent=plan.user_agent,
        )
        gate = AddressGate(allow_private=plan.network.allow_private, allowed=plan.network.allowed)
        self._stage = Stage(plan, self._resolver, self._transfers, gate)
        self.canary = Canary(self.loop, self._transfers, plan.pace.canary_s)
        self.own_network = OwnNetwork(self.loop, plan.network.references, plan.network.reference_s)
        self.own_network.on_change = self._network_changed
        self._door = Doorkeeper(plan.politeness)
        self._share = CoreShare(plan.pace.core_share)
        self._memory: dict[int, Memory] = {}
        self._last_address: dict[int, str] = {}
        self._in_flight = 0
        self._outcomes: Counter[str] = Counter()
        self._stopping = False
        self._next_behind = -math.inf
        self.summary = Summary()

    def stop(self) -> None:
        """Start no further check; `run` returns when those in flight are over (safe in a signal handler)."""
        self._stopping = True

    def run(
        self,
        *,
        seconds: float | None = None,
        rate: float | None = None,
        at_once: bool = False,
        drain_s: float = 30.0,
    ) -> Summary:
        """Probe for `seconds` (None: until `stop`), at most `rate` starts a second; a prober runs once.

        With `at_once` every target is checked exactly once, as fast as the brakes allow. Checks still
        unfinished `drain_s` after the end are dropped.
        """
        began, cpu = time.monotonic(), time.process_time()
        end = math.inf if seconds is None else began + seconds
        self._schedule = Schedule(
            self.targets,
            interval_s=self.plan.interval_s,
            seed=self.plan.seed,
            jitter=self.plan.pace.jitter,
            start=time.time(),
            at_once=at_once,
        )
        self._rate = Rate(rate, began)
        self.canary.start()
        self.own_network.start()
        self._report_timer = self.loop.call_later(_REPORT_S, self._report)
        try:
            self._probe_until(end, at_once=at_once)
            waiting, _longest = self._schedule.waiting(min(time.time(), time.time() - time.monotonic() + end))
            self.summary.expected += waiting
            self._drain(drain_s)
        finally:
            self._report_timer.cancel()
            self.close()
        self.summary.seconds = time.monotonic() - began
        self.summary.cpu_s = time.process_time() - cpu
        self.summary.skipped = self._schedule.skipped
        self.summary.expected += self._schedule.skipped
        self.summary.braked_s = self._share.braked_s
        self.summary.peak_memory_mb = peak_memory_mb()
        self.summary.outcomes = dict(sorted(self._outcomes.items()))
        return self.summary

    def close(self) -> None:
        """Release sockets and handles; checks in flight are dropped, held samples are delivered."""
        self._transfers.abandon()
        self.own_network.close()
        self.canary.close()
        self._resolver.close()
        self._transfers.close()
        self.loop.close()

    def _probe_until(self, end: float, *, at_once: bool) -> None:
        while not self._stopping and time.monotonic() < end:
            wait = self._start_due()
            if at_once and not len(self._schedule) and not self._in_flight:
                return
            self.loop.run_pass(max(0.0, min(wait, end - time.monotonic())))

    def _drain(self, drain_s: float) -> None:
        limit = time.monotonic() + drain_s
        while (self._in_flight or self.own_network.holding) and time.monotonic() < limit:
            self.loop.run_pass(0.05)

    def _start_due(self) -> float:
        """Start what may start; returns the seconds after which it is worth looking again."""
        now, clock = time.monotonic(), time.time()
        for _ in range(_STARTS_A_PASS):
            if self._in_flight >= self.plan.pace.max_in_flight:
                self._watch_backlog(clock)
                return _LONGEST_WAIT_S
            if not self._share.allows(now):
                self._watch_backlog(clock)
                return 0.01
            wait = self._rate.wait(now)
            if wait > 0:
                self._watch_backlog(clock)
                return wait
            due = self._schedule.pop_due(clock)
            if due is None:
                return min(_LONGEST_WAIT_S, max(0.0, self._schedule.next_at - clock))
            self._start(*due, now, clock)
        self._watch_backlog(clock)
        return 0.0

    def _start(self, number: int, due: float, now: float, clock: float) -> None:
        target = self.targets[number]
        host = read_url(target.url).host
        address = self._last_address.get(number, "")
        wait = self._door.wait(host, address, now)
        if wait > 0:
            self._schedule.defer(number, due, clock + wait)
            return
        self._door.enter(host, address, now)
        self._rate.started(now)
        self._schedule.plan_next(number, due, clock)
        self._in_flight += 1
        self.summary.expected += 1
        self.summary.most_in_flight = max(self.summary.most_in_flight, self._in_flight)
        sample = new_sample(target, due, (clock - due) * 1000)
        sample.in_flight = self._in_flight
        memory = self._memory.get(number)
        if memory is None:
            memory = Memory(target.etag, target.last_modified, target.sha256)
            if target.conditional:
                self._memory[number] = memory
        finished = partial(self._finished, number, now, host, address)
        Check(self._stage, target, sample, memory, finished, keep_body=self._on_body is not None).start()

    def _finished(
        self, number: int, started: float, host: str, address: str, sample: Sample, body: bytes | None
    ) -> None:
        self._in_flight -= 1
        self._door.leave(host, address)
        if sample.address:
            self._last_address[number] = sample.address
        pace = self.plan.pace
        sample.lag_ms = self.loop.lag_ms(started)
        sample.canary_ms = self.canary.worst_ms(started)
        sample.late = sample.late_ms > pace.late_ms
        sample.reliable = sample.lag_ms <= pace.lag_ms and not sample.canary_ms > pace.canary_ms
        if sample.outcome in NETWORK_OUTCOMES:
            self.own_network.judge(started, partial(self._deliver, sample, body))
        else:
            self._deliver(sample, body, our_side=False)

    def _deliver(self, sample: Sample, body: bytes | None, our_side: bool) -> None:
        sample.our_side = our_side
        sample.reliable = sample.reliable and not our_side
        sample.reference_ms = self.own_network.reference_ms
        self._outcomes[sample.outcome] += 1
        self.summary.done += 1
        self.summary.late += sample.late
        self.summary.our_side += our_side
        self.summary.unreliable += not sample.reliable
        self._on_sample(sample)
        if self._on_body is not None and body is not None:
            self._on_body(sample, body)

    def _watch_backlog(self, clock: float) -> None:
        """Say it when checks wait longer than they may; counted at most every few seconds."""
        overdue = self._schedule.oldest_wait(clock)
        if overdue * 1000 <= self.plan.pace.late_ms:
            return
        self.summary.behind = True
        now = time.monotonic()
        if now >= self._next_behind:
            self._next_behind = now + _BEHIND_REPORT_S
            waiting, longest = self._schedule.waiting(clock)
            self._tell(event="behind", waiting=waiting, longest_wait_s=round(longest, 1))

    def _report(self) -> None:
        self._report_timer = self.loop.call_later(_REPORT_S, self._report)
        self._tell(
            event="progress",
            expected=self.summary.expected,
            done=self.summary.done,
            in_flight=self._in_flight,
            late=self.summary.late,
        )

    def _network_changed(self, up: bool) -> None:
        self._tell(event="network_up" if up else "network_down")

    def _tell(self, **event: object) -> None:
        if self._on_event is not None:
            self._on_event(event)


def peak_memory_mb() -> float:
    """High-water mark of this process's resident memory in MB (0 where /proc is missing)."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return round(int(found[0]) / 1024, 1) if found else 0.0


def trust_store() -> str:
    """Path of the system's root certificates (PEM). Raises PlanError when there is none."""
    named = os.environ.get("SSL_CERT_FILE", "")
    for path in (named, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"):
        if path and Path(path).is_file():
            return path
    raise PlanError("信頼する認証局の一覧が見つかりません。network.ca_file にPEMファイルを指定してください")
