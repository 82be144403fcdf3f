"""Ways to make, change and bring in files in tests."""

import io
from collections.abc import Mapping
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from tenshu.ground.access.models import User
from tenshu.ground.exchange.actions import apply_plan
from tenshu.ground.exchange.outgoing import export_spec
from tenshu.ground.exchange.plan import Choices, Plan
from tenshu.ground.exchange.planning import make_plan
from tenshu.ground.exchange.reading import read_book
from tenshu.ground.exchange.spec import TableSpec

ANYBODY = User(login_name="anybody", display_name="見本 花子")


def planned(spec: TableSpec, content: bytes, name: str = "見本.xlsx") -> Plan:
    """What bringing the file in would do."""
    return make_plan(read_book(content, name), spec, ANYBODY)


def bring_in(
    spec: TableSpec, content: bytes, name: str = "見本.xlsx", choices: Choices | None = None
) -> Plan:
    """Plan and carry out; an error fails the test."""
    plan = planned(spec, content, name)
    assert plan.errors == []
    apply_plan(plan, choices or {}, acting_user=ANYBODY)
    return plan


def sent_out(spec: TableSpec, kind: str = "xlsx") -> bytes:
    """The table as a file."""
    return export_spec(spec, ANYBODY, kind)  # type: ignore[arg-type]


def edited(content: bytes, cells: Mapping[str, Any], sheet: str | None = None) -> bytes:
    """The workbook with other values in these cells, as a spreadsheet program would save it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book[sheet] if sheet else book.worksheets[0]
    for reference, value in cells.items():
        page[reference] = value
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(rows: list[list[Any]], sheet: str = "見本") -> bytes:
    """A workbook made by hand, without anything hidden."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append(row)
    return saved(book)


def uploaded(content: bytes, name: str = "見本.xlsx") -> SimpleUploadedFile:
    """The file as a browser sends it."""
    return SimpleUploadedFile(name, content)
