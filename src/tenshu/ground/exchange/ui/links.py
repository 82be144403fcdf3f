"""The links that a room's page shows beside its table."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from tenshu.ground.access.models import User
from tenshu.ground.exchange.queries import Reach, reach_of
from tenshu.ground.exchange.spec import TableSpec


@dataclass(frozen=True, slots=True)
class ImportSession:
    """Where to bring a table in and take it out; empty where the person may not."""

    import_url: str = ""
    export_url: str = ""
    csv_url: str = ""


def import_session(request: HttpRequest, spec: TableSpec) -> ImportSession:
    """The links of ``spec`` for the person of ``request``: 「Excelから取り込む」「Excelに取り出す」."""
    user = request.user
    reach = reach_of(user, spec) if isinstance(user, User) else Reach.NONE
    if reach is Reach.NONE:
        return ImportSession()
    out = table_url(spec, "table-export") if isinstance(user, User) and spec.may_export(user) else ""
    return ImportSession(
        import_url=table_url(spec, "table-import") if reach is Reach.IMPORT else "",
        export_url=out,
        csv_url=f"{out}{'&' if '?' in out else '?'}kind=csv" if out else "",
    )


def table_url(spec: TableSpec, view: str) -> str:
    """The URL of one of the table's pages, with its scope."""
    url = reverse(f"exchange:{view}", args=[spec.name])
    return f"{url}?{urlencode({'scope': spec.scope})}" if spec.scope else url


def way_back(spec: TableSpec) -> tuple[str, str]:
    """Label and URL of the room's page that the table belongs to."""
    if not spec.opens_from:
        return "", ""
    try:
        return spec.title, reverse(spec.opens_from)
    except NoReverseMatch:
        return "", ""
