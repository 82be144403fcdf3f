"""Setting up and taking away one's own second factors."""

import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import (
    clear_totp_secret,
    get_totp_secret,
    validate_totp_code,
)
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.sign_on.actions.factors import (
    do_add_passkey,
    do_add_totp,
    do_remove_factor,
    do_renew_codes,
    is_first_use,
    plain_code,
)
from tenshu.ground.sign_on.entrance import remember_factor
from tenshu.ground.sign_on.models import Factor
from tenshu.ground.sign_on.qr_code import qr_path
from tenshu.ground.sign_on.queries import factors_of, must_have_second_factor, own_passkey
from tenshu.ground.sign_on.ui.confirmation import sure
from tenshu.ground.sign_on.ui.forms import NewPasskeyForm, TotpForm
from tenshu.ground.ui.forms import ConfirmForm


@sure
def totp_add(request: HttpRequest) -> HttpResponse:
    """Show the code to scan; keep the app once it has shown the right number."""
    user = signed_in(request)
    form = TotpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        secret, code = get_totp_secret(), plain_code(form.cleaned_data["code"])
        if validate_totp_code(secret, code):
            is_first_use(user.pk, code)
            codes = do_add_totp(user, secret, acting_user=user)
            clear_totp_secret(request)
            remember_factor(request, Factor.TOTP)
            messages.success(request, "認証アプリを設定しました。次のサインインから、6桁の数字を尋ねます。")
            return _after_adding(request, codes)
        form.add_error(
            "code", "数字が違います。端末の時計が合っているかを確かめ、新しい数字を入れてください。"
        )
    secret = get_totp_secret()
    picture = qr_path(get_adapter().build_totp_url(user, secret))
    context = {
        "form": form,
        "qr": picture,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "replaces": factors_of(user).totp is not None,
    }
    return render(request, "sign_on/totp_add.html", context, status=422 if form.errors else 200)


@sure
def totp_remove(request: HttpRequest) -> HttpResponse:
    """Give up the authenticator app."""
    user = signed_in(request)
    factors = factors_of(user)
    if factors.totp is None:
        return redirect("sign_on:account")
    if request.method == "POST":
        do_remove_factor(factors.totp, acting_user=user)
        messages.success(request, "認証アプリを取りやめました。")
        return redirect("sign_on:account")
    return _confirm_removal(
        request,
        "認証アプリを取りやめる",
        "次のサインインから、認証アプリの数字では確認できなくなります。",
        last=not factors.passkeys,
    )


@sure
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Register a passkey of this device, or of a security key."""
    user = signed_in(request)
    form = NewPasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        credential = form.cleaned_data["credential"]
        if _is_verified(credential):
            codes = do_add_passkey(user, form.cleaned_data["name"], credential, acting_user=user)
            remember_factor(request, Factor.PASSKEY)
            messages.success(request, "パスキーを登録しました。次から、パスワードなしでサインインできます。")
            return _after_adding(request, codes)
        form.add_error(None, "パスキーを確かめられませんでした。もう一度登録してください。")
    options = json.dumps(webauthn.begin_registration(user, passwordless=True))
    return render(
        request,
        "sign_on/passkey_add.html",
        {"form": form, "options": options},
        status=422 if form.errors else 200,
    )


def _is_verified(credential: dict[str, Any]) -> bool:
    """Whether this is an answer to our challenge, by a device that has checked its owner."""
    try:
        webauthn.parse_registration_response(credential)
        return bool(webauthn.complete_registration(credential).is_user_verified())
    except (ValidationError, ValueError, KeyError, TypeError):
        return False


@sure
def passkey_remove(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Delete one of one's own passkeys."""
    user = signed_in(request)
    passkey = own_passkey(user, passkey_id)
    factors = factors_of(user)
    if request.method == "POST":
        do_remove_factor(passkey, acting_user=user)
        messages.success(request, "パスキーを削除しました。")
        return redirect("sign_on:account")
    return _confirm_removal(
        request,
        f"パスキー「{passkey.wrap().name}」を削除する",
        "このパスキーでは、サインインできなくなります。",
        last=not factors.totp and len(factors.passkeys) == 1,
    )


@sure
def codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them once."""
    user = signed_in(request)
    if not factors_of(user):
        return redirect("sign_on:account")
    if request.method == "POST":
        return _show_codes(request, do_renew_codes(user, acting_user=user))
    context = {
        "form": ConfirmForm(),
        "title": "回復コードを作り直す",
        "consequence": "いまの回復コードは、すべて使えなくなります。新しいものは次の画面に一度だけ出ます。",
        "action_label": "作り直す",
        "danger": False,
        "back_url": reverse("sign_on:account"),
    }
    return render(request, "ui/confirm.html", context)


def _after_adding(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return _show_codes(request, codes) if codes else redirect("sign_on:account")


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    shown = [f"{code[:5]}-{code[5:]}" for code in codes]
    return render(request, "sign_on/codes.html", {"codes": shown})


def _confirm_removal(request: HttpRequest, title: str, consequence: str, *, last: bool) -> HttpResponse:
    details = ["二要素がなくなり、回復コードも使えなくなります。"] if last else []
    if last and must_have_second_factor(signed_in(request)):
        details.append("あなたの役割には二要素が要ります。次のサインインで、もう一度設定することになります。")
    context = {
        "form": ConfirmForm(),
        "title": title,
        "consequence": consequence,
        "details": details,
        "action_label": "取りやめる" if "取りやめる" in title else "削除する",
        "back_url": reverse("sign_on:account"),
    }
    return render(request, "ui/confirm.html", context)
