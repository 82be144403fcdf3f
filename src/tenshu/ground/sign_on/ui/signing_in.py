"""Sign-in, sign-out and the change of one's own password."""

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tenshu.ground.access.actions import do_change_password
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.ui.forms import LoginForm, PasswordForm
from tenshu.ground.sign_on.actions.sessions import do_end_sessions, forget_session, touch_session
from tenshu.ground.sign_on.entrance import arrive, log, mark_of, safe_target
from tenshu.ground.sign_on.models import OpenSession, Outcome, Way
from tenshu.ground.sign_on.password_check import check_password
from tenshu.ground.sign_on.queries import providers
from tenshu.ground.sign_on.saml import LEFT, offers_sign_out
from tenshu.ground.sign_on.ui.refusals import why
from tenshu.ground.sign_on.ui.waiting import wait_text
from tenshu.ground.throttle.limits import allow, forget

SCOPE, TRIES, TRIES_SECONDS = "sign_on.present-password", 5, 900
WRONG = "利用者名かパスワードが違います。続けて5回まちがえると、15分のあいだサインインできなくなります。"


@sensitive_post_parameters("password")
@never_cache
def signin(request: HttpRequest) -> HttpResponse:
    """Sign in and go on to where the person wanted to go."""
    target = safe_target(request, request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return redirect(target)
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        checked = check_password(request, form.cleaned_data["username"], form.cleaned_data["password"])
        if checked.outcome == Outcome.LET_IN and checked.user is not None:
            provider = next((one for one in providers().values() if one.kind == checked.way), None)
            return arrive(
                request,
                checked.user,
                way=checked.way,
                provider=provider.id if provider else "",
                vouched=bool(provider and provider.second_factor),
                target=target,
            )
        log(request, checked.user, checked.outcome, way=checked.way)
        form.add_error(None, why(checked, wrong=WRONG))
    return render(
        request, "access/login.html", _page(request, form, target), status=422 if form.errors else 200
    )


def _page(request: HttpRequest, form: LoginForm, target: str) -> dict[str, object]:
    left = providers().get(request.GET.get("left", ""))
    ways = [
        (one.name, f"{reverse(f'sign_on:{one.kind}-start', args=[one.id])}?{urlencode({'next': target})}")
        for one in providers().values()
        if one.kind != Way.LDAP
    ]
    return {"form": form, "next": target, "ways": ways, "left": left}


@require_POST
def signout(request: HttpRequest) -> HttpResponse:
    """End the session; tell who came by an identity provider that the provider's own session goes on."""
    mark = mark_of(request)
    provider = providers().get(mark.get("provider", ""))
    if mark:
        forget_session(mark["id"])
    session = request.session.get(LEFT)
    logout(request)
    messages.success(request, "サインアウトしました。")
    goes_on = provider is not None and (
        provider.kind == Way.OIDC
        or (provider.kind == Way.SAML and session is not None and offers_sign_out(provider.id))
    )
    if goes_on and session is not None:
        request.session[LEFT] = session  # a visitor's session: it names whom the provider has to sign out
    left = f"?{urlencode({'left': provider.id})}" if provider and goes_on else ""
    return redirect(reverse("access:login") + left)


@sensitive_post_parameters()
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; the other sessions of the account end."""
    user = signed_in(request)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and (
        seconds := allow(SCOPE, str(user.pk), limit=TRIES, seconds=TRIES_SECONDS)
    ):
        # A form that compares nothing: whoever sits at a foreign screen must not go on guessing here.
        form = PasswordForm(user)
        messages.error(request, f"続けて失敗したため、止めています。{wait_text(seconds)}待ってください。")
    elif request.method == "POST" and form.is_valid():
        forget(SCOPE, str(user.pk))
        do_change_password(user, form.cleaned_data["new"], acting_user=user)
        update_session_auth_hash(request, user)
        mark = mark_of(request)
        if mark:
            touch_session(mark["id"], request.session.session_key or "")
        others = OpenSession.objects.filter(user=user).exclude(pk=mark.get("id", 0)).select_related("user")
        if others:
            do_end_sessions(others, acting_user=user, reason="パスワードの変更")
        messages.success(request, "パスワードを変えました。ほかの端末でのサインインは終わりました。")
        return redirect("home:tasks")
    elif "current" in form.errors and form.data.get("current"):
        log(request, user, Outcome.WRONG, way=Way.PASSWORD)
    elif form.errors:
        forget(SCOPE, str(user.pk))  # only the new password was unfit
    status = 422 if request.method == "POST" else 200
    return render(request, "access/password_change.html", {"form": form}, status=status)
