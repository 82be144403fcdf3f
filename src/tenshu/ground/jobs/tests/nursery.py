"""A process that has Django ready and forks workers and clocks on demand: a real process each, at no start-up cost.

Talked to by lines: ``worker NAME`` and ``tick FROM UNTIL`` answer the new process's id.
"""

import datetime
import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection


class Nursery:
    """The parent's end; a context manager that ends what it started."""

    def __init__(self, home: Path, **more: str) -> None:
        self._env = child_environment(home, **more)
        self.pids: set[int] = set()

    def __enter__(self) -> "Nursery":
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        for pid in list(self.pids):
            self.kill(pid)
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()

    def ask(self, line: str) -> int:
        """Start a process; gives its id."""
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        self.pids.add(pid)
        return pid

    def kill(self, pid: int) -> None:
        """SIGKILL."""
        self.pids.discard(pid)
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def stop(self) -> None:
        """Tell everyone to stop, and wait until they have."""
        for pid in self.pids:
            os.kill(pid, signal.SIGTERM)
        self.wait()

    def wait(self) -> None:
        """Until the nursery and all that it started have ended by themselves."""
        self._process.stdin.close()
        assert self._process.wait(timeout=60) == 0
        self.pids.clear()


def child_environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a product process on the tests' own database."""
    given = settings.DATABASES["default"]
    env = {**os.environ, "TENSHU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tenshu.config.settings", **more}
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        env["TENSHU_DATABASE_URL"] = f"sqlite:///{name}"
    else:
        host = str(given["HOST"]).replace("/", "%2F")
        env["TENSHU_DATABASE_URL"] = f"postgresql://{given['USER']}@{host}/{name}"
    return env


def main() -> int:
    """The child's end."""
    import django

    django.setup()
    from django.db import connections
    from django.urls import get_resolver

    from tenshu.config.commands import worker
    from tenshu.ground.jobs.tests.sample_jobs import FIVE_MINUTES
    from tenshu.ground.jobs.ticking import tick

    assert get_resolver().url_patterns  # load the whole house once, before the forks
    children = []
    for line in sys.stdin:
        command, *words = line.split()
        connections.close_all()
        pid = os.fork()
        if pid:
            children.append(pid)
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
            continue
        if command == "worker":
            worker.work(words[0], drain=False)
        else:
            now, until = map(datetime.datetime.fromisoformat, words)
            while now < until:
                tick(now, [FIVE_MINUTES])
                now += datetime.timedelta(minutes=1)
        os._exit(0)
    return max(os.waitpid(pid, 0)[1] for pid in children)


if __name__ == "__main__":
    sys.exit(main())
