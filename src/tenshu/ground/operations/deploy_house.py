"""Rules about the house itself: its database, backups, workers, mail, and who keeps the keys."""

import datetime
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from tenshu.ground.operations.backup import last_backup
from tenshu.ground.operations.schema import of_a_newer_release, outstanding_migrations

SQLITE_ACCOUNTS = 200
"""Accounts from which on an office should work on PostgreSQL; SQLite carries more, but on one machine only."""
BACKUP_HOURS = 26
SHORTEST_DATABASE_PASSWORD = 16
_ENCRYPTED = {"require", "verify-ca", "verify-full"}
_THIS_MACHINE = ("/", "%2F", "127.", "localhost", "::1")


def migrations() -> Iterator[str]:
    """The database has the form of this release."""
    if of_a_newer_release(MigrationLoader(connection)):
        yield "データベースがこの天守より新しい版のものです。新しい版の天守で動かすか、この版で取った控えを空のデータベースへ戻してください。"
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
    if connection.vendor != "postgresql" or not host or host.startswith(_THIS_MACHINE):
        return
    mode = str(given.get("OPTIONS", {}).get("sslmode", "prefer"))
    if mode not in _ENCRYPTED:
        yield f"データベース（{host}）との通信が暗号化されないことがあります。TENSHU_DATABASE_URL に ?sslmode=verify-full を付けてください。"


def database_password() -> Iterator[str]:
    """Whoever guesses the database's password needs no account of the house."""
    given = connection.settings_dict
    password = str(given.get("PASSWORD") or "")
    if connection.vendor != "postgresql" or not password:
        return  # from .pgpass, a certificate, or the account of the machine
    if len(password) < SHORTEST_DATABASE_PASSWORD or password in {given.get("USER"), given.get("NAME")}:
        yield (
            f"データベースのパスワードが短いか、利用者やデータベースの名前と同じです。{SHORTEST_DATABASE_PASSWORD}文字以上の乱数にしてください。"
        )


def backup() -> Iterator[str]:
    """A backup of today or yesterday exists, and holds everything."""
    found = last_backup()
    if found is None:
        yield "控えがまだ取られていません。tenshu backup を毎日動かしてください（docs/operations.md のタイマー）。"
        return
    made = datetime.datetime.fromisoformat(found["at"])
    hours = (timezone.now() - made).total_seconds() / 3600
    if hours > BACKUP_HOURS:
        yield f"最後の控えは{hours:,.0f}時間前（{timezone.localtime(made):%Y-%m-%d %H:%M}）です。タイマーを確かめてください。"
    if found.get("lost"):
        yield (
            f"最後の控えに、添付ファイルが{found['lost']:,}件入っていません（保存場所に無いか、書き換わっています）。"
            "tenshu check --files で調べ、前の控えから戻してください。"
        )


def worker() -> Iterator[str]:
    """Somebody does the work behind the pages, and seals the audit record."""
    from tenshu.ground.jobs.queries import alive_count

    if not alive_count():
        yield "動いているワーカーがいません。tenshu worker を動かしてください（docs/operations.md）。"


def mail() -> Iterator[str]:
    """Without mail people hear of nothing that they do not look up; with it, nobody else should hear of it."""
    mail = settings.MAIL
    server = mail.get("smtp")
    if not server:
        yield "メールの送り先（TENSHU_SMTP_HOST）がありません。通知は画面だけになります。"
        return
    if server.get("tls") == "none" and not str(server.get("host")).startswith(_THIS_MACHINE):
        yield "メールを暗号化せずに送ります。TENSHU_SMTP_TLS を starttls か tls にしてください。"
    box = mail.get("imap")
    if box and box.get("tls") == "none" and not str(box.get("host")).startswith(_THIS_MACHINE):
        yield "戻りのメールを暗号化せずに読みます。TENSHU_IMAP_TLS を tls にしてください。"
    base = urlsplit(mail.get("base_url") or "")
    if not base.netloc:
        yield "TENSHU_BASE_URL がないため、メールに画面へのリンクが付きません。職員が開く https://… を入れてください。"
    elif base.scheme != "https":
        yield f"TENSHU_BASE_URL（{base.geturl()}）が https:// ではありません。"
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
