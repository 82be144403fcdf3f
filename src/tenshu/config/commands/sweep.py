"""tenshu sweep [--hours 24] [--look]"""

import argparse

from tenshu.config.command_line import CommandError
from tenshu.config.commands.preparation import prepare, tell

HELP = "記録の無いファイルを保存場所から片付ける（毎日、ワーカーもする）"


def arguments(parser: argparse.ArgumentParser) -> None:
    """--hours, --look"""
    parser.add_argument(
        "--hours", type=float, default=24, metavar="時間", help="この時間より前に置かれたものだけ（既定は24）"
    )
    parser.add_argument("--look", action="store_true", help="数えるだけで、消さない")


def run(options: argparse.Namespace) -> int:
    """Sweep and tell."""
    if options.hours < 1:
        raise CommandError("--hours は1以上にしてください。書き込みの途中のファイルを消さないためです。")
    prepare()
    from tenshu.ground.files.sweeping import sweep_store

    swept = sweep_store(hours=options.hours, only_look=options.look)
    if swept.waits_for:
        tell(
            f"復元で置き換えた前のデータベース（{swept.waits_for}）があるため、何も消していません。"
            "そこへ戻らないと決めたら、それを消してからもう一度実行してください。"
        )
        return 0
    counted = f"記録の無いファイル{swept.contents:,}件（{swept.bytes / 1e6:,.1f}MB）"
    tell(f"{counted}があります。" if options.look else f"{counted}を消しました。")
    if swept.young:
        tell(f"新しい{swept.young:,}件は次の回に見ます。")
    return 0
