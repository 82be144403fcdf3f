"""Detection and false alarms on the labelled corpus, beside changedetection.io in the same run.

Usage: python benchmarks/page_scan/detect.py [--part first|last] [--small] [--verbose] [--peer PATH]

Target: every attack detected with an expected kind of finding, no alarm on a benign change after the
learning period.
``--peer`` names the Python of an environment that holds changedetection.io (default:
$CHANGEDETECTION_PYTHON).
"""

import argparse
import os
import time
from datetime import timedelta
from pathlib import Path

from corpus import FIRST_DAY, Case, learning_copies, load_cases, load_sites
from peer_watch import compare_with_peer

from tenshu.engines.page_scan import Comparison, LearnedState, compare, learn


def judge_case(state: LearnedState, case: Case) -> tuple[bool, Comparison]:
    """Whether the engine is right about a case, with its findings."""
    day = FIRST_DAY + timedelta(days=21)
    site = state.site(case.after.site)
    for key in case.approved:
        site.decide(key, "approved", day, by="青木 恵", reason="導入の届出あり")
    result = compare(state, case.after, before=case.before, on=day)
    for key in case.approved:
        site.forget(key)
    if case.label == "attack":
        return any(finding.kind in case.expect for finding in result.alarms), result
    return not result.alarms, result


def run(part: str, verbose: bool, peer: str, small: bool) -> int:
    """Print the figures; returns the number of wrong cases."""
    sites = load_sites()
    state = LearnedState()
    copies = [copy for site in sites.values() for copy in learning_copies(site)]
    learn(state, copies, on=FIRST_DAY)
    cases = load_cases(sites, part)
    print(f"learning period: {len(copies)} copies of {len(sites)} sites; {len(cases)} pairs")
    wrong = 0
    started = time.process_time()
    tally: dict[tuple[str, str], list[int]] = {}
    notices = 0
    for case in cases:
        right, result = judge_case(state, case)
        count = tally.setdefault((case.part, case.label), [0, 0])
        count[0] += right
        count[1] += 1
        wrong += not right
        if case.label == "benign":
            notices += sum(finding.level == "notice" for finding in result.findings)
        if verbose or not right:
            found = ", ".join(f"{finding.kind}:{finding.level}" for finding in result.findings)
            print(f"  {'ok   ' if right else 'WRONG'} {case.name}: {found or 'no finding'}")
            if not right or verbose:
                for finding in result.alarms:
                    print(f"        {finding.kind}: {finding.reason}")
    print(
        f"CPU {1e3 * (time.process_time() - started) / max(1, len(cases)):.1f} ms a pair (both copies read)"
    )
    for (belongs, label), (right, total) in sorted(tally.items()):
        goal = (
            f"detected {right}/{total} (target {total}/{total})"
            if label == "attack"
            else (f"false alarms {total - right}/{total} (target 0/{total})")
        )
        print(f"page_scan             {belongs:5} part, {label}: {goal}")
    print(f"page_scan             notices (no alarm) on benign pairs: {notices}")

    compare_with_peer(cases[:4] if small else cases, peer)
    return wrong


def main() -> int:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=["first", "last"], default="")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--small", action="store_true", help="a few pairs only for the peer")
    parser.add_argument(
        "--peer",
        default=os.environ.get("CHANGEDETECTION_PYTHON", ""),
        type=lambda text: str(Path(text)) if text else "",
    )
    arguments = parser.parse_args()
    return 1 if run(arguments.part, arguments.verbose, arguments.peer, arguments.small) else 0


if __name__ == "__main__":
    raise SystemExit(main())
