"""Command line of the linkage inspection."""

import argparse
import json
import re
import sys
from dataclasses import asdict
from pathlib import Path

from tenshu.engines.linkage.inspection import Settings, inspect_register
from tenshu.engines.linkage.normalise import InputError
from tenshu.engines.linkage.policy import Policy, PolicyError, read_policy
from tenshu.engines.linkage.published import inspect_published
from tenshu.engines.linkage.queries import write_item_query, write_number_query

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


def memory(text: str) -> int:
    """Read a size such as ``4GB`` or ``500MB`` as bytes."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([KMG]?)I?B?", text.strip().upper())
    if match is None:
        raise argparse.ArgumentTypeError("メモリは 4GB や 500MB のように書きます")
    return int(float(match[1]) * _UNITS[match[2]])


def key_file(text: str) -> bytes:
    """Read a key of 32 bytes, raw or as 64 hexadecimal digits."""
    try:
        raw = Path(text).read_bytes()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"鍵ファイルを読めません（{error.strerror}）") from None
    try:
        return raw if len(raw) == 32 else bytes.fromhex(raw.decode("ascii").strip())
    except ValueError:
        raise argparse.ArgumentTypeError("鍵は32バイト、または16進64桁です") from None


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``python -m tenshu.engines.linkage``."""
    parser = argparse.ArgumentParser(
        prog="python -m tenshu.engines.linkage",
        description="マイナンバー情報総点検: ひも付けを1件ずつ確かめ、別の本人を探し、確認の順に並べます。",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    check = commands.add_parser("inspect", help="点検A: 台帳と住民（または照会の回答）を突き合わせます")
    source = check.add_mutually_exclusive_group(required=True)
    source.add_argument("--residents", type=Path, help="住民のファイル（Parquet・CSV）")
    source.add_argument("--replies", type=Path, help="番号照会の回答ファイル（列 person は省略可）")
    check.add_argument("--register", type=Path, required=True, help="台帳のファイル（Parquet・CSV）")
    check.add_argument("--policy", type=Path, help="方針ファイル（TOML）")
    check.add_argument("--out", type=Path, required=True, help="結果のファイル（Parquet）")
    check.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="結合に使うエンジン")
    check.add_argument("--master", default="local[2]", help="Sparkの接続先（既定: local[2]）")
    check.add_argument("--memory", type=memory, default=memory("4GB"), help="使ってよいメモリ（既定: 4GB）")
    check.add_argument("--threads", type=int, default=2, help="使うスレッド数（既定: 2）")
    check.add_argument("--work", type=Path, help="作業ファイルを置くフォルダー（終了時に消します）")
    published = commands.add_parser("published", help="点検B: 台帳と連携サーバーの公開内容を突き合わせます")
    published.add_argument("--register", type=Path, required=True, help="台帳のファイル")
    published.add_argument(
        "--published", type=Path, required=True, help="公開内容のファイル（列 pid・mynumber）"
    )
    published.add_argument("--out", type=Path, required=True, help="結果のファイル（Parquet）")
    for command in (check, published):
        command.add_argument(
            "--key-file", type=key_file, help="番号を封じる鍵（省略すると毎回作って捨てます）"
        )
    query = commands.add_parser("query", help="照会用の一覧（CSV）を作ります")
    query.add_argument("--register", type=Path, required=True, help="台帳のファイル")
    query.add_argument("--result", type=Path, help="点検Aの結果（指定すると4情報の照会、なければ番号の照会）")
    query.add_argument("--classes", default="BCNUX", help="照会する区分（既定: BCNUX）")
    query.add_argument("--out", type=Path, required=True, help="一覧のファイル（CSV）")
    for command in (check, published, query):
        command.add_argument("--quiet", action="store_true", help="進み具合を表示しません")
    return parser


def show_progress(what: str, done: int, total: int) -> None:
    """Write one line of progress to standard error."""
    share = f"{done:,}/{total:,}" if total else f"{done:,}"
    sys.stderr.write(f"\r{what}: {share}    " + ("\n" if done == total else ""))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; a summary of counts goes to standard output as JSON. 2 on unusable input."""
    options = build_parser().parse_args(arguments)
    try:
        summary = _COMMANDS[options.command](options)
    except (InputError, PolicyError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
    return 0


def _inspect(options: argparse.Namespace) -> dict[str, object]:
    settings = Settings(
        policy=read_policy(options.policy) if options.policy else Policy(),
        engine=options.engine,
        master=options.master,
        memory=options.memory,
        threads=options.threads,
        key=options.key_file,
        work=options.work,
    )
    people = options.residents or options.replies
    report = (lambda *_: None) if options.quiet else show_progress
    return asdict(inspect_register(people, options.register, options.out, settings, report))


def _published(options: argparse.Namespace) -> dict[str, object]:
    return asdict(inspect_published(options.register, options.published, options.out, key=options.key_file))


def _query(options: argparse.Namespace) -> dict[str, object]:
    if options.result is None:
        return {"numbers": write_number_query(options.register, options.out)}
    return {"rows": write_item_query(options.register, options.result, options.out, classes=options.classes)}


_COMMANDS = {"inspect": _inspect, "published": _published, "query": _query}
