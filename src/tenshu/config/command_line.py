"""The command line: ``tenshu demo | serve | worker | migrate | load-year | figures | report | check | backup | restore | sweep | create-admin``."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from tenshu.config.environment import EnvironmentValueError

COMMANDS = (
    "demo",
    "serve",
    "worker",
    "migrate",
    "load-year",
    "figures",
    "report",
    "check",
    "reindex",
    "backup",
    "restore",
    "sweep",
    "create-admin",
)


class CommandError(Exception):
    """What went wrong, in Japanese and with how to mend it; printed without a traceback, exit code 1."""


class Command(Protocol):
    """What a module of ``tenshu.config.commands`` offers."""

    HELP: str

    @staticmethod
    def arguments(parser: argparse.ArgumentParser) -> None: ...

    @staticmethod
    def run(options: argparse.Namespace) -> int: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenshu.config.settings")
    parser = argparse.ArgumentParser(prog="tenshu", description="天守：庁内DX・情報セキュリティ室の一年")
    commands = parser.add_subparsers(dest="command", required=True, metavar="コマンド")
    for name in COMMANDS:
        command = _command(name)
        command.arguments(commands.add_parser(name, help=command.HELP, description=command.HELP))
    options = parser.parse_args(arguments)
    try:
        return _command(options.command).run(options)
    except (CommandError, EnvironmentValueError) as error:
        print(f"エラー：{error}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        print("中断しました。途中の変更は残っていません。", file=sys.stderr)  # noqa: T201
        return 130


def _command(name: str) -> Command:
    module = importlib.import_module(f"tenshu.config.commands.{name.replace('-', '_')}")
    return cast("Command", module)


if __name__ == "__main__":
    # Under its own name: the commands raise the CommandError of that module, which is not the one of __main__.
    sys.exit(importlib.import_module("tenshu.config.command_line").main())
