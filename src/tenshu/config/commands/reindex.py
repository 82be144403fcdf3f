"""tenshu reindex [--check]"""

import argparse

from tenshu.config.commands.preparation import ProgressLine, prepare, step, tell

HELP = "検索の索引を作り直す（止めても、次は続きから進む）"
SHOWN = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """--check"""
    parser.add_argument("--check", action="store_true", help="作り直さず、記録と違う索引だけを数える")


def run(options: argparse.Namespace) -> int:
    """Rebuild, or compare; exit code 1 when the comparison finds something."""
    prepare()
    from tenshu.ground.search.rebuilding import rebuild, wrong_rows

    if options.check:
        wrong = list(wrong_rows())
        for source, key in wrong[:SHOWN]:
            tell(f"× {source.label} {key}")
        tell(f"記録と違う索引：{len(wrong):,}件")
        return int(bool(wrong))
    line = ProgressLine()
    with step("検索の索引を作り直しています"):
        made = rebuild(lambda text, done, total: line(text, done, total))
    tell(
        f"{made.records:,}件を調べ、{made.changed:,}件の索引を直し、{made.removed:,}件を除き、"
        f"{made.read:,}件のファイルを読みました。"
    )
    return 0
