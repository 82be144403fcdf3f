"""tenshu worker"""

import argparse
import threading

from tenshu.config.commands.preparation import prepare, say

HELP = "背景の仕事をする（ジョブ、監査記録の封印）"
SEAL_EVERY_SECONDS = 2.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """--drain: do what is waiting and stop."""
    parser.add_argument("--drain", action="store_true", help="たまっている仕事を終えたら止まる")


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; the running job is finished first."""
    prepare()
    from django.core.management import call_command

    from tenshu.ground.audit.sealing import seal_pending

    stop = threading.Event()
    sealer = threading.Thread(target=_seal_until, args=(stop,), name="sealer", daemon=True)
    if not options.drain:
        sealer.start()
    say("ワーカーを始めました。")
    try:
        call_command("db_worker", batch=options.drain, verbosity=1)
    finally:
        stop.set()
        if sealer.is_alive():
            sealer.join(timeout=10)
        seal_pending()
    return 0


def _seal_until(stop: threading.Event) -> None:
    import logging

    from django.db import DatabaseError, connection

    from tenshu.ground.audit.sealing import seal_pending

    while not stop.wait(SEAL_EVERY_SECONDS):
        try:
            seal_pending()
        except DatabaseError:
            # The database may be away for a moment; the rows wait and are sealed by the next turn.
            logging.getLogger(__name__).exception("sealing failed")
        finally:
            connection.close_if_unusable_or_obsolete()
    connection.close()
