"""Command line: lines of raw text in, comparison keys out."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from tenshu.engines.japanese.addresses import read_address
from tenshu.engines.japanese.check_digits import is_corporate_number, is_personal_number, is_resident_code
from tenshu.engines.japanese.dates import parse_date
from tenshu.engines.japanese.kana import kana_skeleton, kana_sort_key
from tenshu.engines.japanese.names import kana_key, name_key, read_name
from tenshu.engines.japanese.numbers import parse_number

type Fields = dict[str, object]


def _name(text: str) -> Fields:
    return {"key": name_key(text), **asdict(read_name(text))}


def _kana(text: str) -> Fields:
    return {"key": kana_skeleton(text), "kana": kana_key(text), "sort_key": kana_sort_key(text)}


def _address(text: str) -> Fields:
    address = read_address(text)
    return {"key": address.key, **asdict(address)}


def _date(text: str) -> Fields:
    found = parse_date(text)
    return {"key": str(found), **asdict(found)}


def _number(text: str) -> Fields:
    return {"key": str(parse_number(text))}


NORMALISERS: dict[str, Callable[[str], Fields]] = {
    "name": _name,
    "kana": _kana,
    "address": _address,
    "date": _date,
    "number": _number,
}
CHECKS: dict[str, Callable[[str], bool]] = {
    "personal": is_personal_number,
    "corporate": is_corporate_number,
    "resident": is_resident_code,
}


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``python -m tenshu.engines.japanese``."""
    parser = argparse.ArgumentParser(
        prog="python -m tenshu.engines.japanese",
        description="日本語の氏名・住所・日付・数値の表記をそろえます。",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    normalise = commands.add_parser("normalise", help="1行に1件の文字列を読み、比較用の形を1行ずつ書きます")
    normalise.add_argument("--kind", required=True, choices=sorted(NORMALISERS), help="文字列の種類")
    normalise.add_argument(
        "--format", choices=("text", "json"), default="text", help="出力の形式（既定: text）"
    )
    check = commands.add_parser(
        "check", help="1行に1件の番号を読み、検査用数字が正しければ1、誤りなら0を書きます"
    )
    check.add_argument("--kind", required=True, choices=sorted(CHECKS), help="番号の種類")
    for command in (normalise, check):
        command.add_argument("file", nargs="?", type=Path, help="入力ファイル（UTF-8。省略すると標準入力）")
    return parser


@contextmanager
def _open(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdin
        return
    with path.open(encoding="utf-8-sig") as lines:
        yield lines


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 when every line was read, 1 when some were not, 2 when the input cannot
    be opened."""
    options = build_parser().parse_args(arguments)
    try:
        with _open(options.file) as lines:
            if options.command == "check":
                return _check(lines, CHECKS[options.kind])
            return _normalise(lines, options)
    except OSError as error:
        sys.stderr.write(f"{options.file}: 開けません（{error.strerror}）" + "\n")
    except UnicodeDecodeError as error:
        sys.stderr.write(
            f"{options.file or '標準入力'}: UTF-8として読めません（{error.start}バイト目）" + "\n"
        )
    return 2


def _check(lines: TextIO, check: Callable[[str], bool]) -> int:
    for line in lines:
        sys.stdout.write("1\n" if check(line.rstrip("\r\n")) else "0\n")
    return 0


def _normalise(lines: TextIO, options: argparse.Namespace) -> int:
    """Write one line for each line read: an unreadable one becomes an empty line (text) or carries
    ``error``."""
    source = options.file or "標準入力"
    failed = 0
    for row, line in enumerate(lines, start=1):
        raw = line.rstrip("\r\n")
        try:
            fields = NORMALISERS[options.kind](raw)
        except ValueError as error:
            failed += 1
            sys.stderr.write(f"{source}: {row}行目 1列目: {error}" + "\n")
            fields = {"key": "", "error": str(error)}
        output = (
            str(fields["key"])
            if options.format == "text"
            else json.dumps({"raw": raw, **fields}, ensure_ascii=False)
        )
        sys.stdout.write(output + "\n")
    return 1 if failed else 0
