"""tenshu report --year R5 --out DIR [--format html|docx|pdf|json …]"""

import argparse
from pathlib import Path

from tenshu.config.commands.preparation import fiscal_year, prepare, step, tell

HELP = "年次報告を作る（HTML、DOCX、PDF、JSON）"
FORMATS = ("html", "docx", "pdf", "json")


def arguments(parser: argparse.ArgumentParser) -> None:
    """--year, --out, --format"""
    parser.add_argument("--year", required=True, metavar="年度", help="R5、令和5年度、2023 のように書く")
    parser.add_argument("--out", required=True, type=Path, metavar="フォルダ", help="書き出すフォルダ")
    parser.add_argument(
        "--format", action="append", choices=FORMATS, help="形。くり返して指定できる（指定がなければ全部）"
    )


def run(options: argparse.Namespace) -> int:
    """Build the report files; each is complete or not there at all."""
    prepare()
    from tenshu.annual.files import write_report

    year = fiscal_year(options.year)
    with step(f"{year.label}の年次報告を作っています"):
        paths = write_report(year, options.out, options.format or FORMATS)
    for path in paths:
        tell(str(path))
    return 0
