"""The tables of a page that go out and come back, as one small menu (templates: ``gathering/excel_menu.html``)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from tenshu.ground.exchange import TableSpec
from tenshu.ground.exchange.ui.links import import_session


@dataclass(frozen=True, slots=True)
class ExcelLink:
    """One table: its name, and the page that brings it in and takes it out."""

    label: str
    url: str


def excel_links(request: HttpRequest, specs: Iterable[TableSpec]) -> list[ExcelLink]:
    """The tables that the person may bring in or take out."""
    found = []
    for spec in specs:
        session = import_session(request, spec)
        if url := session.import_url or session.export_url:
            found.append(ExcelLink(spec.title, url))
    return found
