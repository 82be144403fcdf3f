"""The command line: `python -m tenshu.engines.probe …`. Results on stdout are JSON, progress goes to
stderr.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pycurl

from tenshu.engines.probe import process_memory
from tenshu.engines.probe.journal import JournalError
from tenshu.engines.probe.observation import check_once, observe
from tenshu.engines.probe.plan import Plan, PlanError, read_plan
from tenshu.engines.probe.prober import Event, Prober
from tenshu.engines.probe.sample import OUTCOMES
from tenshu.engines.probe.settings import Network, Settings

_EXIT_FAILED, _EXIT_INPUT = 1, 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(_EXIT_INPUT, f"引数の誤り: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 the check failed, 2 the input cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except (PlanError, JournalError) as error:
        _warn(f"エラー: {error}")
        return _EXIT_INPUT
    except OSError as error:
        _warn(f"エラー: {error.filename or ''}: {error.strerror or error}")
        return _EXIT_INPUT
    except pycurl.error as error:
        _warn(f"エラー: 通信ライブラリの設定に失敗しました（{error}）")
        return _EXIT_INPUT
    return code


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m tenshu.engines.probe",
        description="ホームページの応答を、名前解決・接続・TLS・応答開始・受信の5つの段階に分けて観測します。",
    )
    commands = parser.add_subparsers(required=True, metavar="コマンド", parser_class=_Parser)
    _add_run(commands)
    _add_once(commands)
    check = commands.add_parser("check-plan", help="計画ファイルを検査し、件数をJSONで出す")
    check.add_argument("plan", type=Path, help="計画ファイル（JSON）")
    check.set_defaults(command=_check_plan)
    seal = commands.add_parser("seal", help="中断で残った記録（.journal）をParquetに確定する")
    seal.add_argument("files", nargs="+", type=Path, help=".journal のファイル")
    seal.add_argument("--quiet", action="store_true", help="確定したファイル名を出さない")
    seal.set_defaults(command=_seal)
    return parser


def _add_run(commands: argparse._SubParsersAction[_Parser]) -> None:
    run = commands.add_parser("run", help="計画に従って観測を続け、結果をParquetに書く")
    run.add_argument("--plan", required=True, type=Path, help="計画ファイル（JSON）")
    run.add_argument(
        "--out", required=True, type=Path, help="結果ファイル（.parquet）。既存のものは上書きしない"
    )
    run.add_argument("--seconds", type=_positive, help="観測する秒数（省略時は停止の合図まで）")
    run.add_argument("--rate", type=_positive, help="1秒あたりに始める検査の上限")
    run.add_argument("--at-once", action="store_true", help="全対象を1回ずつ検査して終わる")
    run.add_argument("--shard", type=_shard, default=(0, 1), help="i/n: 対象をn分割したi番目だけを受け持つ")
    run.add_argument("--quiet", action="store_true", help="経過を標準エラーに出さない")
    run.set_defaults(command=_run)


def _add_once(commands: argparse._SubParsersAction[_Parser]) -> None:
    once = commands.add_parser("once", help="URLを1回検査し、結果をJSONで出す")
    once.add_argument("url", help="http または https のURL")
    once.add_argument("--family", choices=("any", "4", "6"), default="any", help="使うIPの版")
    once.add_argument("--http2", action="store_true", help="HTTP/2を申し出る")
    once.add_argument("--allow-private", action="store_true", help="公開アドレス以外への接続を許す")
    once.add_argument(
        "--dns-server", action="append", default=[], help="使うDNSサーバー（アドレスまたはアドレス:ポート）"
    )
    once.add_argument("--ca-file", default="", help="信頼する認証局の一覧（PEM）")
    once.add_argument("--body", type=Path, help="本文を書き出すファイル")
    once.set_defaults(command=_once)


def _run(options: argparse.Namespace) -> int:
    plan = read_plan(options.plan)
    process_memory.settle()
    summary = observe(
        plan,
        options.out,
        seconds=options.seconds,
        rate=options.rate,
        at_once=options.at_once,
        shard=options.shard,
        on_event=None if options.quiet else _show_event,
        on_start=_stop_on_signals,
    )
    _say(json.dumps(summary.as_dict(), ensure_ascii=False))
    return 0


def _once(options: argparse.Namespace) -> int:
    network = Network(
        allow_private=options.allow_private, dns_servers=tuple(options.dns_server), ca_file=options.ca_file
    )
    settings = replace(Settings(), network=network)
    sample, body = check_once(options.url, settings, family=options.family, http2=options.http2)
    if options.body is not None:
        options.body.write_bytes(body)
    shown = sample.as_dict() | {"outcome_ja": OUTCOMES[sample.outcome]}
    _say(json.dumps(shown, ensure_ascii=False, indent=1))
    return 0 if sample.outcome == "ok" else _EXIT_FAILED


def _check_plan(options: argparse.Namespace) -> int:
    plan: Plan = read_plan(options.plan)
    per_second = sum(1 / (target.interval_s or plan.interval_s) for target in plan.targets)
    _say(json.dumps({"targets": len(plan.targets), "checks_per_second": round(per_second, 3)}))
    return 0


def _seal(options: argparse.Namespace) -> int:
    from tenshu.engines.probe.results import seal  # loads Arrow: only this command needs it

    for path in options.files:
        sealed = seal(path)
        if not options.quiet:
            _say(json.dumps({"journal": str(path), "results": str(sealed) if sealed else None}))
    return 0


def _show_event(event: Event) -> None:
    kind = event["event"]
    if kind == "progress":
        text = "経過: 予定{expected}件 完了{done}件 検査中{in_flight}件 遅れ{late}件".format(**event)
    elif kind == "behind":
        text = "警告: 予定に追いつけません。待ち{waiting}件、最長{longest_wait_s}秒".format(**event)
    elif kind == "network_down":
        text = "警告: 自庁側の通信が途絶えています。失敗した検査は自庁側の障害として記録します"
    else:
        text = "自庁側の通信を確認しました"
    _warn(text)


def _stop_on_signals(prober: Prober) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: prober.stop())


def _say(text: str) -> None:
    """A line of the result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _warn(text: str) -> None:
    """A line about progress or an error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} は正の数ではありません")
    return value


def _shard(text: str) -> tuple[int, int]:
    part, _, parts = text.partition("/")
    if not (part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
        raise argparse.ArgumentTypeError(f"{text} は i/n（1≦i≦n）の形ではありません")
    return int(part) - 1, int(parts)
