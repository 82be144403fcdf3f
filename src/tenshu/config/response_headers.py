"""Headers of every answer, whoever gives it: a page, a door before the pages, a static file."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

#: The house needs no camera, no place, no payment; a passkey is asked for by its own pages alone.
PERMISSIONS = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
)

#: For answers that are no pages: probes, metrics, static files. A page brings its own, with its nonce.
STRICTEST = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"

EVERYWHERE = {
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": STRICTEST,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}

type Answer = Callable[[HttpRequest], HttpResponseBase]


class ResponseHeadersMiddleware:
    """What an answer does not say for itself is said strictly; and no copy is kept of what a signed-in person has seen.

    A shared counter's browser gives a page back from its cache after the sign-out, unless it was told not to keep it.
    """

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._answer(request)
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
