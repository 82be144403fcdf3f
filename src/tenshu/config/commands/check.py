"""tenshu check [--year R5] [--audit] [--files] [--format table|json] | tenshu check --deploy"""

import argparse
import json
from collections.abc import Sequence
from typing import Any, Protocol

import django
from django.utils import timezone

from tenshu.config.command_line import CommandError
from tenshu.config.commands.preparation import fiscal_year, prepare, tell

HELP = "記録の整合を調べる（規則ごとに、当てはまった行を出す）"


class Result(Protocol):
    """What a rule found, of the records or of the operation."""

    @property
    def id(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def findings(self) -> list[str]: ...

    def as_json(self) -> dict[str, Any]: ...


def arguments(parser: argparse.ArgumentParser) -> None:
    """--year, --audit, --files, --deploy, --format"""
    parser.add_argument("--year", metavar="年度", help="調べる年度（指定がなければ今日の年度）")
    parser.add_argument("--audit", action="store_true", help="監査記録の連鎖と添付ファイルも確かめる")
    parser.add_argument("--files", action="store_true", help="添付ファイルの中身も確かめる")
    parser.add_argument("--deploy", action="store_true", help="記録の代わりに、運用の備えを調べる")
    parser.add_argument("--format", choices=["table", "json"], default="table", help="出力の形")


def run(options: argparse.Namespace) -> int:
    """Print every rule that found something; exit code 1 when one of severity "error" did."""
    results: Sequence[Result]
    if options.deploy:
        results = _deploy()
    else:
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


def _deploy() -> "Sequence[Result]":
    """The database is looked at as it is: an outstanding migration is a finding, not something to mend on the way."""
    django.setup()
    from tenshu.ground.operations.deploy_checks import run_deploy_checks
    from tenshu.ground.operations.schema import applied_migrations

    if not applied_migrations():
        raise CommandError(
            "この置き場所にはまだ記録がありません。TENSHU_HOME と TENSHU_DATABASE_URL を確かめてください。"
        )
    return run_deploy_checks()
