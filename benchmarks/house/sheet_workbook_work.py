"""One step with a large sheet's workbook in the home of the environment. ``sheet_workbook_work.py STEP ROWS``"""

import datetime
import io
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

import openpyxl  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from tenshu.ground.access.actions import do_create_account, do_grant_role, system_user  # noqa: E402
from tenshu.ground.access.models import User  # noqa: E402
from tenshu.ground.access.roles import Role  # noqa: E402
from tenshu.ground.calendar.actions import do_open_year  # noqa: E402
from tenshu.ground.calendar.fiscal_year import FiscalYear  # noqa: E402
from tenshu.ground.office.models import Unit  # noqa: E402
from tenshu.mechanisms.inquiry.actions.campaigns import do_add_campaign, do_open_campaign  # noqa: E402
from tenshu.mechanisms.inquiry.actions.workbooks import do_check_workbook, do_take_workbook  # noqa: E402
from tenshu.mechanisms.inquiry.models import AnswerRow, Campaign, Sheet, SheetUpload  # noqa: E402
from tenshu.mechanisms.inquiry.workbook_out import sheet_workbook  # noqa: E402
from tenshu.mechanisms.questionnaire import actions as questionnaires  # noqa: E402
from tenshu.mechanisms.questionnaire.models import QuestionKind, Questionnaire  # noqa: E402

START = datetime.date(2018, 4, 1)
KINDS = [{"value": str(n), "label": f"見本の区分{n}"} for n in range(5)]
COLUMNS: list[dict[str, Any]] = [
    {"name": "name", "header": "機器名", "kind": "text", "required": True},
    {"name": "place", "header": "設置場所", "kind": "text"},
    {"name": "count", "header": "台数", "kind": "integer", "unit": "台"},
    {"name": "price", "header": "金額", "kind": "yen"},
    {"name": "bought", "header": "取得日", "kind": "date"},
    {"name": "kind", "header": "区分", "kind": "single", "options": KINDS},
    {"name": "used", "header": "使用中", "kind": "yes_no"},
    {"name": "note", "header": "備考", "kind": "long_text"},
]
EVERY = 10
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
"""Names of static files as they are: the page is made without collecting them first."""


def row(n: int) -> dict[str, Any]:
    """One sample row."""
    day = (START + datetime.timedelta(days=n % 2_000)).isoformat()
    values = [
        f"見本の機器{n:05}",
        f"見本庁舎{n % 9}階",
        n % 7,
        1_000 * n,
        day,
        str(n % 5),
        n % 2 == 0,
        f"備考{n}\n二行目",
    ]
    return dict(zip((column["name"] for column in COLUMNS), values, strict=True))


def make(rows: int) -> str:
    """An open sheet whose table is empty, and its workbook with all rows filled in."""
    machine = system_user()
    do_open_year(FiscalYear(2026), acting_user=machine)
    top = Unit.objects.create(code="01", kind="department", name="見本部", valid_from=START)
    unit = Unit.objects.create(code="0101", kind="division", name="見本課", parent=top, valid_from=START)
    held = questionnaires.do_add_questionnaire(
        Questionnaire(code="LARGE", title="見本の機器調べ", subject_kind="unit"), acting_user=machine
    )
    version = questionnaires.do_add_version(held, 2026, acting_user=machine)
    table = {
        "code": "Q1",
        "text": "機器を挙げてください。",
        "kind": QuestionKind.TABLE,
        "settings": {"columns": COLUMNS},
    }
    questionnaires.do_add_question(version, table, acting_user=machine)
    version = questionnaires.do_publish_version(version, acting_user=machine)
    campaign = Campaign(
        title="見本の機器調べ", fiscal_year=2026, content="questionnaire", version=version, subject_kind="unit",
        selection="対象.種別＝所属", host=unit, due_on=datetime.date(2099, 3, 31),
    )  # fmt: skip
    do_open_campaign(do_add_campaign(campaign, acting_user=machine), acting_user=machine)
    secretary()  # here, as hashing a password takes memory that would hide that of the steps
    path().write_bytes(sheet_workbook(Sheet.objects.get()))
    book = openpyxl.load_workbook(path())
    page = book["Q1の表"]
    for n in range(rows):
        values = row(n) | {"kind": KINDS[n % 5]["label"], "used": "はい" if n % 2 == 0 else "いいえ"}
        for index, column in enumerate(COLUMNS, start=1):
            page.cell(4 + n, index, values[column["name"]])
    book.save(path())
    return ""


def out(rows: int) -> str:
    """The workbook of all rows; outside the clock every tenth row is changed for the steps that follow."""
    content = measured(lambda: sheet_workbook(Sheet.objects.get()))
    path().write_bytes(content)
    book = openpyxl.load_workbook(path())
    for n in range(0, rows, EVERY):
        book["Q1の表"].cell(4 + n, 3, 999)
    book.save(path())
    return f"{len(content) / 1e6:.1f} MB file"


def look_through(kind: str, expected: int) -> str:
    """Read, check, merge, keep the preview."""
    content, user = path().read_bytes(), secretary()
    upload = measured(
        lambda: do_check_workbook(
            Sheet.objects.get(), SimpleUploadedFile("回答.xlsx", content), acting_user=user
        )
    )
    told = {name: count for name, count in upload.counts.items() if name != "same" and count}
    if told != {kind: expected}:
        raise SystemExit(f"{told} instead of {expected} {kind}")
    return f"{len(content) / 1e6:.1f} MB file, {expected:,} lines"


def page(_: int) -> str:
    """The preview page."""
    upload = SheetUpload.objects.latest("pk")
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}
    client = Client()
    client.force_login(secretary())
    url = reverse("inquiry:sheet-workbook-check", args=[upload.sheet_id, upload.pk])
    client.get(url)
    response = measured(lambda: client.get(url))
    if response.status_code != 200:
        raise SystemExit(f"{url}: {response.status_code} {response.get('Location', '')}")
    return f"{len(response.content) / 1e3:.0f} KB"


def save(rows: int) -> str:
    """Taken as a whole, with the record of every row."""
    user = secretary()
    measured(lambda: do_take_workbook(SheetUpload.objects.latest("pk"), acting_user=user))
    if AnswerRow.objects.count() != rows:
        raise SystemExit(f"{AnswerRow.objects.count():,} rows instead of {rows:,}")
    return f"{rows:,} rows stand"


def openpyxl_reads(_: int) -> str:
    """The peer reads every cell of the same file."""

    def read() -> int:
        book = openpyxl.load_workbook(path(), read_only=True)
        return sum(1 for page in book.worksheets for line in page.iter_rows(values_only=True) for _ in line)

    return f"{measured(read):,} cells"


def openpyxl_writes(rows: int) -> str:
    """The peer writes the same values to a plain workbook."""

    def write() -> int:
        book = openpyxl.Workbook(write_only=True)
        page = book.create_sheet("表")
        for n in range(rows):
            page.append(list(row(n).values()))
        held = io.BytesIO()
        book.save(held)
        return len(held.getvalue())

    return f"{measured(write) / 1e6:.1f} MB file"


SPENT: dict[str, float] = {}


def measured[R](work: Callable[[], R]) -> R:
    """What ``work`` gives; its seconds and its peak of memory beyond what stood before are noted."""
    before, clock = _peak(), time.perf_counter()
    found = work()
    SPENT["seconds"] = time.perf_counter() - clock
    SPENT["megabytes"] = _peak() - before
    return found


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def path() -> Path:
    """The workbook on its way between the steps."""
    return Path(os.environ["TENSHU_HOME"]) / "sheet.xlsx"


def secretary() -> User:
    """Somebody who may answer every sheet."""
    if found := User.objects.filter(login_name="secretary").first():
        return found
    user = do_create_account("secretary", "見本 太郎", "mihon-no-aikotoba-1", acting_user=system_user())
    do_grant_role(
        user, Role.SECRETARIAT, valid_from=START, valid_until=None, reason="見本", acting_user=system_user()
    )
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    return User.objects.get(pk=user.pk)


STEPS: dict[str, Callable[[int], str]] = {
    "make": make,
    "look through new": lambda rows: look_through("new", rows),
    "page": page,
    "save new": save,
    "out": out,
    "look through changed": lambda rows: look_through("change", -(-rows // EVERY)),
    "save changed": save,
    "openpyxl reads": openpyxl_reads,
    "openpyxl writes": openpyxl_writes,
}

if __name__ == "__main__":
    told = STEPS[sys.argv[1]](int(sys.argv[2]))
    print(json.dumps({"seconds": 0.0, "megabytes": 0.0, "told": told, **SPENT}))
