"""Marks every change of a request with the request's address and one id."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tenshu.ground.audit.origin import acting_from
from tenshu.ground.client_address import client_address


class OriginMiddleware:
    """Opens an origin of the channel ``web`` round each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The id that the process log gives the request (operations.measuring), so that both can be held together.
        request_id = getattr(request, "request_id", None)
        with acting_from("web", client_address(request), request_id):
            return self.get_response(request)
