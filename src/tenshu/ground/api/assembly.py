"""The whole API, put together from what the rooms offer: its URLs and its OpenAPI document."""

import functools
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as ShapeError
from ninja.openapi.schema import get_schema

from tenshu.ground.api.door import PREFIX
from tenshu.ground.api.problems import ApiProblem, invalid, problem_of
from tenshu.ground.api.routes import JSON, Routes
from tenshu.ground.rooms import offered

ABOUT = (
    "天守の記録を、画面と同じ権限で読み書きします。トークンは画面の「APIトークン」で作り、"
    "Authorization: Bearer tsh_… として送ります。"
)


@functools.cache
def all_routes() -> list[Routes]:
    """What the rooms offer, in the order of the floors."""
    return list(offered("api", "ROUTES"))


@functools.cache
def the_api() -> NinjaAPI:
    """The API of this process."""
    api = NinjaAPI(
        title="天守 API",
        version="1",
        description=ABOUT,
        docs_url=None,
        openapi_url=None,
        urls_namespace="api-v1",
    )
    for kind in (ShapeError, HttpError, Http404, Exception):
        api.add_exception_handler(kind, _told)
    for routes in all_routes():
        api.add_router("", routes.router)
    return api


def _told(request: HttpRequest, error: Any) -> HttpResponse:
    match error:
        case ShapeError():
            return invalid(error.errors).response()
        case HttpError():
            return _of_status(error).response()
    return problem_of(error).response()


def _of_status(error: HttpError) -> ApiProblem:
    return ApiProblem({400: "malformed", 401: "unauthenticated"}.get(error.status_code, "failed"))


@functools.cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    plain: dict[str, Any] = json.loads(json.dumps(get_schema(the_api(), "api/v1/"), default=str))
    return plain


@functools.cache
def _document_text() -> bytes:
    return json.dumps(document(), ensure_ascii=False).encode()


def openapi(request: HttpRequest) -> HttpResponse:
    """The document, for everybody: it tells shapes, no records."""
    if request.method != "GET":
        raise ApiProblem("method", headers={"Allow": "GET, HEAD"})
    return HttpResponse(_document_text(), content_type=JSON)


@functools.cache
def urlpatterns_of_api() -> list[URLPattern]:
    """The URLs below ``PREFIX``: one a path, with all its methods."""
    found: dict[str, URLPattern] = {}
    for router in the_api()._get_bound_routers():
        for pattern in router.urls_paths(""):
            found.setdefault(str(pattern.pattern), pattern)
    base = PREFIX.removeprefix("/")
    return [
        path(f"{base}openapi.json", openapi, name="openapi"),
        *(path(f"{base}{route}", pattern.callback, name=pattern.name) for route, pattern in found.items()),
    ]
