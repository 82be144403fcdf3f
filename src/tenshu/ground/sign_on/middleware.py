"""Watches over sessions: idle and absolute time-out, last use, and the second factor that some roles must have."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenshu.ground.access.models import User
from tenshu.ground.sign_on.actions.sessions import forget_session, touch_session
from tenshu.ground.sign_on.entrance import MARK, mark_of
from tenshu.ground.sign_on.queries import must_have_second_factor

TOUCH_EVERY = 60
#: What a person without the second factor that the role asks for may still open.
WITHOUT_FACTOR = {
    "sign_on:account",
    "sign_on:totp-add",
    "sign_on:passkey-add",
    "sign_on:confirm",
    "access:logout",
    "access:password-change",
}
ENDED_IDLE = "しばらく操作がなかったため、サインアウトしました。もう一度サインインしてください。"
ENDED_LONG = "サインインから時間がたったため、サインアウトしました。もう一度サインインしてください。"


class SessionWatchMiddleware:
    """Ends sessions that are over; notes the last use at most once a minute, and asks nothing else of the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._watch(request)
        return self.get_response(request)

    def _watch(self, request: HttpRequest) -> None:
        mark = mark_of(request)
        if not mark:
            return
        now = int(time.time())
        if now - mark["started"] > settings.SESSION_COOKIE_AGE:
            self._end(request, mark, ENDED_LONG)
        elif now - mark["seen"] > settings.SESSION_IDLE_SECONDS:
            self._end(request, mark, ENDED_IDLE)
        elif now - mark["seen"] >= TOUCH_EVERY:
            if touch_session(mark["id"], request.session.session_key or ""):
                request.session[MARK] = {**mark, "seen": now}
            else:
                logout(request)

    def _end(self, request: HttpRequest, mark: dict[str, Any], why: str) -> None:
        forget_session(mark["id"])
        # What was just sent may be kept for this person (``access.keeping``).
        request.was_signed_in = request.user.pk  # type: ignore[attr-defined]
        logout(request)
        messages.info(request, why)


class SecondFactorMiddleware:
    """Who must have a second factor sets it up before anything else. Stands behind the permission table."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not settings.MFA_REQUIRED_ROLES or request.resolver_match is None:
            return None
        user = request.user
        if not isinstance(user, User) or request.resolver_match.view_name in WITHOUT_FACTOR:
            return None
        if mark_of(request).get("factor") or not must_have_second_factor(user):
            return None
        return redirect("sign_on:account")
