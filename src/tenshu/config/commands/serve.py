"""tenshu serve [--host 127.0.0.1] [--port 8000] [--workers 2] [--with-worker]"""

import argparse
import errno
import os
import subprocess
import sys
import tempfile
from typing import Any

from tenshu.config.commands.preparation import prepare, say, step

HELP = "画面を出す（granian）"
#: The product lies where its service may not write, as it should: read-only for it, or for the whole machine.
_NOT_OURS_TO_WRITE = {errno.EACCES, errno.EPERM, errno.EROFS}
#: Longer than one run of sending mail (50 seconds), so that no mail is cut off in the middle.
WORKER_SECONDS = 60


def arguments(parser: argparse.ArgumentParser) -> None:
    """--host, --port, --workers, --with-worker"""
    parser.add_argument("--host", default="127.0.0.1", metavar="アドレス")
    parser.add_argument("--port", type=int, default=8000, metavar="番号")
    parser.add_argument("--workers", type=int, default=2, metavar="数", help="プロセスの数")
    parser.add_argument("--with-worker", action="store_true", help="ワーカーも一緒に動かす")


def run(options: argparse.Namespace) -> int:
    """Collect static files, then serve until stopped; the worker, if asked for, ends with it."""
    prepare()
    collect_static()
    return serve(options.host, options.port, workers=options.workers, with_worker=options.with_worker)


def collect_static() -> None:
    """Bring the static files and the web font into the home."""
    from django.core.management import call_command

    from tenshu.ground.ui.fonts import build as build_fonts

    with step("画面の部品をそろえています"):
        try:
            build_fonts()
        except OSError as error:
            if error.errno not in _NOT_OURS_TO_WRITE:
                raise
            say(
                f"画面の書体を作れません（{error.filename} に書けません）。機械の書体で表示します。天守を入れた人が "
                f"{sys.executable} -m tenshu.ground.ui.fonts を一度実行すると、書体が入ります。"
            )
        call_command("collectstatic", interactive=False, verbosity=0)


def _measured_together() -> tempfile.TemporaryDirectory[str]:
    """A folder in which the web processes count together, so that any of them answers for all (metrics)."""
    folder = tempfile.TemporaryDirectory(prefix="tenshu-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder.name
    return folder


def _logging() -> dict[str, Any]:
    """granian's own lines in the shape of ours."""
    from django.conf import settings

    from tenshu.ground.operations.logs import configuration

    ours = configuration(settings.LOG_FORMAT, settings.LOG_LEVEL)
    loggers = {name: {"handlers": ["console"], "propagate": False} for name in ("_granian", "granian.access")}
    return {**ours, "loggers": {**ours["loggers"], **loggers}}


def serve(host: str, port: int, *, workers: int, with_worker: bool) -> int:
    """Run granian in this process and the worker as a child."""
    from granian import Granian
    from granian.constants import Interfaces

    counted = _measured_together()
    server = Granian(
        "tenshu.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_access=False,
        log_dictconfig=_logging(),
        websockets=False,
    )
    child = _worker() if with_worker else None
    say(f"http://{host}:{port}/ で開けます。止めるときは Ctrl+C を押してください。")
    try:
        server.serve()
    finally:
        counted.cleanup()
        if child is not None:
            _end(child)
    return 0


def _worker() -> subprocess.Popen[bytes]:
    """A worker that ends with this process: it reads a pipe, which ends when this process does, even by SIGKILL."""
    alone = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    return subprocess.Popen(
        [sys.executable, "-m", "tenshu.config.command_line", "worker", "--with-parent"],
        stdin=subprocess.PIPE,
        env=alone,
    )


def _end(worker: subprocess.Popen[bytes]) -> None:
    """The worker finishes its job; a longer one is cut off and done again by the next worker.

    No signal: a service manager and Ctrl+C have sent one to the worker too, and a second one would stop it at once.
    """
    if worker.stdin is not None:
        worker.stdin.close()
    try:
        worker.wait(timeout=WORKER_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
