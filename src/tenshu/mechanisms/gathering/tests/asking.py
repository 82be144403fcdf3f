"""Ways to ask pages as somebody, and to bring tables out and in, for the tests of rooms with sessions."""

import datetime
import io
from collections.abc import Mapping
from typing import Any

import openpyxl
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.exchange import TableSpec
from tenshu.ground.exchange.actions import apply_plan
from tenshu.ground.exchange.outgoing import export_spec
from tenshu.ground.exchange.plan import Plan
from tenshu.ground.exchange.planning import make_plan
from tenshu.ground.exchange.reading import read_book
from tenshu.ground.office.models import Unit
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind, GatheringState

DAY = datetime.date(2023, 8, 24)
SENT = {"csrfmiddlewaretoken": "-"}
"""Every form of a page sends this along, so that no form is ever empty."""


def client_of(user: User) -> Client:
    """A browser in which ``user`` has signed in."""
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, url: str, **query: str) -> str:
    """The page, which has to open."""
    response = client.get(url, query)
    assert response.status_code == 200, f"{url}: {response.status_code}"
    return response.content.decode()


def send(client: Client, url: str, **values: Any) -> None:
    """A form that has to be taken."""
    response = client.post(url, SENT | values)
    assert response.status_code == 302, response.content.decode()


def refused(client: Client, url: str, **values: Any) -> str:
    """A form that has to come back with what is to be mended."""
    response = client.post(url, SENT | values)
    assert response.status_code == 422, response.status_code
    return response.content.decode()


def verbs() -> list[str]:
    """What the record says was done, oldest first."""
    return list(AuditRow.objects.order_by("pk").values_list("verb", flat=True))


def last_record() -> AuditRow:
    """The newest row of the record."""
    return AuditRow.objects.latest("pk")


def queries_of(client: Client, url: str) -> int:
    """How many queries a page costs, once everything that is kept is warm."""
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        text_of(client, url)
    return len(asked)


def session(host: Unit, title: str = "定例会", day: datetime.date = DAY, **values: Any) -> Gathering:
    """A session, not saved."""
    whole = {"kind": GatheringKind.MEETING, "state": GatheringState.PLANNED, **values}
    return Gathering(title=title, host=host, held_on=day, **whole)


def planned(spec: TableSpec, content: bytes, user: User) -> Plan:
    """What bringing the file in would do."""
    return make_plan(read_book(content, "見本.xlsx"), spec, user)


def bring_in(spec: TableSpec, content: bytes, user: User) -> Plan:
    """Plan and carry out; an error fails the test."""
    plan = planned(spec, content, user)
    assert plan.errors == []
    apply_plan(plan, {}, acting_user=user)
    return plan


def problems(spec: TableSpec, content: bytes, user: User) -> list[str]:
    """Every error of the file: cell and what is wrong."""
    return [f"{error.where} {error.message}" for error in planned(spec, content, user).errors]


def edited(spec: TableSpec, user: User, cells: Mapping[str, Any]) -> bytes:
    """The table as it goes out, with other values in these cells."""
    book = openpyxl.load_workbook(io.BytesIO(export_spec(spec, user)))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    return _saved(book)


def by_hand(spec: TableSpec, rows: list[dict[str, Any]]) -> bytes:
    """A file made by hand, with the columns of the first row, by column name."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append([spec.column(name).heading for name in rows[0]])
    for row in rows:
        page.append(list(row.values()))
    return _saved(book)


def changes_nothing(spec: TableSpec, user: User) -> bool:
    """Whether the table that goes out comes back without an error or a change."""
    plan = planned(spec, export_spec(spec, user), user)
    assert plan.errors == []
    assert plan.rows
    return plan.changes({}) == []


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
