"""Runs the project's benchmarks one after another, each in a process of its own, and sums up.

``python benchmarks/run.py [--small] [--only NAME ...] [--list]``

Every script that knows ``--small`` is a benchmark; its folder is its group, and it prints its own figures, each with
its target and beside its peers. A peer that is not installed is told by the script. ``NAME`` is a group (``house``,
``linkage``, ``exchange``), ``engines`` for all groups of engines, or a script (``house/pages``). A script that
misses a target or lacks what it needs ends with another code than 0; that is told at the end and makes this one end with 1.
"""

import argparse
import ast
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PRODUCT = ("house", "exchange")
"""Groups that measure the product; all others measure an engine."""


@dataclass(frozen=True)
class Benchmark:
    """One script."""

    path: Path

    @property
    def name(self) -> str:
        """``house/pages``, or ``exchange`` for a script without a folder."""
        return self.path.relative_to(HERE).with_suffix("").as_posix()

    @property
    def group(self) -> str:
        """The folder."""
        return self.name.split("/")[0]

    @property
    def purpose(self) -> str:
        """The first line of what the script says about itself."""
        return (ast.get_docstring(ast.parse(self.path.read_text(encoding="utf-8"))) or "").splitlines()[0]

    def answers_to(self, name: str) -> bool:
        """Whether ``--only NAME`` means it."""
        return name in {self.name, self.group} or (name == "engines" and self.group not in PRODUCT)


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="smoke runs of seconds")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="groups or scripts")
    parser.add_argument("--list", action="store_true", help="name the benchmarks and end")
    options = parser.parse_args()
    chosen = found()
    for name in options.only or ():
        if not any(benchmark.answers_to(name) for benchmark in chosen):
            parser.error(f"no benchmark is called {name}; --list names them")
    if options.only:
        chosen = [b for b in chosen if any(b.answers_to(name) for name in options.only)]
    if options.list:
        for benchmark in chosen:
            print(f"{benchmark.name:<28} {benchmark.purpose}")
        return 0
    return summed_up([(benchmark, *run(benchmark, small=options.small)) for benchmark in chosen])


def found() -> list[Benchmark]:
    """Every script that knows ``--small``: the product's first, then the engines'."""
    scripts = [
        Benchmark(path)
        for path in sorted(HERE.rglob("*.py"))
        if path != Path(__file__).resolve() and '"--small"' in path.read_text(encoding="utf-8")
    ]
    return sorted(scripts, key=lambda b: (b.group not in PRODUCT, b.group, b.name))


def run(benchmark: Benchmark, *, small: bool) -> tuple[int, float]:
    """Exit code and seconds of one script; its lines go through as they come."""
    one, five, _ = os.getloadavg()
    print(f"\n=== {benchmark.name}: {benchmark.purpose}", flush=True)
    print(f"    {os.cpu_count()} cores, load average {one:.1f} / {five:.1f}", flush=True)
    begun = time.monotonic()
    command = [sys.executable, str(benchmark.path), *(["--small"] if small else [])]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT / "src")}
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    return code, time.monotonic() - begun


def summed_up(results: list[tuple[Benchmark, int, float]]) -> int:
    """One line a script."""
    print("\n=== summary")
    for benchmark, code, seconds in results:
        verdict = "ended well" if code == 0 else f"A TARGET MISSED, OR NOT RUN (exit {code}), see above"
        print(f"{benchmark.name:<28} {seconds:7.1f} s  {verdict}")
    return int(any(code for _, code, _ in results))


if __name__ == "__main__":
    sys.exit(main())
