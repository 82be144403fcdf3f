"""tenshu figures --year R5 [--format table|json|xlsx]"""

import argparse
import json
import sys
from pathlib import Path

from tenshu.config.commands.preparation import fiscal_year, prepare, tell

HELP = "年度の数値を記録から計算して出す"


def arguments(parser: argparse.ArgumentParser) -> None:
    """--year, --format, --out"""
    parser.add_argument("--year", required=True, metavar="年度", help="R5、令和5年度、2023 のように書く")
    parser.add_argument("--format", choices=["table", "json", "xlsx"], default="table", help="出力の形")
    parser.add_argument("--out", type=Path, metavar="ファイル", help="書き出す先（xlsx では必ず入れる）")


def run(options: argparse.Namespace) -> int:
    """Print or write the figures of the year."""
    prepare()
    from tenshu.config.command_line import CommandError
    from tenshu.ground.exchange import export_table
    from tenshu.mechanisms.figures.queries import compute_all

    year = fiscal_year(options.year)
    values = compute_all(year)
    match options.format:
        case "json":
            payload = {"year": year.short, "figures": [value.as_json() for value in values]}
            _write(options.out, json.dumps(payload, ensure_ascii=False, indent=2) + "\n")
        case "xlsx":
            if options.out is None and sys.stdout.isatty():
                raise CommandError("Excelの書き出し先を --out ファイル名.xlsx で入れてください。")
            headers = ["キー", "名称", "値", "確からしさ", "単位", "行数"]
            rows = [
                [v.key, v.label, v.number if v.missing else v.value, v.qualifier.label, v.unit, v.rows]
                for v in values
            ]
            content = export_table(f"{year.short} 数値", headers, rows, kind="xlsx")
            if options.out is None:
                sys.stdout.buffer.write(content)
            else:
                options.out.write_bytes(content)
        case _:
            tell(f"{year.label}の数値")
            for value in values:
                tell(f"{value.key:<42} {value.text:>16}  {value.label}（{value.rows:,}行）")
    return 0


def _write(path: Path | None, text: str) -> None:
    if path is None:
        sys.stdout.write(text)
    else:
        path.write_text(text, encoding="utf-8")
