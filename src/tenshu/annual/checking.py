"""Runs the consistency rules of all rooms, and those of the house itself (audit chain, files, figures)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tenshu.ground.audit.verification import verify_chain
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.consistency import Check, Finding, Severity, all_checks
from tenshu.ground.files.queries import broken_contents, unknown_contents
from tenshu.mechanisms.figures.queries import differences


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one rule found."""

    id: str
    severity: str
    title: str
    findings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"id": self.id, "severity": self.severity, "title": self.title, "findings": self.findings}


def run_checks(year: FiscalYear, *, with_audit: bool = False, with_files: bool = False) -> list[CheckResult]:
    """Run every rule for ``year``, in the order of the rooms.

    The record and the store are read from end to end only on demand: ``with_audit`` takes the store along, as an
    attachment that was exchanged is a record that was altered.
    """
    checks = [*all_checks(), *_house_checks()]
    if with_audit:
        checks.append(AUDIT_CHECK)
    if with_audit or with_files:
        checks += STORE_CHECKS
    return [
        CheckResult(
            check.id,
            check.severity.value,
            check.title,
            [f"{finding.label}：{finding.message}" for finding in check.find(year)],
        )
        for check in checks
    ]


def _house_checks() -> list[Check]:
    return [
        Check(
            "annual.difference",
            Severity.WARNING,
            "締めた後に変わった数値",
            _figure_differences,
        )
    ]


def _figure_differences(year: FiscalYear) -> Iterator[Finding]:
    for difference in differences(year):
        yield Finding(
            difference.figure.label,
            f"締めた値 {difference.then.text}、いま {difference.now.text}（変わった行 {len(difference.rows)}）",
        )


def _breaches(year: FiscalYear) -> Iterator[Finding]:
    for breach in verify_chain():
        yield Finding("監査記録", breach.message)


AUDIT_CHECK = Check("audit.chain", Severity.ERROR, "監査記録の連鎖", _breaches)


def _broken_contents(year: FiscalYear) -> Iterator[Finding]:
    for problem in broken_contents():
        yield Finding(f"ファイル {problem.sha256[:12]}", f"{problem.detail}。控えから戻してください。")


def _unknown_contents(year: FiscalYear) -> Iterator[Finding]:
    for problem in unknown_contents():
        yield Finding(f"ファイル {problem.sha256[:12]}", f"{problem.detail}。要らなければ消せます。")


STORE_CHECKS = (
    Check("files.store", Severity.ERROR, "添付ファイルの中身", _broken_contents),
    Check("files.unknown", Severity.WARNING, "保存場所にある、記録の無いファイル", _unknown_contents),
)
