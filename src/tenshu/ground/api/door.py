"""The door of the API: answers everything below /api/v1/ before sessions, cookies and pages come into play.

A request of the API never meets the session, sets no cookie and is never answered in HTML.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404
from django.urls.resolvers import RegexPattern, URLResolver

PREFIX = "/api/v1/"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Frame-Options": "DENY",
    "Vary": "Authorization",
}
_resolver: URLResolver | None = None


class ApiDoor:
    """Takes the API's requests out of the way of the pages' middleware. Stands below whatever all answers need."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not f"{request.path_info}/".startswith(PREFIX):
            return self.get_response(request)
        only_head = request.method == "HEAD"
        if only_head:
            request.method = "GET"
        response = _answer(request)
        if only_head:
            response = _without_content(response)
        for name, value in _HEADERS.items():
            response.setdefault(name, value)
        response.setdefault("Cache-Control", "private, no-store")
        return response


def resolver() -> URLResolver:
    """The API's own table of URLs, made with the first request or before the server forks."""
    global _resolver
    if _resolver is None:
        from tenshu.ground.api.assembly import urlpatterns_of_api

        _resolver = URLResolver(
            RegexPattern(r"^/"), urlpatterns_of_api(), namespace="api-v1", app_name="api-v1"
        )
    return _resolver


def _answer(request: HttpRequest) -> HttpResponseBase:
    from tenshu.ground.api.problems import ApiProblem, problem_of

    try:
        found = resolver().resolve(request.path_info)
    except Resolver404:
        return ApiProblem("not-found").response()
    request.resolver_match = found
    try:
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    except Exception as error:  # noqa: BLE001 - the last answer is JSON, too; what is unforeseen is logged
        return problem_of(error).response()
    if response.status_code == 405:
        allowed = response["Allow"].replace("GET", "GET, HEAD")
        return ApiProblem("method", headers={"Allow": allowed}).response()
    return response


def _without_content(response: HttpResponseBase) -> HttpResponse:
    """What HEAD is answered: everything that GET is answered but the content, with its length."""
    headers = dict(response.items())
    if not response.streaming:
        headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
    kept = HttpResponse(status=response.status_code, headers=headers)
    if "Content-Type" not in headers:
        del kept["Content-Type"]
    # Not response.close(): that would tell the whole process that the request is over. Open files close with the answer.
    kept._resource_closers.extend(response._resource_closers)  # type: ignore[attr-defined]
    return kept
