"""Sign-in, sign-out and the change of one's own password."""

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tenshu.ground.access.actions import do_change_password
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.ui.forms import LoginForm, PasswordForm

REFUSED = "利用者名かパスワードが違います。続けて5回まちがえると、15分のあいだサインインできなくなります。"


@sensitive_post_parameters("password")
@never_cache
def signin(request: HttpRequest) -> HttpResponse:
    """Sign in and go on to where the person wanted to go."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("home:tasks")
    if request.user.is_authenticated:
        return redirect(target)
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is not None:
            login(request, user)
            return redirect(target)
        form.add_error(None, REFUSED)
    status = 422 if form.errors else 200
    return render(request, "access/login.html", {"form": form, "next": target}, status=status)


@require_POST
def signout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, "サインアウトしました。")
    return redirect("access:login")


@sensitive_post_parameters()
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; the other sessions of the account end."""
    user = signed_in(request)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        do_change_password(user, form.cleaned_data["new"], acting_user=user)
        update_session_auth_hash(request, user)
        messages.success(request, "パスワードを変えました。ほかの端末でのサインインは終わりました。")
        return redirect("home:tasks")
    status = 422 if form.errors else 200
    return render(request, "access/password_change.html", {"form": form}, status=status)
