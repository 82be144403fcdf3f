"""Sensitive steps ask for the person once more, when the last proof is older than ten minutes."""

import functools
import json
from collections.abc import Callable
from typing import Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.sign_on.actions.factors import check_totp
from tenshu.ground.sign_on.entrance import is_sure, log, make_sure, mark_of, safe_target
from tenshu.ground.sign_on.models import Outcome, Way
from tenshu.ground.sign_on.password_check import check_password
from tenshu.ground.sign_on.queries import factors_of
from tenshu.ground.sign_on.ui.forms import CodeForm, PasskeyForm, SureForm
from tenshu.ground.sign_on.ui.refusals import why
from tenshu.ground.sign_on.ui.second_factor import SCOPE, TRIES, TRIES_SECONDS, WRONG_PASSKEY, passkey_proves
from tenshu.ground.sign_on.ui.waiting import wait_text
from tenshu.ground.throttle.limits import allow, forget

WRONG_CODE = "番号が違うか、もう使われています。アプリの新しい数字を入れてください。"

type View = Callable[..., HttpResponse]


def sure[F: View](view: F) -> F:
    """Let only somebody through who has proved who they are within the last ten minutes."""

    @never_cache
    @functools.wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_sure(request):
            return redirect(f"{reverse('sign_on:confirm')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return asked  # type: ignore[return-value]


@sensitive_post_parameters("password")
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the password, a code or a passkey; somebody who has none of them signs in anew."""
    user = signed_in(request)
    target = safe_target(request, request.POST.get("next") or request.GET.get("next"))
    factors = factors_of(user)
    by_password = user.has_usable_password() or mark_of(request).get("way") == Way.LDAP
    form: SureForm | CodeForm = SureForm() if by_password else CodeForm()
    passkey = PasskeyForm()
    if request.method == "POST":
        bound: SureForm | CodeForm | PasskeyForm = (
            PasskeyForm(request.POST) if "credential" in request.POST else type(form)(request.POST)
        )
        if seconds := allow(SCOPE, str(user.pk), limit=TRIES, seconds=TRIES_SECONDS):
            bound.add_error(
                None, f"続けて失敗したため、確認を止めています。{wait_text(seconds)}待ってください。"
            )
        elif bound.is_valid() and _proved(request, user, bound):
            forget(SCOPE, str(user.pk))
            make_sure(request)
            return redirect(target)
        if isinstance(bound, PasskeyForm):
            passkey = bound
        else:
            form = bound
    context = {
        "form": form,
        "passkey": passkey,
        "next": target,
        "may_type": by_password or factors.totp,
        "options": json.dumps(webauthn.begin_authentication(user)) if factors.passkeys else "",
    }
    status = 422 if form.errors or passkey.errors else 200
    return render(request, "sign_on/confirm.html", context, status=status)


def _proved(request: HttpRequest, user: User, form: SureForm | CodeForm | PasskeyForm) -> bool:
    """Whether the answer proves the person; a wrong one is told in the form and in the log."""
    if isinstance(form, SureForm):
        checked = check_password(request, user.login_name, form.cleaned_data["password"])
        if checked.outcome == Outcome.LET_IN and checked.user == user:
            return True
        outcome = Outcome.WRONG if checked.outcome == Outcome.LET_IN else checked.outcome
        log(request, user, outcome, way=checked.way)
        form.add_error("password", why(checked, wrong="パスワードが違います。"))
        return False
    if isinstance(form, PasskeyForm):
        proved, field, wrong = passkey_proves(user, form.cleaned_data["credential"]), None, WRONG_PASSKEY
    else:
        totp = factors_of(user).totp
        proved = totp is not None and check_totp(totp, form.cleaned_data["code"])
        field, wrong = "code", WRONG_CODE
    if not proved:
        log(request, user, Outcome.WRONG_FACTOR, way=mark_of(request).get("way", Way.PASSWORD))
        form.add_error(field, wrong)
    return proved
