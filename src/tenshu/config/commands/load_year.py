"""tenshu load-year FOLDER"""

import argparse
from pathlib import Path

from tenshu.config.commands.preparation import ProgressLine, prepare, say, step, tell

HELP = "年度フォルダ（Excel・CSV）を読み込む。何度読み込んでも同じ結果になる"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The folder."""
    parser.add_argument("folder", type=Path, metavar="フォルダ", help="年度フォルダ")


def run(options: argparse.Namespace) -> int:
    """Load all files of the folder, or nothing."""
    prepare()
    from tenshu.config.command_line import CommandError
    from tenshu.ground.access.actions import system_user
    from tenshu.ground.audit.origin import acting_from
    from tenshu.ground.audit.sealing import seal_pending
    from tenshu.ground.exchange.year_folder import YearFolderError, load_year_folder

    if not options.folder.is_dir():
        raise CommandError(f"フォルダ「{options.folder}」がありません。場所を確かめてください。")
    try:
        with acting_from("command"), step("年度フォルダを読み込んでいます"):
            report = load_year_folder(options.folder, acting_user=system_user(), progress=ProgressLine())
    except YearFolderError as error:
        for line in error.lines:
            say(f"  {line}")
        raise CommandError(
            f"{len(error.lines)}か所に誤りがあるため、何も取り込んでいません。直してからもう一度実行してください。"
        ) from error
    seal_pending()
    for line in report.lines:
        tell(line)
    return 0
