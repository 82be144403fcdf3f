"""Counts and times every request, gives it an id, and writes its line. Outermost, so that it sees what everyone answers."""

import logging
import os
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from tenshu.ground.operations.logs import about_request

log = logging.getLogger("tenshu.requests")
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])

REQUESTS = Counter("tenshu_requests", "Answered requests by route", ["method", "route", "status"])
SECONDS = Histogram("tenshu_request_seconds", "Time to the answer", ["route"], buckets=BUCKETS)


class MeasuringMiddleware:
    """The route is the name of the URL, never the path: a path holds keys, and whatever a stranger types."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4()
        request.request_id = request_id  # type: ignore[attr-defined]
        with about_request(str(request_id)):
            started = time.perf_counter()
            response = self.get_response(request)
            self._note(request, response.status_code, time.perf_counter() - started)
        response["X-Request-ID"] = str(request_id)
        return response

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        match = request.resolver_match
        route = (match.view_name if match else "") or "none"
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(method, route, str(status)).inc()
        SECONDS.labels(route).observe(seconds)
        ms = round(seconds * 1000, 1)
        log.info("request", extra={"method": method, "route": route, "status": status, "ms": ms})


def request_registry() -> CollectorRegistry:
    """The counters of this process; under ``tenshu serve`` those of all its processes together."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        for metric in (REQUESTS, SECONDS):
            registry.register(metric)
        return registry
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
