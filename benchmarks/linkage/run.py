"""The linkage inspection beside Splink 5 on the same normalised columns: quality, CPU, memory.

Usage: ``python benchmarks/linkage/run.py [--small] [--seeds 101 102] [--no-peer] [--large] [--national]``.
Quality is measured on seeds that served no tuning. The peer is the extra ``bench``
(``pip install "splink>=5.0"``). ``--large`` adds 2.7 M rows against 9 M residents, ``--national`` 10.2 M
against 126 M (tiled; about 30 GB of disk).
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import generate

HERE = Path(__file__).parent

TARGETS = {
    "plain": "target precision ≥ .99, recall ≥ .99, ≤ 10 false flags per 100,000",
    "hard": "target precision ≥ .96, recall ≥ .96",
}


def contestant(name: str, folder: Path, memory: int = 4 * 10**9) -> dict[str, float]:
    """Run one contestant in its own process and return its figures."""
    command = [sys.executable, str(HERE / "contestants.py"), name, str(folder), str(memory)]
    source = str(HERE.parents[1] / "src")
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": source}, check=False
    )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-2000:]}")
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def show_quality(name: str, figures: dict[str, float], target: str = "") -> None:
    """Print one line of quality."""
    print(
        f"  {name:<10} wrong {figures['wrong']:.0f} flagged {figures['flagged']:.0f} "
        f"precision {figures['precision']:.4f} recall {figures['recall']:.4f} "
        f"false/100k {figures['false_per_100k']:.1f} ranking {figures['ranking']:.4f} "
        f"owners {figures['owners_right']:.0f}/{figures['owners_named']:.0f} "
        f"proposals {figures['proposals_right']:.0f}/{figures['proposals']:.0f}  {target}"
    )


def show_cost(name: str, figures: dict[str, float], target: str = "") -> None:
    """Print one line of cost."""
    print(
        f"  {name:<34} CPU {figures['cpu']:8.1f} s  wall {figures['wall']:8.1f} s  "
        f"peak {figures['peak']:5.2f} GB  {target}"
    )


def compare(
    folder: Path, kind: str, seed: int, size: tuple[int, int], *, peer: bool, cost_target: str
) -> None:
    """Generate one register and run the contestants on it."""
    residents, register = size
    generate(folder, residents=residents, register=register, kind=kind, seed=seed)
    print(f"{kind}, seed {seed}: {register:,} rows x {residents:,} residents")
    own = contestant("tenshu", folder)
    show_quality("tenshu", own, TARGETS[kind])
    show_cost("tenshu, from raw files", own, cost_target)
    if peer:
        other, joins = contestant("splink", folder), contestant("tenshu-joins", folder)
        show_quality("splink 5", other)
        show_cost("splink 5, from normalised columns", other)
        share = f"{joins['cpu'] / other['cpu']:.3f} of splink's CPU, target ≤ 1/3"
        show_cost("tenshu, from normalised columns", joins, share)


def scale(folder: Path, tiles: int, size: tuple[int, int], memory: int, target: str) -> None:
    """Cost of one tiled size."""
    residents, register = size
    generate(folder, residents=residents, register=register, kind="plain", seed=7, tiles=tiles)
    print(f"{register * tiles:,} rows x {residents * tiles:,} residents, memory {memory / 1e9:.1f} GB")
    figures = contestant("tenshu", folder, memory)
    show_quality("tenshu", figures)
    show_cost("tenshu, from raw files", figures, target)
    print(f"  wall seconds by step: {figures['seconds']}")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="smoke run of a few seconds")
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102])
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--national", action="store_true")
    parser.add_argument("--scratch", type=Path, help="where to put the synthetic files")
    options = parser.parse_args()
    peer = not options.no_peer and importlib.util.find_spec("splink") is not None
    if not peer and not options.no_peer:
        print('peer splink is not installed: pip install "splink>=5.0"')
    size = (20_000, 6_000) if options.small else (1_000_000, 300_000)
    target = "" if options.small else "target ≤ 8 CPU-s, ≤ 0.5 GB"
    with tempfile.TemporaryDirectory(dir=options.scratch) as name:
        folder = Path(name)
        for seed in options.seeds[:1] if options.small else options.seeds:
            for kind in ("plain", "hard"):
                compare(folder, kind, seed, size, peer=peer, cost_target=target)
        if options.large:
            scale(folder, 9, (1_000_000, 300_000), 4 * 10**9, "target ≤ 45 CPU-s")
        if options.national:
            scale(folder, 126, (1_000_000, 81_000), 4 * 10**9, "target ≤ 900 s wall, ≤ 4.5 GB")


if __name__ == "__main__":
    main()
