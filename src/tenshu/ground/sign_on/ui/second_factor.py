"""The second proof: a code of the app, a recovery code, or a passkey. Also passkeys instead of a password."""

import json
from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tenshu.ground.access.models import User
from tenshu.ground.client_address import client_address, network_of
from tenshu.ground.sign_on.actions.factors import check_totp, do_use_code
from tenshu.ground.sign_on.entrance import Arrival, arrival_of, let_in, log, safe_target
from tenshu.ground.sign_on.models import Factor, Outcome, Way
from tenshu.ground.sign_on.queries import Factors, factors_of, why_not
from tenshu.ground.sign_on.ui.forms import CodeForm, PasskeyForm
from tenshu.ground.sign_on.ui.waiting import wait_text
from tenshu.ground.throttle.limits import allow, forget

SCOPE = "sign_on.second-factor"
TRIES, TRIES_SECONDS = 5, 900
WRONG = "番号が違うか、もう使われています。アプリの新しい数字か、まだ使っていない回復コードを入れてください。"
WRONG_PASSKEY = "パスキーを確かめられませんでした。もう一度試すか、ほかの方法を選んでください。"


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second proof of the person who has given the first."""
    found = arrival_of(request)
    if found is None:
        return redirect("access:login")
    user, arrival = found
    factors = factors_of(user)
    form, passkey = CodeForm(), PasskeyForm()
    if request.method == "POST":
        bound = PasskeyForm(request.POST) if "credential" in request.POST else CodeForm(request.POST)
        if seconds := allow(SCOPE, str(user.pk), limit=TRIES, seconds=TRIES_SECONDS):
            log(request, user, Outcome.LIMITED, way=arrival.way, provider=arrival.provider)
            bound.add_error(
                None, f"続けて失敗したため、確認を止めています。{wait_text(seconds)}待ってください。"
            )
        elif bound.is_valid():
            factor = _proved(user, factors, bound)
            if factor:
                return _come_in(request, user, arrival, factor)
            log(request, user, Outcome.WRONG_FACTOR, way=arrival.way, provider=arrival.provider)
            bound.add_error(None, WRONG_PASSKEY if isinstance(bound, PasskeyForm) else WRONG)
        if isinstance(bound, PasskeyForm):
            passkey = bound
        else:
            form = bound
    context = {
        "form": form,
        "passkey": passkey,
        "factors": factors,
        "options": json.dumps(webauthn.begin_authentication(user)) if factors.passkeys else "",
    }
    status = 422 if form.errors or passkey.errors else 200
    return render(request, "sign_on/second_factor.html", context, status=status)


def _proved(user: User, factors: Factors, form: CodeForm | PasskeyForm) -> str:
    """The factor that this answer proves; empty when it proves none."""
    if isinstance(form, PasskeyForm):
        return Factor.PASSKEY if passkey_proves(user, form.cleaned_data["credential"]) else ""
    code = form.cleaned_data["code"]
    if factors.totp and check_totp(factors.totp, code):
        return Factor.TOTP
    return Factor.RECOVERY if factors.codes and do_use_code(factors.codes, code) else ""


def _come_in(request: HttpRequest, user: User, arrival: Arrival, factor: str) -> HttpResponse:
    forget(SCOPE, str(user.pk))
    return let_in(
        request, user, way=arrival.way, provider=arrival.provider, factor=factor, target=arrival.target
    )


def passkey_proves(user: User, credential: dict[str, Any]) -> bool:
    """Whether the browser's answer to our challenge is signed by a passkey of this account."""
    try:
        webauthn.parse_authentication_response(credential)
        used = webauthn.complete_authentication(user, credential)
    except (ValidationError, ValueError, KeyError, TypeError):
        webauthn.clear_state()
        return False
    used.record_usage()
    return True


@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """A challenge for a sign-in by passkey alone, as the browser wants it."""
    # Each leaves a session in the database. Two thousand people may stand behind one address on a Monday morning.
    network = network_of(client_address(request))
    if seconds := allow("sign_on.passkey-options", network, limit=5_000, seconds=600):
        return JsonResponse(
            {"message": f"しばらく使えません。{wait_text(seconds)}待ってください。"}, status=429
        )
    return JsonResponse(webauthn.begin_authentication())


@never_cache
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by passkey: the device has checked its owner, so this is both proofs at once."""
    target = safe_target(request, request.POST.get("next"))
    form = PasskeyForm(request.POST)
    user = _bearer(form.cleaned_data["credential"]) if form.is_valid() else None
    if user is None or not passkey_proves(user, form.cleaned_data["credential"]):
        log(request, None, Outcome.WRONG_FACTOR, way=Way.PASSKEY)
        return _back(request, WRONG_PASSKEY, target)
    if (refusal := why_not(user)) is not None:
        log(request, user, refusal, way=Way.PASSKEY)
        return _back(request, WRONG_PASSKEY, target)
    return let_in(request, user, way=Way.PASSKEY, factor=Factor.PASSKEY, target=target)


def _bearer(credential: dict[str, Any]) -> User | None:
    try:
        found = webauthn.extract_user_from_response(credential)
    except (ValidationError, ValueError, TypeError, AttributeError):
        return None
    return found if isinstance(found, User) else None


def _back(request: HttpRequest, message: str, target: str) -> HttpResponse:
    messages.error(request, message)
    return redirect(f"{reverse('access:login')}?{urlencode({'next': target})}")
