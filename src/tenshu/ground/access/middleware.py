"""Holds every request against the permission table before any view runs."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from tenshu.ground.access.keeping import to_sign_in
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import roles_of
from tenshu.ground.access.table import permission_table

WITHOUT_NEW_PASSWORD = {"access:password-change", "access:logout"}


def came_by_password(request: HttpRequest) -> bool:
    """Whether the person signed in with a local password: nobody else is asked for a new one."""
    mark: dict[str, str] = request.session.get("sign_on") or {}
    return mark.get("way", "password") == "password"


def signed_out(request: HttpRequest) -> HttpResponse:
    """What a part of a page becomes when the person is signed out by now: what was typed beside it stays."""
    typed = (
        "まだ保存していません。入力した内容はこの画面に残っています。",
        "「保存する」を押してサインインすると、入力したところから続けられます。",
    )
    context = {
        "title": "サインインが切れました",
        "lines": typed if request.method == "POST" else ("画面を開き直して、サインインしてください。",),
        "tone": "warning",
    }
    return render(request, "ui/errors/fragment.html", context, status=401)


class PermissionTableMiddleware:
    """Unknown URL 404, visitor to the sign-in page, stranger 404, reader 403; the gates judge the object."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match_ = request.resolver_match
        rule = permission_table().get(match_.view_name) if match_ else None
        if rule is None:
            raise Http404
        if rule.public:
            return None
        user = request.user
        if not isinstance(user, User):
            if request.headers.get("HX-Request"):
                return signed_out(request)
            return to_sign_in(request)
        if user.must_change_password and rule.url not in WITHOUT_NEW_PASSWORD and came_by_password(request):
            return redirect("access:password-change")
        match rule.answer(roles_of(user)):
            case 403:
                raise PermissionDenied
            case 404:
                raise Http404
        return None
