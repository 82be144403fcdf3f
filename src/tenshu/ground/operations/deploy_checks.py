"""What has to stand before an office works with the house: ``tenshu check --deploy``.

Every rule yields sentences in Japanese, each with what to do. A rule of severity "error" must be mended before people are
let in; a "warning" is a decision that somebody should have taken knowingly.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from tenshu.ground.consistency import Severity
from tenshu.ground.operations import deploy_house, deploy_machine

type Rule = Callable[[], Iterator[str]]

#: Django's own deployment checks in the words of the operator; those that ours say better are left out.
DJANGO = {
    "security.W001": "セキュリティの中間処理（SecurityMiddleware）が外れています。",
    "security.W002": "埋め込みを防ぐ中間処理（XFrameOptionsMiddleware）が外れています。",
    "security.W003": "偽の送信を防ぐ中間処理（CsrfViewMiddleware）が外れています。",
    "security.W006": "ヘッダー X-Content-Type-Options が送られません。",
    "security.W009": "署名の鍵が短いか、推測しやすいものです。50文字以上の乱数にしてください。",
    "security.W018": "DEBUG が有効です。切ってください。",
    "security.W019": "X-Frame-Options が DENY ではありません。",
    "security.W022": "ヘッダー Referrer-Policy が送られません。",
}
_SAID_BETTER = {"security.W004", "security.W008", "security.W012", "security.W016", "security.W020"}
#: HSTS for all names of the domain and the browsers' list are the office's choice, not the house's.
_LEFT_TO_THE_OFFICE = {"security.W005", "security.W021"}


@dataclass(frozen=True, slots=True)
class DeployResult:
    """What one rule found."""

    id: str
    severity: str
    title: str
    findings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"id": self.id, "severity": self.severity, "title": self.title, "findings": self.findings}


RULES: tuple[tuple[str, Severity, str, Rule], ...] = (
    ("deploy.https", Severity.ERROR, "暗号化された通信（HTTPS）", deploy_machine.https),
    ("deploy.hosts", Severity.ERROR, "受け付ける名前", deploy_machine.hosts),
    ("deploy.proxy", Severity.WARNING, "接続元の見分け", deploy_machine.proxy),
    ("deploy.secret", Severity.ERROR, "署名の鍵", deploy_machine.secret),
    ("deploy.home", Severity.ERROR, "置き場所の権限", deploy_machine.home_permissions),
    ("deploy.disk", Severity.WARNING, "空き容量", deploy_machine.disk),
    ("deploy.time", Severity.ERROR, "時刻", deploy_machine.time),
    ("deploy.migrations", Severity.ERROR, "データベースの形", deploy_house.migrations),
    ("deploy.database", Severity.WARNING, "データベースの種類", deploy_house.database),
    ("deploy.database-tls", Severity.ERROR, "データベースとの通信", deploy_house.database_tls),
    (
        "deploy.database-password",
        Severity.WARNING,
        "データベースのパスワード",
        deploy_house.database_password,
    ),
    ("deploy.backup", Severity.ERROR, "控え", deploy_house.backup),
    ("deploy.worker", Severity.ERROR, "ワーカー", deploy_house.worker),
    ("deploy.mail", Severity.WARNING, "メール", deploy_house.mail),
    ("deploy.second-factor", Severity.WARNING, "管理する人の2つ目の証明", deploy_house.second_factor),
    ("deploy.sample-logins", Severity.ERROR, "見本のサインイン", deploy_house.sample_logins),
)


def run_deploy_checks() -> list[DeployResult]:
    """Every rule of the house in its order, then Django's."""
    found = [DeployResult(id_, severity.value, title, list(rule())) for id_, severity, title, rule in RULES]
    return [*found, DeployResult("deploy.django", "warning", "Djangoの検査", list(_django()))]


def _django() -> Iterator[str]:
    from django.core.checks import Tags, run_checks

    for message in run_checks(tags=[Tags.security], include_deployment_checks=True):
        name = message.id or ""
        if name in _SAID_BETTER | _LEFT_TO_THE_OFFICE | set(settings.SILENCED_SYSTEM_CHECKS):
            continue
        yield DJANGO.get(name, f"{name}：{message.msg}")
