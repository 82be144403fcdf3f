"""Throw-away homes on each database, and commands run in them with their wall and CPU seconds."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]
DATABASES = ("sqlite", "postgresql")
TENSHU = [sys.executable, "-m", "tenshu.config.command_line"]
TICKS = os.sysconf("SC_CLK_TCK")

sys.path.insert(0, str(ROOT / "tests"))


@dataclass(frozen=True)
class Home:
    """A home and the environment in which commands find it."""

    database: str
    folder: Path
    env: dict[str, str]

    def tenshu(self, *arguments: str) -> "Spent":
        """Run ``tenshu …`` in this home."""
        return self.run([*TENSHU, *arguments])

    def script(self, name: str, *arguments: str) -> str:
        """The output of a script of this folder, run in this home."""
        return self.run([sys.executable, str(Path(__file__).with_name(name)), *arguments]).output

    def run(self, command: list[str]) -> "Spent":
        """Run a command; stops the benchmark with its output when it fails."""
        before, server, wall = _children(), self.server_cpu(), time.perf_counter()
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)
        spent = Spent(
            time.perf_counter() - wall, _children() - before, self.server_cpu() - server, done.stdout
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr[-4000:]}")
        return spent

    def server_cpu(self) -> float:
        """CPU seconds of the PostgreSQL server so far; 0 on SQLite, which works inside the command."""
        pid = server_pid(self.env.get("TENSHU_DATABASE_URL", ""))
        return tree_cpu(pid) if pid else 0.0


@dataclass(frozen=True)
class Spent:
    """Seconds that a command took; ``server`` are the database server's CPU seconds."""

    wall: float
    cpu: float
    server: float
    output: str

    def line(self, label: str, target: float | None = None) -> str:
        """One printed line."""
        server = f" + server {self.server:5.2f} s" if self.server else ""
        told = ""
        if target is not None:
            told = f"target {target:g} s: {'reached' if self.wall <= target else 'MISSED'}"
        return f"{label:<44} {self.wall:7.2f} s wall, {self.cpu:6.2f} s CPU{server}  {told}"


@contextmanager
def home(database: str) -> Iterator[Home]:
    """A fresh home, removed afterwards; PostgreSQL as a cluster of its own with fsync on."""
    from postgresql_cluster import cluster

    folder = Path(tempfile.mkdtemp(prefix="tenshu-bench-"))
    env = {name: value for name, value in os.environ.items() if not name.startswith("TENSHU_")}
    env |= {
        "TENSHU_HOME": str(folder),
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tenshu.config.settings",
    }
    try:
        if database == "sqlite":
            yield Home(database, folder, env)
        else:
            with cluster(durable=True) as url:
                yield Home(database, folder, env | {"TENSHU_DATABASE_URL": url})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def server_pid(url: str = os.environ.get("TENSHU_DATABASE_URL", "")) -> int | None:
    """The PostgreSQL server behind ``url`` (of the environment); ``None`` on SQLite."""
    if not url:
        return None
    return int(Path(unquote(urlsplit(url).hostname or ""), "data/postmaster.pid").read_text().split()[0])


def tree_cpu(pid: int) -> float:
    """CPU seconds of a process, its running children and those that it has reaped."""
    total, waiting = 0.0, [pid]
    while waiting:
        process = waiting.pop()
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            waiting += map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
        except OSError:
            continue
        total += sum(int(fields[place]) for place in (11, 12, 13, 14)) / TICKS
    return total


def machine() -> str:
    """Cores and load, to be told beside every wall time."""
    one, five, _ = os.getloadavg()
    return f"{os.cpu_count()} cores, load average {one:.1f} (1 min), {five:.1f} (5 min)"


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
