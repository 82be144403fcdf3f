"""tenshu restore FILE [--force]"""

import argparse
from pathlib import Path

import django

from tenshu.config.command_line import CommandError
from tenshu.config.commands.preparation import ProgressLine, say, tell

HELP = "控えから戻す（空の置き場所へ。データベースの種類は問わない）"


def arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, --force"""
    parser.add_argument("file", type=Path, metavar="ファイル", help="tenshu backup で取った控え")
    parser.add_argument("--force", action="store_true", help="今ある記録を捨てて、控えに置き換える")


def run(options: argparse.Namespace) -> int:
    """Exit code 0, or 1 with nothing changed."""
    django.setup()
    from django.db import IntegrityError

    from tenshu.ground.operations.columns import NulCharacterError
    from tenshu.ground.operations.container import DamagedBackupError
    from tenshu.ground.operations.encryption import PassphraseError
    from tenshu.ground.operations.landing import InUseError
    from tenshu.ground.operations.restore import NotEmptyError, restore_backup
    from tenshu.ground.operations.schema import UnknownMigrationsError

    if not options.file.is_file():
        raise CommandError(f"{options.file} がありません。")
    try:
        restored = restore_backup(
            options.file,
            force=options.force,
            tell=ProgressLine(),
            on_loaded=lambda: say("記録を入れ終えました。仕上げています…"),
        )
    except (DamagedBackupError, PassphraseError) as error:
        raise CommandError(f"{error}何も変えていません。") from error
    except UnknownMigrationsError as error:
        raise CommandError(
            f"控えがこの天守より新しい版のものです（{error}）。天守を新しくしてから戻してください。何も変えていません。"
        ) from error
    except NotEmptyError as error:
        shown = "、".join(f"{name} {count:,}行" for name, count in list(error.rows.items())[:5])
        raise CommandError(
            f"この置き場所には記録があります（{shown}など）。空の置き場所へ戻すか、"
            "今の記録を捨ててよければ --force を付けてください。何も変えていません。"
        ) from error
    except InUseError as error:
        raise CommandError(
            "ほかのプロセスがデータベースを開いています。画面とワーカーを止めてから、もう一度戻してください。何も変えていません。"
        ) from error
    except NulCharacterError as error:
        raise CommandError(
            f"PostgreSQLが持てない文字（NUL）が記録に入っています（「{error}」）。元の置き場所で直すか、SQLiteに戻してください。何も変えていません。"
        ) from error
    except IntegrityError as error:
        raise CommandError(
            f"控えの中の参照が合いません（{error}）。別の控えを使ってください。何も変えていません。"
        ) from error
    for note in restored.notes:
        say(note)
    for digest in restored.summary.lost:
        say(f"警告：添付ファイル {digest[:12]} は、控えを取ったときから失われていました。")
    summary = restored.summary
    tell(f"戻しました（{summary.tables}表 {summary.rows:,}行、ファイル{summary.files:,}件）。")
    say("tenshu check --audit --files で確かめてください。")
    return 0
