"""Consistency rules of questionnaires."""

from collections.abc import Iterator

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.consistency import Check, Finding, Severity
from tenshu.mechanisms.questionnaire.models import QuestionnaireVersion, VersionState
from tenshu.mechanisms.questionnaire.queries import content_digest


def altered_versions(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Published versions that no longer say what they said when they were published."""
    versions = QuestionnaireVersion.objects.filter(
        state=VersionState.PUBLISHED, fiscal_year=fiscal_year.year
    ).select_related("questionnaire")
    for version in versions:
        if content_digest(version) != version.digest:
            yield Finding(
                str(version), "確定したときと内容が違います。データベースが外から書き換えられています。"
            )


CHECKS = [
    Check("questionnaire.altered", Severity.ERROR, "確定後に書き換えられた質問票", altered_versions),
]
