"""tenshu create-admin LOGIN --name NAME"""

import argparse
import getpass
import os
import sys

from django.utils import timezone

from tenshu.config.commands.preparation import prepare, tell

HELP = "事務局の役割を持つ最初の利用者を作る"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The sign-in name and the shown name; the password is asked, or read from TENSHU_ADMIN_PASSWORD."""
    parser.add_argument("login", metavar="利用者名")
    parser.add_argument("--name", default="", metavar="表示名")


def run(options: argparse.Namespace) -> int:
    """Create the account with the secretariat's role."""
    prepare()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from tenshu.config.command_line import CommandError
    from tenshu.ground.access.actions import do_create_account, do_grant_role, system_user
    from tenshu.ground.access.models import User
    from tenshu.ground.access.roles import Role
    from tenshu.ground.audit.origin import acting_from

    password = os.environ.get("TENSHU_ADMIN_PASSWORD") or _ask()
    name = options.name or options.login
    try:
        validate_password(password, User(login_name=options.login, display_name=name))
        with acting_from("command"), transaction.atomic():
            actor = system_user()
            user = do_create_account(
                options.login, name, password, acting_user=actor, must_change_password=False
            )
            do_grant_role(
                user,
                Role.SECRETARIAT,
                valid_from=timezone.localdate(),
                valid_until=None,
                reason="最初の管理者",
                acting_user=actor,
            )
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    tell(f"利用者「{options.login}」を作りました。")
    return 0


def _ask() -> str:
    from tenshu.config.command_line import CommandError

    if not sys.stdin.isatty():
        raise CommandError("パスワードを環境変数 TENSHU_ADMIN_PASSWORD で渡すか、端末から実行してください。")
    first = getpass.getpass("パスワード（12文字以上）：")
    if first != getpass.getpass("もう一度："):
        raise CommandError("二つのパスワードが違います。もう一度実行してください。")
    return first
