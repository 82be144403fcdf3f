"""What somebody sends after the session has ended is kept until the same person has signed in again, and is lost in no case.

The fields wait in the session of the sign-in, on the server, for at most an hour, and only for the person who worked in this
browser last; afterwards the page comes back with them, unsaved. They wait locked (``access.typed_lock``): the key is in the
browser alone. Without proof of the person they are shown at once, to be copied, and kept nowhere. Passwords and other secrets
are never kept.
"""

import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes

from tenshu.ground.access.models import User
from tenshu.ground.access.typed_lock import COOKIE_DAYS, browser_key, give_key, lock, new_key, unlock
from tenshu.ground.ui.refilling import TOKEN, refill, texts_of

COOKIE = "tenshu_person"
KEPT_FOR = 3600
LARGEST, MOST_FIELDS = 1_000_000, 5_000
DROP = "kept"
"""``?kept=no`` shows the page as it is saved and drops what was kept."""
KEY_GONE = "サインインの前に送った内容を戻せませんでした。保存もしていません。もう一度入力してください。"
_KEY = "access.kept"
_DOORS = frozenset({"access", "sign_on"})
"""Rooms whose forms ask for secrets: nothing that is sent to them is kept."""
_SECRET = re.compile(r"password|passwd|secret|token|credential", re.IGNORECASE)
_LEAVES = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Kept:
    """What was sent: by whom, where to, from which page."""

    person: int
    action: str
    page: str
    typed: dict[str, list[str]]
    had_files: bool
    at: float

    @property
    def is_fresh(self) -> bool:
        """Whether it may still be shown."""
        return 0 <= time.time() - self.at <= KEPT_FOR


def remember_person(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Note in the browser who works in it, so that what is sent after the session's end finds the same person again.

    The key comes with it: two tabs that are sent at once after the session's end then lock with the same one.
    """
    give_key(response, browser_key(request) or new_key())
    response.set_signed_cookie(
        COOKIE,
        str(user.pk),
        salt=COOKIE,
        max_age=COOKIE_DAYS * 24 * 3600,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def typed_in(request: HttpRequest) -> dict[str, list[str]]:
    """The fields of a form that may be shown again; empty for the rooms of the sign-in."""
    match = request.resolver_match
    if request.method != "POST" or match is None or _DOORS & set(match.namespaces):
        return {}
    return {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if name != TOKEN and not _SECRET.search(name)
    }


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The answer to a visitor: the sign-in page; what was sent is kept, or shown when nothing proves whose it is."""
    typed = typed_in(request)
    if not texts_of(typed):
        return redirect_to_login(request.get_full_path())
    page = _page_of(request)
    if key := _keep(request, was_here(request), typed):
        messages.warning(
            request, "送った内容はまだ保存していません。サインインすると、入力したところから続けられます。"
        )
        return _with_key(redirect_to_login(page), key)
    context = {
        "title": "サインインが切れました",
        "texts": texts_of(typed),
        "lines": ["送った内容は保存していません。次の内容を写してから、サインインしてください。"],
        "label": "サインインする",
        "url": redirect_to_login(page).url,
    }
    return render(request, "ui/errors/typed.html", context, status=401)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was made before a later sign-in: it comes back with what was typed, to be sent again by hand.

    Only for what one of our own pages has sent: its origin was checked before the token, and a browser always tells it.
    """
    if request.headers.get("HX-Request"):
        context = {
            "title": "画面が古くなりました",
            "lines": (
                "まだ保存していません。入力した内容はこの画面に残っています。「保存する」を押してください。",
            ),
            "tone": "warning",
        }
        return render(request, "ui/errors/fragment.html", context, status=403)
    ours = "Origin" in request.headers and not reason.startswith(("Origin", "Referer"))
    match, page = request.resolver_match, _page_of(request)
    if ours and match is not None:
        if isinstance(request.user, User):
            if match.view_name == "access:login":
                return redirect("home:tasks")
            typed = typed_in(request)
            if texts_of(typed) and (key := _keep(request, request.user.pk, typed)):
                return _with_key(redirect(page), key)
        elif match.view_name == "access:login":
            messages.info(request, "画面が古くなっていました。もう一度サインインしてください。")
            return redirect(request.get_full_path())
        else:
            return to_sign_in(request)
    context = {
        "title": "送った内容を受け取れませんでした",
        "texts": texts_of(typed_in(request)) if ours else [],
        "lines": ["画面が古いか、クッキーが使えないためです。画面を開き直して、もう一度送ってください。"],
        "label": "画面を開き直す",
        "url": page,
    }
    return render(request, "ui/errors/typed.html", context, status=403)


def was_here(request: HttpRequest) -> int | None:
    """Who worked here before: the session's own word (``SessionWatchMiddleware``), else the browser's signed note."""
    told: int | None = getattr(request, "was_signed_in", None)
    if told is not None:
        return told
    try:
        noted = request.get_signed_cookie(COOKIE, "", salt=COOKIE, max_age=COOKIE_DAYS * 24 * 3600)
        return int(noted) if noted else None
    except BadSignature:
        return None


def _page_of(request: HttpRequest) -> str:
    """The page on which the form stood: most forms are sent to their own page."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.path and came_from.netloc == request.get_host():
        path = escape_leading_slashes(came_from.path)
        return f"{path}?{came_from.query}" if came_from.query else path
    return request.get_full_path()


def _keep(request: HttpRequest, person: int | None, typed: dict[str, list[str]]) -> bytes | None:
    """Lock it away for ``person``; gives the key for the browser, ``None`` when nothing may be kept."""
    size = sum(len(name) + len(value) for name, values in typed.items() for value in values)
    if person is None or size > LARGEST or len(typed) > MOST_FIELDS:
        return None
    kept = Kept(person, request.path, _page_of(request), typed, bool(request.FILES), time.time())
    key = browser_key(request) or new_key()
    request.session[_KEY] = {"person": person, "locked": lock(key, person, asdict(kept))}
    return key


def _with_key[R: HttpResponse](response: R, key: bytes) -> R:
    give_key(response, key)
    return response


def _unlocked(request: HttpRequest, raw: dict[str, Any]) -> Kept | None:
    key, locked = browser_key(request), raw.get("locked")
    told = unlock(key, raw["person"], locked) if key and isinstance(locked, str) else None
    return Kept(**told) if told else None


class KeptFormMiddleware:
    """Gives a kept form back on its page. Stands last: everything that may refuse the page has spoken before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
            return None
        if (raw := request.session.get(_KEY)) is None:
            return None
        if raw["person"] != request.user.pk:
            del request.session[_KEY]
            return None
        kept = _unlocked(request, raw)
        if kept is None:
            del request.session[_KEY]
            messages.warning(request, KEY_GONE)
            return None
        is_sent = request.method == "POST" and request.path == kept.action
        if is_sent or not kept.is_fresh or request.GET.get(DROP) == "no":
            del request.session[_KEY]
        elif _asks_for(request, kept.page):
            return _with_kept(request, kept, lambda: view(request, *args, **kwargs))
        return None


def _asks_for(request: HttpRequest, page: str) -> bool:
    whole = request.method == "GET" and not request.headers.get("HX-Request")
    return whole and request.get_full_path() == page


def _with_kept(request: HttpRequest, kept: Kept, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The page with its form filled; where the form is no more, a page that shows what was typed."""
    try:
        response = answer()
    except (Http404, PermissionDenied) as refused:
        return _lost(request, kept, str(refused) if isinstance(refused, PermissionDenied) else "", None)
    if isinstance(response, HttpResponse) and response.status_code == 200:
        filled = refill(response.content.decode(), page=kept.page, action=kept.action, typed=kept.typed)
        if filled is not None:
            notice = render_to_string(
                "ui/frame/kept.html", {"kept": kept, "filled": filled, "drop": _dropping(kept.page)}
            )
            response.content = filled.telling(notice)
            return response
    leaves = response.headers.get("Location") if response.status_code in _LEAVES else None
    return _lost(request, kept, "", leaves)


def _lost(request: HttpRequest, kept: Kept, why: str, leads_to: str | None) -> HttpResponse:
    context = {
        "title": "入力した内容を戻せませんでした",
        "texts": texts_of(kept.typed),
        "lines": [
            why or "サインインが切れている間に、入力していた画面が変わりました。",
            "送った内容は保存していません。要るものは、次の内容から写してください。",
        ],
        "label": "写したので先へ進む",
        "url": _dropping(leads_to or ("/" if why or leads_to is None else kept.page)),
    }
    return render(request, "ui/errors/typed.html", context)


def _dropping(page: str) -> str:
    return f"{page}{'&' if '?' in page else '?'}{DROP}=no"
