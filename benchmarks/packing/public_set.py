"""The 30 public vector bin packing instances, beside first-fit decreasing and HiGHS in the same run.

Usage: python benchmarks/packing/public_set.py [--data DIR] [--seconds 15] [--seed 1] [--small] [--highs N]

Data: the folder of the set (README.md, instances.csv, Panigrahy/, New/), from --data, $TENSHU_VECTOR_PACKING, or
../shared/benchmarks/vector-packing beside the checkout. Origin: Vectorpack/experiments_vector_paper (MIT).
Target: at most 4,374 bins in all at 15 s each (best published heuristic 4,392; first-fit decreasing 4,510).
Every plan is checked again by the independent checker.
"""

import argparse
import csv
import os
import time
from pathlib import Path

from peer_highs import highs_hosts

from tenshu.engines.packing import check_plan, read_estate, solve

DEFAULT = Path(__file__).resolve().parents[2] / "../shared/benchmarks/vector-packing"


def main() -> None:
    """Print a line an instance and the totals."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("TENSHU_VECTOR_PACKING", DEFAULT)))
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--patience", type=float, default=6.0, help="wall limit as a multiple of the budget")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="four instances, 1 s each")
    parser.add_argument("--highs", type=int, default=2, help="instances that HiGHS gets too (15 s each)")
    arguments = parser.parse_args()
    if not (arguments.data / "instances.csv").exists():
        print(f"the public set is not at {arguments.data}: give --data or TENSHU_VECTOR_PACKING")
        return
    with (arguments.data / "instances.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    rows = rows[6:10] if arguments.small else rows
    seconds = 1.0 if arguments.small else arguments.seconds
    totals = {"ours": 0, "ffd": 0, "published": 0, "bound": 0}
    known = [0, 0]
    better = equal = worse = 0
    cpu = 0.0
    for number, row in enumerate(rows):
        estate = read_estate(arguments.data / row["file"])
        before = time.process_time()
        plan = solve(estate, seconds=seconds, seed=arguments.seed, patience=arguments.patience)
        spent = time.process_time() - before
        cpu += spent
        faults = check_plan(estate, plan.hosts, plan.total)
        ffd = sum(zone.first_fit_decreasing for zone in plan.zones)
        published = int(row["best_published_heuristic"])
        for key, value in (
            ("ours", plan.total),
            ("ffd", ffd),
            ("published", published),
            ("bound", plan.bound),
        ):
            totals[key] += value
        if row["optimum_if_known"]:
            known[0] += plan.total
            known[1] += int(row["optimum_if_known"])
        better += plan.total < published
        equal += plan.total == published
        worse += plan.total > published
        highs = highs_hosts(estate, 1.0 if arguments.small else 15.0) if number < arguments.highs else ""
        print(
            f"{row['file']:30} bound {plan.bound:4} optimum {row['optimum_if_known'] or '-':>4} "
            f"published {published:4} FFD {ffd:4} ours {plan.total:4} {'sound' if not faults else faults[0]} "
            f"{spent:5.1f} CPU-s {plan.wall_seconds:5.1f} s{' repeatable' if plan.repeatable else ''}"
            f"{f' HiGHS {highs}' if highs else ''}",
            flush=True,
        )
    print(
        f"total of {len(rows)}: ours {totals['ours']:,} (target <= 4,374), published {totals['published']:,}, "
        f"FFD {totals['ffd']:,}, own bound {totals['bound']:,}; {better} better, {equal} equal, {worse} worse than "
        f"published; {cpu:.0f} CPU-s"
    )
    print(f"known optima: ours {known[0]:,} against {known[1]:,}")


if __name__ == "__main__":
    main()
