"""tenshu demo"""

import argparse
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tenshu.config.commands.preparation import ProgressLine, prepare, step, tell

if TYPE_CHECKING:
    from tenshu.config.sample_logins import SampleLogin

HELP = "見本の一年を読み込み、年次報告を作り、画面を出す"
YEAR = "R5"


def arguments(parser: argparse.ArgumentParser) -> None:
    """--folder, --host, --port, --no-serve"""
    parser.add_argument("--folder", type=Path, default=Path("examples/reference-year"), metavar="フォルダ")
    parser.add_argument("--host", default="127.0.0.1", metavar="アドレス")
    parser.add_argument("--port", type=int, default=8000, metavar="番号")
    parser.add_argument("--no-serve", action="store_true", help="用意だけして、画面は出さない")


def login_lines(logins: "Iterable[SampleLogin]") -> list[str]:
    """The sign-ins as a table: columns are padded by what a terminal shows, two cells for a wide character."""
    rows = [("役割", "利用者名", "パスワード", "氏名")]
    rows += [(login.role, login.login, login.password, login.name) for login in logins]
    widths = [max(_cells(row[index]) for row in rows) for index in range(len(rows[0]))]
    return [
        "  ".join(
            text + " " * (width - _cells(text)) for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def refuse_a_real_house() -> None:
    """Sample records among real ones, and sample sign-ins for real people, could never be taken out again."""
    from django.conf import settings

    from tenshu.config.command_line import CommandError
    from tenshu.config.sample_logins import FILE_NAME
    from tenshu.ground.access.models import User

    if not (settings.TENSHU_HOME / FILE_NAME).exists() and User.objects.filter(is_machine=False).exists():
        raise CommandError(
            f"この置き場所（{settings.TENSHU_HOME}）は、もう使われています。見本は、TENSHU_HOME に空の置き場所を入れて始めてください。"
        )


def run(options: argparse.Namespace) -> int:
    """Load, report, tell how to sign in, serve."""
    prepare()
    from django.conf import settings

    from tenshu.annual.files import write_report
    from tenshu.config.command_line import CommandError
    from tenshu.config.commands.serve import collect_static, serve
    from tenshu.config.sample_logins import make_sample_logins
    from tenshu.ground.access.actions import system_user
    from tenshu.ground.audit.origin import acting_from
    from tenshu.ground.audit.sealing import seal_pending
    from tenshu.ground.calendar.fiscal_year import FiscalYear
    from tenshu.ground.exchange.year_folder import YearFolderError, load_year_folder

    refuse_a_real_house()
    if not options.folder.is_dir():
        raise CommandError(
            f"見本のフォルダ「{options.folder}」がありません。天守のフォルダで実行してください。"
        )
    with acting_from("command"):
        actor = system_user()
        try:
            with step("見本の一年を読み込んでいます"):
                load_year_folder(options.folder, acting_user=actor, progress=ProgressLine())
        except YearFolderError as error:
            raise CommandError("\n".join(["見本に誤りがあります。", *error.lines])) from error
        with step("見本の利用者を作っています"):
            logins = make_sample_logins(settings.TENSHU_HOME, acting_user=actor)
        with step("年次報告を作っています"):
            paths = write_report(
                FiscalYear.parse(YEAR), settings.TENSHU_HOME / "report", ["html", "docx", "pdf", "json"]
            )
        seal_pending()
    collect_static()
    tell("")
    tell("見本の利用者")
    for line in login_lines(logins):
        tell(f"  {line}")
    tell("年次報告")
    for path in paths:
        tell(f"  {path}")
    tell(f"画面：http://{options.host}:{options.port}/")
    if options.no_serve:
        return 0
    return serve(options.host, options.port, workers=2, with_worker=True)
