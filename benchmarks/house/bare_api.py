"""The peer of ``api.py``: a django-ninja endpoint that answers 100 constant rows, and nothing else."""

from django.conf import settings

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="bench", MIDDLEWARE=[])

import django  # noqa: E402 - settings come first

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import NinjaAPI, Schema  # noqa: E402

api = NinjaAPI()


class Owner(Schema):
    """A unit."""

    id: int
    code: str
    name: str


class Row(Schema):
    """A system as the house's list tells it."""

    id: int
    number: str
    name: str
    kana: str
    owner: Owner
    department: str
    started_on: str | None
    ended_on: str | None
    candidate_from: str | None
    candidate_until: str | None


class Page(Schema):
    """A page of the list."""

    count: int
    items: list[Row]


OWNER = {"id": 1, "code": "0101", "name": "人事課"}
SPAN = {
    "started_on": "2018-04-01",
    "ended_on": None,
    "candidate_from": "2023-04-01",
    "candidate_until": None,
}
ROWS = [
    {
        "id": n,
        "number": f"{n:04}",
        "name": f"見本システム{n}",
        "kana": "みほん",
        "owner": OWNER,
        "department": "総務部",
    }
    | SPAN
    for n in range(100)
]


@api.get("/rows", response=Page)
def rows(request: HttpRequest) -> dict[str, object]:
    """All rows."""
    return {"count": 100, "items": ROWS}


urlpatterns = [path("", api.urls)]
application = get_wsgi_application()
