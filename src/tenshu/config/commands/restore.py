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
    from django.db import DatabaseError, IntegrityError

    from tenshu.ground.operations.columns import NulCharacterError
    from tenshu.ground.operations.container import DamagedBackupError
    from tenshu.ground.operations.encryption import PassphraseError
    from tenshu.ground.operations.landing import InUseError
    from tenshu.ground.operations.restore import NotEmptyError, restore_backup
    from tenshu.ground.operations.room import NoRoomError
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
    except (DamagedBackupError, PassphraseError, NoRoomError) as error:
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
            "ほかのプロセスがデータベースを開いています。画面とワーカーを（PostgreSQLでは、同じ利用者でつないでいる道具も）止めてから、"
            "もう一度戻してください。何も変えていません。"
        ) from error
    except NulCharacterError as error:
        raise CommandError(
            f"PostgreSQLが持てない文字（NUL）が記録に入っています（「{error}」）。元の置き場所で直すか、SQLiteに戻してください。何も変えていません。"
        ) from error
    except IntegrityError as error:
        raise CommandError(
            f"控えの中の番号や参照が合いません（{_told(error)}）。別の控えを使ってください。何も変えていません。"
        ) from error
    except DatabaseError as error:
        raise CommandError(
            f"データベースが受け付けませんでした（{_told(error)}）。空き容量と、データベースの利用者の権限を確かめてください。"
            "それでも戻らないときは、SQLiteの空の置き場所に戻して記録を直してください。何も変えていません。"
        ) from error
    except OSError as error:
        raise CommandError(
            f"書けないか、読めません（{error.filename or options.file}：{error.strerror}）。空き容量と権限を確かめてください。"
            "データベースは変えていません。"
        ) from error
    for note in restored.notes:
        say(note)
    for digest in restored.summary.lost:
        say(f"警告：添付ファイル {digest[:12]} は、控えを取ったときから失われていました。")
    summary = restored.summary
    tell(f"戻しました（{summary.tables}表 {summary.rows:,}行、ファイル{summary.files:,}件）。")
    say("tenshu check --audit --files で確かめてください。")
    return 0


def _told(error: Exception) -> str:
    """What the database says, and of which column; the value itself is nobody's business here."""
    context = getattr(getattr(error.__cause__, "diag", None), "context", None) or ""
    return "：".join(part.partition(end)[0] for part, end in ((str(error), "\n"), (context, ":")) if part)
