"""The command line: solve and check."""

import argparse
import json
import sys
import time
from pathlib import Path

from tenshu.engines.packing.checking import check_plan
from tenshu.engines.packing.model import InfeasibleError, PackingError
from tenshu.engines.packing.plan import plan_hosts
from tenshu.engines.packing.reading import read_estate
from tenshu.engines.packing.solving import digest, solve

FAULT_EXIT, INFEASIBLE_EXIT = 2, 3


def build_parser() -> argparse.ArgumentParser:
    """The argument parser, with help texts in Japanese."""
    parser = argparse.ArgumentParser(
        prog="python -m tenshu.engines.packing",
        description="サーバーを少ない（安い）ホストに集約する計画を作り、検算します。",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="コマンド")
    solving = commands.add_parser("solve", help="計画を作る（配置できないときは終了コード 3）")
    solving.add_argument("estate", type=Path, metavar="FILE", help="資産の JSON、または .vbp")
    solving.add_argument("--seconds", type=float, default=15.0, help="探索の予算（秒、既定 15）")
    solving.add_argument(
        "--patience", type=float, default=1.0, help="実時間の上限を予算の何倍にするか（既定 1）"
    )
    solving.add_argument("--seed", type=int, default=1, help="乱数の種（既定 1）")
    solving.add_argument("--out", type=Path, help="計画を書くファイル（既定: 標準出力）")
    checking = commands.add_parser("check", help="計画を資産と照らして検算する（誤りがあれば終了コード 3）")
    checking.add_argument("estate", type=Path, metavar="FILE", help="資産の JSON、または .vbp")
    checking.add_argument("plan", type=Path, metavar="PLAN", help="計画の JSON")
    return parser


def _solve(arguments: argparse.Namespace) -> int:
    estate = read_estate(arguments.estate)
    started = time.monotonic()

    def progress(zone: str, total: int, bound: int) -> None:
        sys.stderr.write(f"{time.monotonic() - started:7.1f} 秒 区分「{zone}」 {total:,}（下界 {bound:,}）\n")

    plan = solve(
        estate, seconds=arguments.seconds, seed=arguments.seed, patience=arguments.patience, progress=progress
    )
    faults = check_plan(estate, plan.hosts, plan.total)
    if faults:
        raise PackingError("計画の検算に失敗しました: " + " / ".join(faults[:5]))
    text = json.dumps(plan.as_dict(), ensure_ascii=False, indent=1) + "\n"
    if arguments.out:
        arguments.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    unit = "台" if plan.objective == "hosts" else "円"
    verdict = "最適（証明済み）" if plan.proven else f"最良との差は最大 {plan.gap:.2%}"
    sys.stderr.write(f"{plan.total:,} {unit}、下界 {plan.bound:,}、{verdict}\n")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    estate = read_estate(arguments.estate)
    try:
        document = json.loads(arguments.plan.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PackingError(f"{arguments.plan}: 読み込めません（{error}）") from error
    except json.JSONDecodeError as error:
        raise PackingError(
            f"{arguments.plan}: {error.lineno} 行 {error.colno} 列: JSON として読めません"
        ) from error
    hosts = plan_hosts(document, str(arguments.plan))
    total = document.get("total")
    faults = check_plan(estate, hosts, total if isinstance(total, int) else None)
    if document.get("estate_digest") not in (None, digest(estate)):
        faults.append("計画は別の資産から作られています（estate_digest が違います）")
    sys.stdout.write(
        json.dumps({"sound": not faults, "hosts": len(hosts), "faults": faults}, ensure_ascii=False, indent=1)
        + "\n"
    )
    return INFEASIBLE_EXIT if faults else 0


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns 0, 2 on faulty input, 3 when no plan exists or a plan is unsound."""
    parsed = build_parser().parse_args(arguments)
    try:
        return _solve(parsed) if parsed.command == "solve" else _check(parsed)
    except InfeasibleError as error:
        sys.stderr.write("".join(f"配置できません: {reason}\n" for reason in error.reasons))
        return INFEASIBLE_EXIT
    except PackingError as error:
        sys.stderr.write(f"エラー: {error}\n")
        return FAULT_EXIT
