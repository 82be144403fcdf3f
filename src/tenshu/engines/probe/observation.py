"""Runs of a prober with its results on disk, and single checks: what the command line and other programs
call.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tenshu.engines.probe.journal import Journal, JournalError
from tenshu.engines.probe.plan import Plan, Target
from tenshu.engines.probe.prober import Event, Prober, Summary
from tenshu.engines.probe.sample import Sample
from tenshu.engines.probe.series import journals, next_file
from tenshu.engines.probe.settings import Pace, Settings

ROWS_A_FILE = 500_000


class Recorder:
    """Takes samples into journals and has full ones sealed by processes of their own."""

    def __init__(self, results: Path, rows_a_file: int = ROWS_A_FILE) -> None:
        """Seal what an earlier run left behind, then open the next free file of the series.

        Raises JournalError when another prober is writing to this series.
        """
        self._results, self._rows_a_file = results, rows_a_file
        self._sealers: list[subprocess.Popen[bytes]] = []
        for journal in journals(results):
            if _run_sealer(journal).wait() != 0:
                raise JournalError(f"{journal}: 前回の記録を確定できないため、この結果ファイルには書けません")
        self._journal = Journal(next_file(results))

    def add(self, sample: Sample) -> None:
        self._journal.add(sample)

    def flush(self) -> None:
        """Write what the last pass delivered; open the next file when this one is full."""
        self._journal.flush()
        if self._journal.rows >= self._rows_a_file:
            full = self._journal
            self._journal = Journal(next_file(self._results))
            full.close()
            self._sealers.append(_run_sealer(full.path))

    def close(self) -> None:
        """Seal everything. Raises JournalError when a file could not be sealed (its journal is kept)."""
        self._journal.close()
        self._sealers.append(_run_sealer(self._journal.path))
        for sealer in self._sealers:
            if sealer.wait() != 0:
                raise JournalError(f"{self._results}: 結果を確定できません。記録は .journal に残っています")


def observe(
    plan: Plan,
    results: Path,
    *,
    seconds: float | None = None,
    rate: float | None = None,
    at_once: bool = False,
    shard: tuple[int, int] = (0, 1),
    on_event: Callable[[Event], None] | None = None,
    on_start: Callable[[Prober], None] | None = None,
) -> Summary:
    """Probe `plan` and write every sample to the series of `results` (Parquet). See `Prober.run` for the
    rest.

    `on_start(prober)` receives the prober before it runs, so that a signal handler can call its `stop`.
    """
    recorder = Recorder(results)
    try:
        prober = Prober(plan, on_sample=recorder.add, on_event=on_event, shard=shard)
        prober.loop.after_pass(recorder.flush)
        if on_start is not None:
            on_start(prober)
        return prober.run(seconds=seconds, rate=rate, at_once=at_once)
    finally:
        recorder.close()


def check_once(
    url: str, settings: Settings | None = None, *, family: str = "any", http2: bool = False
) -> tuple[Sample, bytes]:
    """Check one URL now; returns the sample and the decoded body (empty unless the outcome is "ok")."""
    base = settings or Settings()
    pace = Pace(max_in_flight=4, core_share=1.0, canary_s=0.05)
    plan = Plan(
        user_agent=base.user_agent,
        timeouts=base.timeouts,
        limits=base.limits,
        network=base.network,
        pace=pace,
        targets=(Target("once", url, family=family, http2=http2),),
    )
    samples: list[Sample] = []
    bodies: list[bytes] = [b""]
    prober = Prober(plan, on_sample=samples.append, on_body=lambda _sample, body: bodies.append(body))
    prober.run(at_once=True)
    return samples[0], bodies[-1]


def _run_sealer(journal: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tenshu.engines.probe", "seal", "--quiet", str(journal)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own module, no outside words
