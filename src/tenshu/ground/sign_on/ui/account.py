"""One's own account (アカウントの安全): factors, devices, and what was signed in."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tenshu.ground.access.gates import signed_in
from tenshu.ground.sign_on.devices import device_text
from tenshu.ground.sign_on.entrance import mark_of
from tenshu.ground.sign_on.models import OpenSession, SignInEntry
from tenshu.ground.sign_on.queries import (
    entries,
    factors_of,
    must_have_second_factor,
    open_sessions_of,
    providers,
)
from tenshu.ground.ui.columns import key_html
from tenshu.ground.ui.dates import moment_html
from tenshu.ground.ui.tables import Column, Table


def way_text(row: OpenSession | SignInEntry) -> str:
    """How somebody signed in, with the second proof: パスワードと認証アプリ."""
    provider = getattr(row, "provider", "")
    known = providers().get(provider)
    way = known.name if known else row.get_way_display()
    return f"{way}と{row.get_factor_display()}" if row.factor and row.factor != row.way else way


def _moment(value: Any) -> Any:
    """A session is never older than a day: its year goes without saying."""
    return moment_html(value, "no_year")


DEVICE = Column(name="device", label="端末", value=lambda row: device_text(row.user_agent), show=key_html)
ADDRESS = Column(name="address", label="アドレス", show=key_html)


class SessionTable(Table[OpenSession]):
    """The browsers in which a person is signed in."""

    caption = "サインインしている端末"
    counter = "台"
    page_size = 100
    empty_title = "サインインしている端末はありません"


def session_table(request: HttpRequest, here: int | None) -> SessionTable:
    """The person's own sessions; each but this one can be ended."""

    class OwnSessionTable(SessionTable):
        columns: ClassVar[Sequence[Column]] = (
            Column(name="device", label="端末", heading=True, value=DEVICE.value, show=key_html, wrap=False),
            Column(name="seen_at", label="最後に使った日時", show=_moment),
            Column(name="started_at", label="サインイン", show=_moment, under=way_text, under_label="方法"),
            ADDRESS,
            Column(
                name="end",
                label="操作",
                wrap=False,
                value=lambda row: "この端末" if row.pk == here else "サインアウトする",
                link=lambda row: None if row.pk == here else reverse("sign_on:session-end", args=[row.pk]),
            ),
        )

    return OwnSessionTable(request, open_sessions_of(signed_in(request)), id="sessions")


class OwnLogTable(Table[SignInEntry]):
    """What was tried with one's own account."""

    caption = "自分のサインインの記録"
    counter = "件"
    default_sort = "-at"
    empty_title = "記録はまだありません"
    columns = (
        Column(name="at", label="日時", sort=True, heading=True, show=moment_html),
        Column(name="outcome", label="結果", value=lambda row: row.get_outcome_display()),
        Column(name="way", label="方法", value=way_text),
        DEVICE,
        ADDRESS,
    )


@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """The state of one's own account, and what to do next."""
    user = signed_in(request)
    factors = factors_of(user)
    mark = mark_of(request)
    context = {
        "factors": factors,
        "required": not factors and must_have_second_factor(user),
        "sessions": session_table(request, mark.get("id")),
        "others": open_sessions_of(user).exclude(pk=mark.get("id", 0)).exists(),
        "last": list(entries().filter(user=user)[:5]),
        "may_change_password": user.has_usable_password(),
    }
    return render(request, "sign_on/account.html", context)


@never_cache
def own_log(request: HttpRequest) -> HttpResponse:
    """All tries with one's own account."""
    rows = entries().filter(user=signed_in(request))
    return OwnLogTable(request, rows).respond("sign_on/own_log.html")
