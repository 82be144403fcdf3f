"""tenshu backup FILE [--force] [--with-secrets] [--keep N] | tenshu backup --verify FILE"""

import argparse
import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING

import django

from tenshu.config.command_line import CommandError
from tenshu.config.commands.preparation import ProgressLine, say, tell

if TYPE_CHECKING:
    from tenshu.ground.operations.backup import Summary

HELP = "控えを取る（動いているままで、記録と添付ファイルを1つのファイルに）"
#: The names that this command gives, and no others: what somebody has named by hand is kept for a reason.
_OWN_NAME = re.compile(r"tenshu-\d{8}-\d{6}\.zip(?:\.enc)?")


def arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, --force, --with-secrets, --keep, --verify"""
    parser.add_argument(
        "file", type=Path, metavar="ファイル", help="控えの名前。フォルダなら日時の名前を付ける"
    )
    parser.add_argument("--verify", action="store_true", help="控えを取らず、ある控えを確かめる")
    parser.add_argument("--force", action="store_true", help="同じ名前の控えを置き換える")
    parser.add_argument("--with-secrets", action="store_true", help="署名の鍵も入れる（控えの保管に注意）")
    parser.add_argument("--keep", type=int, metavar="数", help="フォルダの中で、新しいほうから残す数")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 1 when nothing was written, or when contents of attachments were lost before."""
    django.setup()
    from tenshu.ground.operations.backup import verify_backup
    from tenshu.ground.operations.container import DamagedBackupError
    from tenshu.ground.operations.encryption import PassphraseError

    if options.keep is not None and options.keep < 1:
        raise CommandError("--keep には1以上の数を入れてください。")
    try:
        if options.verify:
            if not options.file.is_file():
                raise CommandError(f"{options.file} がありません。")
            summary = verify_backup(options.file, tell=ProgressLine())
            tell(f"控えは取ったときのままです（{_counts(summary)}）。")
            return _tell_lost(summary)
        return _write(options)
    except (DamagedBackupError, PassphraseError) as error:
        raise CommandError(str(error)) from error


def _write(options: argparse.Namespace) -> int:
    from tenshu.ground.operations.backup import BackupInProgressError, write_backup
    from tenshu.ground.operations.encryption import SUFFIX, passphrase
    from tenshu.ground.operations.room import NoRoomError
    from tenshu.ground.operations.schema import UnknownMigrationsError, applied_migrations

    path: Path = options.file
    ending = SUFFIX if passphrase() else ""
    folder = path if path.is_dir() else None
    if folder is not None:
        path = folder / f"tenshu-{datetime.datetime.now().astimezone():%Y%m%d-%H%M%S}.zip{ending}"
    if path.exists() and not options.force:
        raise CommandError(f"{path} は既にあります。別の名前にするか、--force を付けてください。")
    if not path.parent.is_dir():
        raise CommandError(f"フォルダ {path.parent} がありません。")
    if not applied_migrations():
        raise CommandError(
            "この置き場所にはまだ記録がありません。TENSHU_HOME と TENSHU_DATABASE_URL を確かめてください。"
        )
    try:
        summary = write_backup(path, with_secrets=options.with_secrets, tell=ProgressLine())
    except BackupInProgressError as error:
        raise CommandError(f"別のところで {path} を書いています。終わるまでお待ちください。") from error
    except UnknownMigrationsError as error:
        raise CommandError(
            f"データベースがこの天守より新しい版のものです（{error}）。その版の天守で控えを取ってください。"
        ) from error
    except NoRoomError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(
            f"{path} に書けません（{error.strerror}）。空き容量と権限を確かめてください"
            "（暗号化するときは TENSHU_HOME にも同じだけ要ります）。"
        ) from error
    how = "、暗号化済" if ending else ""
    tell(f"{path}（{_counts(summary)}、{summary.size / 1e6:,.1f}MB{how}）")
    if options.with_secrets:
        say("署名の鍵が入っています。鍵の掛かる場所に置いてください。")
    if folder is not None:
        _remove_unfinished(folder)
    if folder is not None and options.keep and not summary.lost:
        _remove_old(folder, options.keep, path)
    return _tell_lost(summary)


def _remove_unfinished(folder: Path) -> None:
    """What killed backups have left: their names hold a time, so no later one writes over them."""
    from tenshu.ground.operations.backup import PARTIAL, remove_abandoned

    found = [path for path in folder.iterdir() if _OWN_NAME.fullmatch(path.name.removesuffix(PARTIAL))]
    for gone in remove_abandoned(path for path in found if path.suffix == PARTIAL):
        say(f"途中で切れた控え {gone.name} を消しました。")


def _remove_old(folder: Path, keep: int, newest: Path) -> None:
    found = [path for path in folder.iterdir() if _OWN_NAME.fullmatch(path.name) and path != newest]
    for old in sorted(found, reverse=True)[keep - 1 :]:
        old.unlink()
        say(f"古い控え {old.name} を消しました。")


def _counts(summary: "Summary") -> str:
    return f"{summary.tables}表 {summary.rows:,}行、ファイル{summary.files:,}件"


def _tell_lost(summary: "Summary") -> int:
    for digest in summary.lost:
        say(
            f"警告：添付ファイル {digest[:12]} が保存場所に無いか、書き換わっていたため、控えに入っていません。"
        )
    if summary.lost:
        say(
            "tenshu check --files で調べ、前の控えから戻してください。それまで --keep は古い控えを消しません。"
        )
    return int(bool(summary.lost))
