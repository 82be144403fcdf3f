"""tenshu worker [--drain] [--name NAME]"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from tenshu.config.commands.preparation import prepare, say

if TYPE_CHECKING:
    from tenshu.ground.jobs.hanging import InHand

HELP = "背景の仕事をする（ジョブ、定時処理、監査記録の封印）"
SEAL_EVERY_SECONDS = 2.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """--drain: do what is waiting and stop. --name: what the page calls this worker."""
    parser.add_argument("--drain", action="store_true", help="たまっている仕事を終えたら止まる")
    parser.add_argument("--settle-only", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--name", default="", metavar="名前", help="画面に出るワーカーの名前（省くと計算機の名）"
    )


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; the running job is finished first. A second signal stops at once.

    ``--with-parent``: also until standard input ends, which the parent holds (``tenshu serve --with-worker``).
    """
    prepare()
    from tenshu.ground.jobs.hanging import settle_left_behind

    settle_left_behind()
    if options.settle_only:
        return 0
    work(options.name, drain=options.drain, with_parent=options.with_parent)
    return 0


def work(name: str, *, drain: bool, with_parent: bool = False) -> None:
    """Work in this process, Django being ready."""
    from tenshu.ground.audit.sealing import seal_pending
    from tenshu.ground.jobs import heartbeat
    from tenshu.ground.jobs.keeper import Keeper
    from tenshu.ground.jobs.rescue import put_back
    from tenshu.ground.jobs.working import WorkerLoop

    def begin_anew(held: "InHand") -> None:
        """Replace this process by itself, without the job; one that was told to stop comes back only to settle."""
        again = ["worker", "--name", name, *(["--drain"] if drain else [])]
        again += ["--with-parent"] if with_parent else []
        again += ["--settle-only"] if loop.is_stopping else []
        sys.stdout.flush()
        sys.stderr.flush()
        command = [sys.executable, "-m", "tenshu.config.command_line", *again]
        os.execve(sys.executable, command, held.environment())  # noqa: S606 - our own command, no shell wanted

    loop = WorkerLoop(heartbeat.begin(name[:60]), drain=drain)
    _stop_on_signals(loop.stop)
    if with_parent:
        threading.Thread(target=_stop_with_parent, args=(loop.stop,), name="parent", daemon=True).start()
    keeper = Keeper(loop, with_clock=not drain, begin_anew=begin_anew)
    keeper.start()
    stop_sealing = threading.Event()
    sealer = threading.Thread(target=_seal_until, args=(stop_sealing,), name="sealer", daemon=True)
    if not drain:
        sealer.start()
    say("ワーカーを始めました。")
    try:
        loop.work()
    finally:
        stop_sealing.set()
        if sealer.is_alive():
            sealer.join(timeout=10)
        keeper.stop()
        put_back(loop.worker, was_lost=False)
        heartbeat.end(loop.worker)
    seal_pending()


def _stop_on_signals(stop: Callable[[], None]) -> None:
    def handle(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        # Not from here: the signal may have come into the very wait whose lock ``stop`` asks for.
        threading.Thread(target=stop, name="stop", daemon=True).start()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)


def _stop_with_parent(stop: Callable[[], None]) -> None:
    """The pipe ends with the parent, however it ends: killed, or when the service is stopped and everybody gets signals."""
    while os.read(0, 1_024):
        pass
    stop()


def _seal_until(stop: threading.Event) -> None:
    import logging

    from django.db import connection

    from tenshu.ground.audit.sealing import seal_pending
    from tenshu.ground.jobs.working import where

    while not stop.wait(SEAL_EVERY_SECONDS):
        try:
            seal_pending()
        except Exception as error:  # noqa: BLE001 - a full disk, a database that is away: the rows wait for the next turn
            logging.getLogger(__name__).error("sealing failed: %s", where(error))
        finally:
            connection.close_if_unusable_or_obsolete()
    connection.close()
