"""How a room offers its operations: each with the page whose permission it keeps, its scope, and its shape."""

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import File, Query, Router, UploadedFile
from pydantic import BaseModel

from tenshu.ground.api.conditions import etag_of, is_known
from tenshu.ground.api.guard import Token
from tenshu.ground.api.paging import Page, links_of
from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.api.values import Out
from tenshu.ground.audit.origin import acting_from

if TYPE_CHECKING:
    from tenshu.ground.access.models import User
    from tenshu.ground.api.models import ApiToken

__all__ = ["ApiRequest", "File", "Query", "Routes", "UploadedFile"]

JSON = "application/json; charset=utf-8"


class ApiRequest(HttpRequest):
    """A request whose token was found good."""

    person: "User"
    token: "ApiToken"
    address: str
    condition_kept: bool
    """Whether the operation has looked at ``If-Match``."""


class FieldProblem(Out):
    """What is wrong with one field."""

    name: str
    message: str


class Problem(Out):
    """Why there is no answer: ``code`` for programs, ``message`` for people."""

    code: str
    message: str
    fields: list[FieldProblem]


READ_PROBLEMS = frozenset({401, 403, 404, 422, 429, 500})
WRITE_PROBLEMS = READ_PROBLEMS | {400, 409, 412, 413, 415}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "読んだときの ETag。変わっていれば 412。ETag を確かめない操作に付けたときも、何もせずに 412",
}


class Routes:
    """A room's operations. ``noun`` is the word of the tokens' scope, ``title`` the heading in the reference."""

    def __init__(self, noun: str, title: str) -> None:
        self.noun = noun
        self.title = title
        self.router = Router(tags=[title])
        self.guards: list[tuple[str, str, Token]] = []

    @property
    def scoped(self) -> bool:
        """Whether anything here needs a scope."""
        return any(guard.scope for _, _, guard in self.guards)

    @property
    def writes(self) -> bool:
        """Whether anything here can be written."""
        return any(guard.writing for _, _, guard in self.guards)

    def get(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Read. ``personal=True``: no cache may keep the answer; ``gives=bytes``: a file."""
        return self._operation("GET", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Enter something (``status=201``) or do something with it."""
        return self._operation("POST", path, **options)

    def put(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Replace."""
        return self._operation("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Change what is named, leave the rest."""
        return self._operation("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Remove; answers 204."""
        return self._operation("DELETE", path, **options)

    def _operation(
        self,
        method: str,
        path: str,
        *,
        page: str,
        gives: Any,
        summary: str,
        status: int = 200,
        personal: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        writing = method != "GET"

        def enter(view: Callable[..., Any]) -> Callable[..., Any]:
            guard = Token(page, self.noun, writing=writing, accepts=_content_of(view), names=_names_of(view))
            self.guards.append((method, path, guard))
            answers: dict[Any, Any] = {204 if gives is None else status: None if gives is bytes else gives}
            extra: dict[str, Any] = {"x-page": page, "x-scope": guard.scope}
            if writing:
                answers[WRITE_PROBLEMS] = Problem
                extra["parameters"] = [IF_MATCH]
            else:
                answers |= {304: None, READ_PROBLEMS: Problem}
            if gives is bytes:
                schema = {"type": "string", "format": "binary"}
                extra["responses"] = {200: {"content": {"*/*": {"schema": schema}}}}
            self.router.add_api_operation(
                path,
                [method],
                _writing(view, status) if writing else _reading(view, personal=personal),
                auth=guard,
                response=answers,
                operation_id=f"{self.noun}.{view.__name__}",
                summary=summary,
                url_name=view.__name__,
                openapi_extra=extra,
            )
            return view

        return enter


def _content_of(view: Callable[..., Any]) -> str:
    """The media type that the view's body must have; empty without one."""
    parameters = inspect.signature(view).parameters.values()
    if any(parameter.name == "file" for parameter in parameters):
        return "multipart/form-data"
    return "application/json" if any(parameter.name == "body" for parameter in parameters) else ""


def _names_of(view: Callable[..., Any]) -> frozenset[str]:
    """The names that the view's query knows."""
    names: set[str] = set()
    for parameter in inspect.signature(view, eval_str=True).parameters.values():
        if parameter.name == "query":
            names |= set(parameter.annotation.__origin__.model_fields)
    return frozenset(names)


def _reading(view: Callable[..., Any], *, personal: bool) -> Callable[..., HttpResponseBase]:
    @functools.wraps(view)
    def answer(request: ApiRequest, **values: Any) -> HttpResponseBase:
        result = view(request, **values)
        if isinstance(result, HttpResponseBase):
            return result
        response = _told(result)
        response["Cache-Control"] = "private, no-store" if personal else "private, no-cache"
        if is_known(request, response["ETag"]):
            kept = HttpResponse(status=304)
            for name in ("ETag", "Cache-Control"):
                kept[name] = response[name]
            del kept["Content-Type"]
            return kept
        return response

    return answer


def _writing(view: Callable[..., Any], status: int) -> Callable[..., HttpResponseBase]:
    """One transaction, recorded as coming from this token.

    A condition that the operation does not look at is not met: what is done in spite of it is taken back.
    """

    @functools.wraps(view)
    def answer(request: ApiRequest, **values: Any) -> HttpResponseBase:
        with acting_from(f"api:{request.token.pk}", request.address), transaction.atomic():
            result = view(request, **values)
            if _has_condition(request) and not getattr(request, "condition_kept", False):
                raise ApiProblem("changed", "この操作では、If-Match を使えません。")
        response = HttpResponse(status=204) if result is None else _told(result, status)
        response["Cache-Control"] = "private, no-store"
        return response

    return answer


def _has_condition(request: ApiRequest) -> bool:
    return request.headers.get("If-Match", "*").strip() not in ("", "*")


def _told(result: BaseModel, status: int = 200) -> HttpResponse:
    content = result.model_dump_json().encode()
    response = HttpResponse(content, status=status, content_type=JSON)
    response["ETag"] = etag_of(content)
    if isinstance(result, Page) and (links := links_of(result)):
        response["Link"] = links
    return response
