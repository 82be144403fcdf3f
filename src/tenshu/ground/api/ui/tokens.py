"""One's own tokens, everybody's for the secretariat, a new one, and the end of one."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.api.actions import do_issue_token, do_revoke_token
from tenshu.ground.api.models import ApiToken
from tenshu.ground.api.queries import access_token, all_tokens, tokens_of
from tenshu.ground.api.ui.forms import TokenForm, scope_words
from tenshu.ground.sign_on.ui.confirmation import sure
from tenshu.ground.ui.answering import answer_form, tell
from tenshu.ground.ui.columns import chip_column, key_html
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.parts import Tab
from tenshu.ground.ui.tables import Column, Table


def _state(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return "取消"
    return "期限切れ" if token.is_expired else "有効"


def _end(token: ApiToken) -> SafeString | str:
    if not token.is_usable:
        return ""
    return format_html('<a href="{}">取り消す</a>', reverse("api:token-revoke", args=[token.pk]))


class TokenTable(Table[ApiToken]):
    """One's own tokens."""

    caption = "トークン"
    counter = "個"
    search: ClassVar[Any] = ("name", "prefix")
    search_label = "名前・先頭の文字で絞る"
    default_sort = "-created_at"
    columns: ClassVar[Any] = (
        Column(
            name="name",
            label="名前",
            heading=True,
            sort=True,
            under=lambda token: "、".join(scope_words(token.scopes)),
            under_label="使える範囲",
        ),
        Column(name="prefix", label="先頭の文字", show=lambda value: key_html(f"{value}…"), wrap=False),
        chip_column("state", "状態", value=_state),
        Column(name="expires_at", label="期限", sort=True),
        Column(name="last_used_at", label="最後に使った", sort=True),
        Column(name="created_at", label="作った", sort=True, visible=False),
        Column(name="end", label="操作", value=_end, export=lambda token: ""),
    )
    empty_title = "トークンはまだありません"
    empty_text = (
        "ほかのプログラムから天守を読み書きするときに作ります。作った直後に一度だけ、全体が表示されます。"
    )


class EverybodysTokenTable(TokenTable):
    """Everybody's tokens."""

    search = ("name", "prefix", "user__display_name", "user__login_name")
    search_label = "名前・利用者・先頭の文字で絞る"
    columns = (
        TokenTable.columns[0],
        Column(
            name="user",
            label="利用者",
            value=lambda token: token.user.display_name,
            sort="user__login_name",
            link=lambda token: reverse("access:user-detail", args=[token.user_id]),
        ),
        *TokenTable.columns[1:],
    )
    empty_title = "当てはまるトークンはありません"
    empty_text = "だれかがトークンを作ると、ここに並びます。"


def tabs_of(request: HttpRequest, current: str) -> list[Tab]:
    pages = [("api:token-list", "自分のトークン")]
    if holds_any(signed_in(request), EDITORS):
        pages.append(("api:token-all", "全員のトークン"))
    pages.append(("api:reference", "APIの説明"))
    return [Tab(label, reverse(name), name == current) for name, label in pages]


def sample(request: HttpRequest, token: str, path: str) -> str:
    """A command that asks for ``path``."""
    address = f"{request.scheme}://{request.get_host()}/api/v1{path}"
    return f'curl -H "Authorization: Bearer {token}" \\\n  "{address}"'


def token_list(request: HttpRequest) -> HttpResponse:
    """One's own tokens."""
    context = {"tabs": tabs_of(request, "api:token-list"), "title": "APIトークン"}
    return TokenTable(request, tokens_of(signed_in(request))).respond("api/token_list.html", context)


def token_all(request: HttpRequest) -> HttpResponse:
    """Everybody's tokens."""
    context = {"tabs": tabs_of(request, "api:token-all"), "title": "全員のAPIトークン", "everybody": True}
    return EverybodysTokenTable(request, all_tokens(signed_in(request))).respond(
        "api/token_list.html", context
    )


@sure
@never_cache
def token_add(request: HttpRequest) -> HttpResponse:
    """Make a token; its text is shown in the answer, once."""
    user = signed_in(request)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            token, text = do_issue_token(
                user, values["name"], values["scopes"], days=values["days"], acting_user=user
            )
        except ValidationError as refused:
            tell(form, refused)
        else:
            context = {
                "token": token,
                "text": text,
                "scopes": scope_words(token.scopes),
                "sample": sample(request, text, "/whoami"),
            }
            return render(request, "api/token_issued.html", context)
    context = {
        "form": form,
        "title": "トークンを作る",
        "lead": "トークンは、あなたの権限のうち、ここで選んだ範囲だけを使えます。",
        "action_label": "作る",
        "back_url": reverse("api:token-list"),
    }
    return render(request, "ui/form_page.html", context, status=422 if form.errors else 200)


def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Make a token useless at once."""
    user = signed_in(request)
    token = access_token(user, token_id)
    others = token.user_id != user.pk
    back = reverse("api:token-all" if others else "api:token-list")
    return answer_form(
        request,
        ConfirmForm(request.POST or None, ask_reason=others),
        lambda values: do_revoke_token(token, acting_user=user, reason=values.get("reason", "")),
        template="ui/confirm.html",
        context={
            "title": f"トークン「{token.name}」を取り消す",
            "consequence": "このトークンを使うプログラムは、すぐに読み書きできなくなります。元には戻せません。",
            "details": [
                f"利用者：{token.user.display_name}",
                format_html("先頭の文字：<code>{}…</code>", token.prefix),
            ],
            "action_label": "取り消す",
            "back_url": back,
        },
        message="トークンを取り消しました。",
        to=lambda _: back,
    )
