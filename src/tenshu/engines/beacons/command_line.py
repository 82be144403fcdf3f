"""The arguments of `python -m tenshu.engines.beacons`."""

import argparse
from datetime import date
from pathlib import Path

from tenshu.engines.beacons.expected import EVIDENCE
from tenshu.engines.beacons.feeds import FEED_FORMATS
from tenshu.engines.beacons.formulas import RULES
from tenshu.engines.beacons.options import DIRECTIONS
from tenshu.engines.beacons.schema import FORMATS

UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def byte_size(text: str) -> int:
    """A size such as 2GB or 800MB in bytes."""
    unit = text[-2:].upper()
    try:
        return round(float(text[:-2]) * UNITS[unit])
    except (KeyError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"「{text}」は 2GB のような大きさではありません") from error


def calendar_day(text: str) -> str:
    """A date YYYY-MM-DD, as text."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"「{text}」は YYYY-MM-DD の日付ではありません") from error


def hour_range(text: str) -> tuple[int, int]:
    """Hours of the day such as 8-18."""
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and 0 <= int(first) < int(last) <= 24):
        raise argparse.ArgumentTypeError(f"「{text}」は 8-18 のような時間帯ではありません")
    return int(first), int(last)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(
        prog="python -m tenshu.engines.beacons",
        description="ネットワークの通信記録から不審な通信（ビーコンなど）を探します。"
        "結果は標準出力に JSON で、進み具合は標準エラーに出します。",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="コマンド")
    add_import(commands)
    add_score(commands)
    add_indicators(commands)
    add_expect(commands)
    add_coverage(commands)
    return root


type Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def with_store(commands: Commands, name: str, text: str) -> argparse.ArgumentParser:
    """A subcommand that works on a store."""
    command = commands.add_parser(name, help=text, description=text)
    command.add_argument("--store", type=Path, required=True, metavar="DIR", help="通信記録の保管庫")
    return command


def add_import(commands: Commands) -> None:
    """import"""
    command = with_store(commands, "import", "ログを取り込む（同じ内容のファイルは二度取り込みません）")
    command.add_argument("--format", required=True, choices=FORMATS, help="ログの形式")
    command.add_argument("--mapping", type=Path, metavar="TOML", help="項目の対応表（csv では必須）")
    command.add_argument("--network", required=True, metavar="名前", help="ログを取ったネットワーク")
    command.add_argument(
        "--timezone", metavar="名前", help="時刻に時差の記載がないログの時間帯（既定 Asia/Tokyo）"
    )
    command.add_argument(
        "--store-timezone",
        default="Asia/Tokyo",
        metavar="名前",
        help="保管庫の一日の区切り（最初の取込みで決まります）",
    )
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="ログファイル（gzip 可）")


def add_score(commands: Commands) -> None:
    """score"""
    command = with_store(commands, "score", "一日分の通信を採点する")
    command.add_argument("--day", required=True, type=calendar_day, metavar="YYYY-MM-DD", help="採点する日")
    command.add_argument(
        "--window",
        choices=tuple(RULES),
        default="own",
        help="own: 通信のある時間帯で見る（既定）、rita: 24 時間で見る",
    )
    command.add_argument("--out", type=Path, required=True, metavar="PARQUET", help="結果のファイル")
    command.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="計算エンジン")
    command.add_argument(
        "--memory", type=byte_size, default=byte_size("2.5GB"), metavar="2GB", help="使ってよいメモリ"
    )
    command.add_argument("--threads", type=int, metavar="N", help="並列数")
    command.add_argument(
        "--network", action="append", metavar="名前", help="このネットワークだけ（繰返し可）"
    )
    command.add_argument(
        "--direction", action="append", choices=DIRECTIONS, help="採点する向き（既定 outbound、繰返し可）"
    )
    command.add_argument(
        "--internal", action="append", default=[], metavar="CIDR", help="組織の公開アドレス（繰返し可）"
    )
    command.add_argument(
        "--proxy", action="append", default=[], metavar="IP", help="組織のプロキシ（繰返し可）"
    )


def add_indicators(commands: Commands) -> None:
    """indicators"""
    command = with_store(commands, "indicators", "脅威指標の一覧を取り込む（同じ名前の一覧は置き換えます）")
    command.add_argument("--format", choices=tuple(FEED_FORMATS), help="一覧の形式")
    command.add_argument("--feed", metavar="名前", help="一覧の名前")
    command.add_argument("--date", type=calendar_day, metavar="YYYY-MM-DD", help="一覧の日付")
    command.add_argument(
        "--warning-list",
        action="append",
        default=[],
        type=Path,
        metavar="JSON",
        help="MISP 警告リスト（ファイルかフォルダ）",
    )
    command.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="一覧のファイル（なければ今ある指標を出します）"
    )


def add_expect(commands: Commands) -> None:
    """expect"""
    command = commands.add_parser(
        "expect", help="想定された宛先の登録簿", description="想定された宛先の登録簿"
    )
    verbs = command.add_subparsers(dest="verb", required=True, metavar="操作")
    add = with_store(verbs, "add", "想定された宛先を登録する")
    add.add_argument(
        "--destination", required=True, metavar="宛先", help="IP・CIDR・ドメイン名（*.example.jp は配下のみ）"
    )
    add.add_argument(
        "--cover",
        choices=("bare", "subdomains", "both"),
        default="bare",
        help="ドメイン名の範囲: そのもの・配下・両方",
    )
    add.add_argument("--network", default="", metavar="名前", help="このネットワークに限る")
    add.add_argument("--host", default="", metavar="IP", help="この端末（IP か CIDR）に限る")
    add.add_argument(
        "--evidence", action="append", choices=EVIDENCE, help="想定する根拠（既定は indicator 以外すべて）"
    )
    add.add_argument("--reason", required=True, metavar="文", help="理由")
    add.add_argument("--approver", required=True, metavar="氏名", help="承認者")
    add.add_argument(
        "--expires", required=True, type=calendar_day, metavar="YYYY-MM-DD", help="期限（この日まで有効）"
    )
    with_store(verbs, "list", "登録簿を出す")
    revoke = with_store(verbs, "revoke", "登録を取り消す（記録は残ります）")
    revoke.add_argument("id", help="登録番号")
    apply = with_store(verbs, "apply", "登録簿を採点結果に当てはめ直す（取込みも採点もやり直しません）")
    apply.add_argument("--scores", type=Path, required=True, metavar="PARQUET", help="採点結果のファイル")
    apply.add_argument("--day", type=calendar_day, required=True, metavar="YYYY-MM-DD", help="期限を見る日")


def add_coverage(commands: Commands) -> None:
    """coverage"""
    command = with_store(commands, "coverage", "ネットワークごとに、ログがある時間と欠けを出す")
    command.add_argument("--since", type=calendar_day, required=True, metavar="YYYY-MM-DD", help="この日から")
    command.add_argument("--until", type=calendar_day, required=True, metavar="YYYY-MM-DD", help="この日まで")
    command.add_argument("--networks", type=Path, metavar="FILE", help="ネットワーク名の一覧（1 行に 1 つ）")
    command.add_argument(
        "--hours", type=hour_range, default=(0, 24), metavar="8-18", help="ログがあるはずの時間帯"
    )
    command.add_argument(
        "--silence", type=int, default=1, metavar="時間", help="この時間までの空きは欠けとしません"
    )
