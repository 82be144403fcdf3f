"""Ending sessions: one's own, and all of an account by the secretariat."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tenshu.ground.access.gates import access_user, signed_in
from tenshu.ground.sign_on.actions.factors import do_reset_factors
from tenshu.ground.sign_on.actions.sessions import do_end_sessions
from tenshu.ground.sign_on.devices import device_text
from tenshu.ground.sign_on.entrance import mark_of
from tenshu.ground.sign_on.models import OpenSession
from tenshu.ground.sign_on.queries import own_session
from tenshu.ground.sign_on.ui.confirmation import sure
from tenshu.ground.ui.forms import ConfirmForm


def session_end(request: HttpRequest, open_session_id: int) -> HttpResponse:
    """Sign one of one's own browsers out."""
    user = signed_in(request)
    session = own_session(user, open_session_id)
    if request.method == "POST":
        do_end_sessions([session], acting_user=user)
        messages.success(request, "その端末をサインアウトしました。")
        return redirect("sign_on:account")
    return _ask(
        request,
        title=f"{device_text(session.user_agent)} をサインアウトする",
        consequence="その端末で入力の途中だったものは、保存されていなければ失われます。",
        action_label="サインアウトする",
        back_url=reverse("sign_on:account"),
    )


def session_end_others(request: HttpRequest) -> HttpResponse:
    """Sign all other browsers out."""
    user = signed_in(request)
    if request.method == "POST":
        others = OpenSession.objects.filter(user=user).exclude(pk=mark_of(request).get("id", 0))
        ended = do_end_sessions(others.select_related("user"), acting_user=user)
        messages.success(
            request, f"ほかの{ended}台をサインアウトしました。" if ended else "ほかの端末はありません。"
        )
        return redirect("sign_on:account")
    return _ask(
        request,
        title="ほかの端末をすべてサインアウトする",
        consequence="この端末のほかは、すべてサインアウトします。心当たりのない端末があったときは、パスワードも変えてください。",
        action_label="すべてサインアウトする",
        back_url=reverse("sign_on:account"),
    )


@sure
def user_sessions_end(request: HttpRequest, user_id: int) -> HttpResponse:
    """The secretariat signs an account out everywhere."""
    person = signed_in(request)
    account = access_user(person, user_id, "write")
    form = ConfirmForm(request.POST or None, ask_reason=True)
    if request.method == "POST" and form.is_valid():
        sessions = OpenSession.objects.filter(user=account).select_related("user")
        ended = do_end_sessions(sessions, acting_user=person, reason=form.cleaned_data["reason"])
        messages.success(request, f"{account.display_name} の端末{ended}台をサインアウトしました。")
        return redirect("access:user-detail", user_id=account.pk)
    return _ask(
        request,
        form=form,
        title=f"{account.display_name} をすべての端末でサインアウトする",
        consequence="開いている画面は、次の操作でサインインの画面に変わります。利用は止まりません。",
        action_label="サインアウトする",
        back_url=reverse("access:user-detail", args=[account.pk]),
    )


@sure
def user_factors_reset(request: HttpRequest, user_id: int) -> HttpResponse:
    """The secretariat takes all factors and links away: a lost telephone, a wrong link."""
    person = signed_in(request)
    account = access_user(person, user_id, "write")
    form = ConfirmForm(request.POST or None, ask_reason=True)
    if request.method == "POST" and form.is_valid():
        if account.pk == person.pk:
            form.add_error(
                None, "自分の二要素は、ここでは取り消せません。アカウントの安全の画面で変えてください。"
            )
        else:
            do_reset_factors(account, acting_user=person, reason=form.cleaned_data["reason"])
            messages.success(request, f"{account.display_name} の二要素を取り消しました。")
            return redirect("access:user-detail", user_id=account.pk)
    return _ask(
        request,
        form=form,
        title=f"{account.display_name} の二要素を取り消す",
        consequence="認証アプリ、パスキー、回復コード、認証基盤とのひも付けをすべて消します。",
        details=["本人であることを、電話や窓口で確かめてから行ってください。"],
        action_label="取り消す",
        back_url=reverse("access:user-detail", args=[account.pk]),
    )


def _ask(request: HttpRequest, *, form: ConfirmForm | None = None, **context: object) -> HttpResponse:
    form = form or ConfirmForm()
    return render(request, "ui/confirm.html", {"form": form, **context}, status=422 if form.errors else 200)
