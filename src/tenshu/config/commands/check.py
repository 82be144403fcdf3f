"""tenshu check [--year R5] [--audit] [--files] [--format table|json]"""

import argparse
import json

from django.utils import timezone

from tenshu.config.commands.preparation import fiscal_year, prepare, tell

HELP = "記録の整合を調べる（規則ごとに、当てはまった行を出す）"


def arguments(parser: argparse.ArgumentParser) -> None:
    """--year, --audit, --files, --format"""
    parser.add_argument("--year", metavar="年度", help="調べる年度（指定がなければ今日の年度）")
    parser.add_argument("--audit", action="store_true", help="監査記録の連鎖と添付ファイルも確かめる")
    parser.add_argument("--files", action="store_true", help="添付ファイルの中身も確かめる")
    parser.add_argument("--format", choices=["table", "json"], default="table", help="出力の形")


def run(options: argparse.Namespace) -> int:
    """Print every rule that found something; exit code 1 when one of severity "error" did."""
    prepare()
    from tenshu.annual.checking import run_checks
    from tenshu.ground.calendar.fiscal_year import FiscalYear

    year = fiscal_year(options.year) if options.year else FiscalYear.containing(timezone.localdate())
    results = run_checks(year, with_audit=options.audit, with_files=options.files)
    if options.format == "json":
        tell(json.dumps([result.as_json() for result in results], ensure_ascii=False, indent=2))
    else:
        for result in results:
            mark = "○" if not result.findings else "×"
            tell(f"{mark} {result.id} [{result.severity}] {result.title}：{len(result.findings)}件")
            for finding in result.findings:
                tell(f"    {finding}")
    return int(any(result.findings and result.severity == "error" for result in results))
