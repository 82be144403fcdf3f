"""tenshu migrate"""

import argparse

from tenshu.config.commands.preparation import prepare, say

HELP = "データベースを最新の形にする（空の置き場所なら作る）"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Migrate."""
    prepare()
    say("データベースは最新です。")
    return 0
