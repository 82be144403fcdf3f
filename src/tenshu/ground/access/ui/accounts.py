"""Accounts and granted roles, for the secretariat; the permission table for those who read it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.apps import apps
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from tenshu.ground.access.actions import (
    do_create_account,
    do_end_grant,
    do_grant_role,
    do_issue_passwords,
    do_set_active,
    new_password,
)
from tenshu.ground.access.backends import is_locked
from tenshu.ground.access.gates import access_grant, access_user, signed_in
from tenshu.ground.access.models import RoleGrant, User
from tenshu.ground.access.queries import holds_any, roles_of
from tenshu.ground.access.roles import EDITORS, Role
from tenshu.ground.access.table import Rule, permission_table
from tenshu.ground.access.ui.forms import AccountForm, GrantForm
from tenshu.ground.ui.columns import key_html
from tenshu.ground.ui.dates import day_text
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.parts import Tab
from tenshu.ground.ui.tables import Column, Table

VIEWS = {
    "": ("すべて", Q()),
    "locked": ("ロック中", Q(locked_until__isnull=False)),
    "waiting": ("初回のパスワード待ち", Q(must_change_password=True, is_active=True)),
    "stopped": ("停止中", Q(is_active=False)),
}


def _state(user: User) -> str:
    if not user.is_active:
        return "停止中"
    if is_locked(user):
        return "ロック中"
    return "初回のパスワード待ち" if user.must_change_password else "利用中"


def _holds(grant: RoleGrant) -> bool:
    return grant.valid_until is None or grant.valid_until >= timezone.localdate()


def _span_text(grant: RoleGrant) -> str:
    until = day_text(grant.valid_until, "plain") if grant.valid_until else ""
    return f"{day_text(grant.valid_from, 'plain')}～{until}"


class UserTable(Table[User]):
    """Accounts."""

    caption = "利用者"
    counter = "人"
    search = ("login_name", "display_name", "staff__kana")
    search_label = "利用者名・氏名で絞る"
    default_sort = "login_name"
    columns = (
        Column(
            name="login_name",
            label="利用者名",
            sort=True,
            heading=True,
            show=key_html,
            link=lambda user: reverse("access:user-detail", args=[user.pk]),
            under=lambda user: user.display_name,
            under_label="表示名",
        ),
        Column(name="state", label="状態", value=_state),
        Column(name="last_login", label="最後のサインイン", sort=True),
    )
    empty_title = "当てはまる利用者はいません"
    empty_text = "絞り込みを外すと、すべての利用者が並びます。"


def user_list(request: HttpRequest) -> HttpResponse:
    """All accounts, with saved views."""
    chosen = request.GET.get("view", "")
    chosen = chosen if chosen in VIEWS else ""
    users = User.objects.filter(is_machine=False)
    views = [
        Tab(label, f"?view={key}" if key else request.path, key == chosen, users.filter(condition).count())
        for key, (label, condition) in VIEWS.items()
    ]
    context = {"views": views, "may_write": holds_any(signed_in(request), EDITORS)}
    return UserTable(request, users.filter(VIEWS[chosen][1])).respond("access/user_list.html", context)


def user_detail(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account: its state, roles today, and granted roles."""
    person = signed_in(request)
    account = access_user(person, user_id)
    may_write = holds_any(person, EDITORS)
    context = {
        "account": account,
        "state": _state(account),
        "roles": sorted(roles_of(account), key=list(Role).index),
        "grants": _grant_table(request, account, may_write=may_write),
        "may_write": may_write,
    }
    return render(request, "access/user_detail.html", context)


class GrantTable(Table[RoleGrant]):
    """Roles that were given by hand."""

    caption = "付けた役割"
    counter = "件"
    page_size = 100
    columns: ClassVar[Sequence[Column]] = (
        Column(name="role", label="役割", heading=True, value=lambda grant: grant.get_role_display()),
        Column(name="span", label="期間", value=_span_text),
        Column(name="reason", label="理由"),
    )


class EditableGrantTable(GrantTable):
    """The same with the way to take a role away."""

    columns: ClassVar[Sequence[Column]] = (
        *GrantTable.columns,
        Column(
            name="end",
            label="操作",
            value=lambda grant: "外す" if _holds(grant) else "終わりました",
            show=lambda word: word,
            link=lambda grant: reverse("access:grant-end", args=[grant.pk]) if _holds(grant) else None,
        ),
    )


def _grant_table(request: HttpRequest, account: User, *, may_write: bool) -> GrantTable | None:
    grants = account.grants.order_by("-valid_from", "-pk")
    kind = EditableGrantTable if may_write else GrantTable
    return kind(request, grants, id="grants") if grants.exists() else None


@never_cache
def user_add(request: HttpRequest) -> HttpResponse:
    """Register an account; its first password is shown once."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        password = new_password()
        account = do_create_account(
            values["login_name"].strip(),
            values["display_name"],
            password,
            staff=values["staff"],
            acting_user=signed_in(request),
        )
        return _show_passwords(request, {account.login_name: password}, account)
    context = {"form": form}
    return render(request, "access/user_add.html", context, status=422 if form.errors else 200)


def user_stop(request: HttpRequest, user_id: int) -> HttpResponse:
    """Stop an account or take it up again, with the reason."""
    person = signed_in(request)
    account = access_user(person, user_id, "write")
    form = ConfirmForm(request.POST or None, ask_reason=True)
    stopping = account.is_active
    if request.method == "POST" and form.is_valid():
        if account.pk == person.pk:
            form.add_error(None, "自分の利用者は止められません。ほかの事務局の人に頼んでください。")
        else:
            do_set_active(account, not stopping, acting_user=person, reason=form.cleaned_data["reason"])
            messages.success(request, "利用者を止めました。" if stopping else "利用者を再開しました。")
            return redirect("access:user-detail", user_id=account.pk)
    context = {
        "form": form,
        "title": f"{account.display_name} の利用を{'止める' if stopping else '再開する'}",
        "consequence": "サインインできなくなります。記録は残ります。"
        if stopping
        else "もう一度サインインできるようになります。",
        "action_label": "利用を止める" if stopping else "再開する",
        "danger": stopping,
        "back_url": reverse("access:user-detail", args=[account.pk]),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


@never_cache
def password_issue(request: HttpRequest, user_id: int) -> HttpResponse:
    """Issue a new first password for one account; shown once."""
    account = access_user(signed_in(request), user_id, "write")
    if request.method == "POST":
        return _show_passwords(
            request, do_issue_passwords([account], acting_user=signed_in(request)), account
        )
    context = {
        "form": ConfirmForm(),
        "title": f"{account.display_name} のパスワードを出し直す",
        "consequence": "いまのパスワードは使えなくなり、ロックも外れます。新しいパスワードは次の画面に一度だけ出ます。",
        "action_label": "出し直す",
        "back_url": reverse("access:user-detail", args=[account.pk]),
    }
    return render(request, "ui/confirm.html", context)


def _show_passwords(request: HttpRequest, issued: dict[str, str], account: User) -> HttpResponse:
    context: dict[str, Any] = {"issued": issued, "account": account}
    return render(request, "access/password_issued.html", context)


def grant_add(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a role."""
    account = access_user(signed_in(request), user_id, "write")
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        do_grant_role(
            account,
            Role(values["role"]),
            valid_from=values["valid_from"],
            valid_until=values["valid_until"],
            reason=values["reason"],
            acting_user=signed_in(request),
        )
        messages.success(
            request, f"{account.display_name} に役割「{Role(values['role']).label}」を付けました。"
        )
        return redirect("access:user-detail", user_id=account.pk)
    context = {"form": form, "account": account}
    return render(request, "access/grant_add.html", context, status=422 if form.errors else 200)


def grant_end(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Take a role away."""
    grant = access_grant(signed_in(request), grant_id)
    back = reverse("access:user-detail", args=[grant.user_id])
    if request.method == "POST":
        do_end_grant(grant, acting_user=signed_in(request))
        messages.success(request, f"役割「{grant.get_role_display()}」を外しました。")
        return redirect(back)
    context = {
        "form": ConfirmForm(),
        "title": f"{grant.user.display_name} の役割「{grant.get_role_display()}」を外す",
        "consequence": "今日から、この役割でできたことができなくなります。",
        "action_label": "役割を外す",
        "back_url": back,
    }
    return render(request, "ui/confirm.html", context)


_ANSWERS = {200: "○", 403: "見るだけ", 404: "－"}


def _answer_column(role: Role) -> Column:
    """What the table answers to one role."""
    return Column(name=role.value, label=role.label, value=lambda rule: _ANSWERS[rule.answer([role])])


def _room_of(rule: Rule) -> str:
    room, colon, _ = rule.url.partition(":")
    return str(
        apps.get_app_config(room if colon else "sign_on").verbose_name
    )  # SAML's URLs have no namespace


class RuleTable(Table[Rule]):
    """The permission table itself."""

    caption = "権限表"
    counter = "の画面"
    search = ("url",)
    search_label = "画面の名前で絞る"
    page_size = 100
    columns = (
        Column(name="room", label="部屋", value=lambda rule: _room_of(rule), wrap=False),
        Column(name="url", label="画面", sort=True, heading=True, show=key_html),
        *(_answer_column(role) for role in Role),
    )


def table(request: HttpRequest) -> HttpResponse:
    """Which role opens which page."""
    rules = sorted(permission_table().values(), key=lambda rule: rule.url)
    return RuleTable(request, rules).respond("access/table.html")
