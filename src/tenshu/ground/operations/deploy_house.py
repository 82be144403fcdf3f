"""Rules about the house itself: its database, backups, workers, mail, and who keeps the keys."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from tenshu.ground.operations.backup import last_backup
from tenshu.ground.operations.schema import outstanding_migrations

SQLITE_ACCOUNTS = 200
"""Accounts from which on an office should work on PostgreSQL; SQLite carries more, but on one machine only."""
BACKUP_HOURS = 26
_ENCRYPTED = {"require", "verify-ca", "verify-full"}


def migrations() -> Iterator[str]:
    """The database has the form of this release."""
    waiting = outstanding_migrations()
    if waiting:
        yield f"{len(waiting)}個の変更がまだです。tenshu migrate を実行してください。"


def database() -> Iterator[str]:
    """SQLite is for trying and for small offices."""
    from tenshu.ground.access.models import User

    if connection.vendor == "sqlite" and (count := User.objects.count()) > SQLITE_ACCOUNTS:
        yield (
            f"利用者が{count:,}人います。{SQLITE_ACCOUNTS}人を超える団体や複数台の構成にはPostgreSQLを勧めます。"
            "tenshu backup で控えを取り、PostgreSQLへ tenshu restore で移せます。"
        )


def database_tls() -> Iterator[str]:
    """Between machines the database's traffic is encrypted, and its server known."""
    given = connection.settings_dict
    host = str(given.get("HOST") or "")
    if (
        connection.vendor != "postgresql"
        or not host
        or host.startswith(("/", "%2F", "127.", "localhost", "::1"))
    ):
        return
    mode = str(given.get("OPTIONS", {}).get("sslmode", "prefer"))
    if mode not in _ENCRYPTED:
        yield f"データベース（{host}）との通信が暗号化されないことがあります。TENSHU_DATABASE_URL に ?sslmode=verify-full を付けてください。"


def backup() -> Iterator[str]:
    """A backup of today or yesterday exists."""
    found = last_backup()
    if found is None:
        yield "控えがまだ取られていません。tenshu backup を毎日動かしてください（docs/operations.md のタイマー）。"
        return
    made = datetime.datetime.fromisoformat(found["at"])
    hours = (timezone.now() - made).total_seconds() / 3600
    if hours > BACKUP_HOURS:
        yield f"最後の控えは{hours:,.0f}時間前（{timezone.localtime(made):%Y-%m-%d %H:%M}）です。タイマーを確かめてください。"


def worker() -> Iterator[str]:
    """Somebody does the work behind the pages, and seals the audit record."""
    from tenshu.ground.jobs.queries import alive_count

    if not alive_count():
        yield "動いているワーカーがいません。tenshu worker を動かしてください（docs/operations.md）。"


def mail() -> Iterator[str]:
    """Without mail people hear of nothing that they do not look up."""
    if not getattr(settings, "MAIL", {}).get("smtp"):
        yield "メールの送り先（TENSHU_SMTP_HOST）がありません。通知は画面だけになります。"
        return
    from tenshu.ground.notices.setup import mail_setup

    try:
        mail_setup()
    except ImproperlyConfigured as error:
        yield str(error)


def second_factor() -> Iterator[str]:
    """Whoever administers the house proves it twice."""
    from tenshu.ground.access.models import User
    from tenshu.ground.access.queries import roles_of
    from tenshu.ground.access.roles import Role
    from tenshu.ground.sign_on.queries import has_second_factor

    without = [
        user.login_name
        for user in User.objects.filter(is_active=True)
        .exclude(password__startswith="!")  # noqa: S106 - the mark of "no password"
        .order_by("login_name")
        if roles_of(user) & {Role.SECRETARIAT, Role.SECURITY} and not has_second_factor(user)
    ]
    if without:
        shown = "、".join(without[:5]) + (f" ほか{len(without) - 5}人" if len(without) > 5 else "")
        yield f"事務局・監理グループの{len(without)}人が、パスワードだけでサインインできます（{shown}）。2つ目の証明を登録してください。"


def sample_logins() -> Iterator[str]:
    """The sign-ins of the demonstration stand in a file of the home: no office works with them."""
    path = settings.TENSHU_HOME / "demo-logins.json"
    if path.exists():
        yield f"見本のサインインがあります（{path}）。空の置き場所で始めるか、その利用者を止めてファイルを消してください。"
