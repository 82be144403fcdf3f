"""外部への通知: endpoints, their keys, and the log of deliveries."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tenshu.ground.access.gates import signed_in
from tenshu.ground.ui.answering import answer_form, tell
from tenshu.ground.ui.columns import key_html
from tenshu.ground.ui.dates import moment_html
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.parts import Crumb, Fact
from tenshu.ground.ui.tables import Column, Table, chip_column
from tenshu.ground.webhooks import actions
from tenshu.ground.webhooks.events import event_label
from tenshu.ground.webhooks.models import Delivery, DeliveryState, Endpoint, EndpointState
from tenshu.ground.webhooks.queries import access_delivery, access_endpoint
from tenshu.ground.webhooks.ui.forms import EndpointForm

_LEAD = "出来事があると、相手のシステムのURLへ署名を付けて送ります。だれがしたか、値がいくつかは送りません。"


class EndpointTable(Table[Endpoint]):
    """Where it is sent."""

    caption = "送り先"
    counter = "件"
    columns = (
        Column(
            name="name",
            label="名称",
            heading=True,
            sort=True,
            link=lambda row: reverse("webhooks:endpoint-detail", args=[row.pk]),
            under=lambda row: key_html(row.url),
            under_label="URL",
        ),
        chip_column("state", "状態", value=lambda row: _word(row)),
        Column(name="events", label="出来事", unit="種類", numeric=True, value=lambda row: len(row.events)),
        Column(name="failures", label="続けて失敗", unit="回", numeric=True),
    )
    empty_title = "送り先はまだありません"
    empty_text = "庁内のポータルやチャットなど、天守の出来事を知らせたいシステムを登録します。"


class DeliveryTable(Table[Delivery]):
    """The log."""

    caption = "送信の記録"
    counter = "件"
    search = ("event", "answer")
    search_label = "出来事・答えで絞る"
    default_sort = "-created_at"
    columns = (
        Column(
            name="event",
            label="出来事",
            heading=True,
            value=lambda row: event_label(row.event),
            link=lambda row: reverse("webhooks:delivery-detail", args=[row.pk]),
        ),
        chip_column("state", "状態", value=lambda row: row.get_state_display()),
        Column(name="status_code", label="答え", show=key_html),
        Column(name="attempts", label="試した回数", unit="回", numeric=True),
        Column(
            name="created_at",
            label="日時",
            show=lambda at: moment_html(at, "no_year"),
            sort=("created_at", "pk"),
            wrap=False,
        ),
    )
    empty_title = "まだ何も送っていません"
    empty_text = "選んだ出来事があると、1分以内に送ります。"


def _word(endpoint: Endpoint) -> str:
    return "一時停止" if endpoint.state == EndpointState.PAUSED else "正常"


def endpoint_list(request: HttpRequest) -> HttpResponse:
    """All endpoints."""
    return EndpointTable(request, Endpoint.objects.all()).respond(
        "webhooks/endpoint_list.html", {"lead": _LEAD}
    )


@never_cache
def endpoint_add(request: HttpRequest) -> HttpResponse:
    """Add an endpoint; its key is shown on the answer to this request and never again."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = actions.do_add_endpoint(
                Endpoint(**form.cleaned_data), acting_user=signed_in(request)
            )
        except ValidationError as refused:
            tell(form, refused)
        else:
            return _secret_page(request, endpoint, secret)
    context = {
        **_form_words("送り先を加える", "送り先を加える", reverse("webhooks:endpoint-list")),
        "form": form,
    }
    return render(
        request, "ui/form_page.html", {**context, "lead": _LEAD}, status=422 if form.errors else 200
    )


def endpoint_change(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Change name, URL, events."""
    endpoint = access_endpoint(endpoint_id)
    here = reverse("webhooks:endpoint-detail", args=[endpoint.pk])
    initial = {"name": endpoint.name, "url": endpoint.url, "events": endpoint.events}
    return answer_form(
        request,
        EndpointForm(request.POST or None, initial=initial),
        lambda values: actions.do_change_endpoint(endpoint, values, acting_user=signed_in(request)),
        template="ui/form_page.html",
        context=_form_words("送り先を直す", "直した内容にする", here),
        message="送り先を直しました。",
        to=lambda _: here,
    )


def _form_words(title: str, label: str, back: str) -> dict[str, Any]:
    trail = [Crumb("外部への通知", reverse("webhooks:endpoint-list"))]
    return {"title": title, "action_label": label, "back_url": back, "trail": trail}


def endpoint_detail(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """One endpoint with its log."""
    endpoint = access_endpoint(endpoint_id)
    context = {
        "endpoint": endpoint,
        "word": _word(endpoint),
        "is_paused": endpoint.state == EndpointState.PAUSED,
        "events": [event_label(event) for event in endpoint.events],
        "old_key": endpoint.secrets.filter(valid_until__gt=timezone.now()).first(),
    }
    return DeliveryTable(request, endpoint.deliveries.all()).respond("webhooks/endpoint_detail.html", context)


@never_cache
def endpoint_rotate(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """A new key, after a question."""
    endpoint = access_endpoint(endpoint_id)
    if request.method == "POST":
        return _secret_page(
            request, endpoint, actions.do_rotate_secret(endpoint, acting_user=signed_in(request))
        )
    consequence = "新しい鍵を1度だけ表示します。これまでの鍵の署名も、24時間は一緒に付けます。その間に相手のシステムの鍵を替えてください。"
    return _confirm(
        request, endpoint, f"「{endpoint.name}」の鍵を作り直す", consequence, "鍵を作り直す", danger=False
    )


def _secret_page(request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
    context = {"endpoint": endpoint, "secret": secret, "header": "Tenshu-Webhook-Signature"}
    return render(request, "webhooks/secret.html", context)


@require_POST
def endpoint_state(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Pause or resume."""
    endpoint, user = access_endpoint(endpoint_id), signed_in(request)
    if request.POST.get("state") == EndpointState.PAUSED:
        actions.do_pause(endpoint, acting_user=user)
        messages.success(request, "送信を止めました。止めている間の出来事は、再開すると送ります。")
    else:
        actions.do_resume(endpoint, acting_user=user)
        messages.success(request, "再開しました。待っていた送信を1分以内に送ります。")
    return redirect("webhooks:endpoint-detail", endpoint_id=endpoint.pk)


@require_POST
def endpoint_test(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send a test."""
    endpoint = access_endpoint(endpoint_id)
    actions.do_test(endpoint, acting_user=signed_in(request))
    messages.success(request, "1分以内に試しに送ります。結果は下の記録で見られます。")
    return redirect("webhooks:endpoint-detail", endpoint_id=endpoint.pk)


def endpoint_remove(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Remove, after a question."""
    endpoint = access_endpoint(endpoint_id)
    if request.method == "POST":
        actions.do_remove_endpoint(endpoint, acting_user=signed_in(request))
        messages.success(request, f"送り先「{endpoint.name}」を消しました。")
        return redirect("webhooks:endpoint-list")
    consequence = "この送り先へは何も送らなくなり、送信の記録も消えます。元には戻せません。"
    return _confirm(
        request, endpoint, f"送り先「{endpoint.name}」を消す", consequence, "送り先を消す", danger=True
    )


def _confirm(
    request: HttpRequest, endpoint: Endpoint, title: str, consequence: str, label: str, *, danger: bool
) -> HttpResponse:
    context = {
        "form": ConfirmForm(),
        "title": title,
        "consequence": consequence,
        "action_label": label,
        "danger": danger,
        "back_url": reverse("webhooks:endpoint-detail", args=[endpoint.pk]),
    }
    return render(request, "ui/confirm.html", context)


def delivery_detail(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One delivery: what was sent and what came back."""
    delivery = access_delivery(delivery_id)
    seconds = "" if delivery.seconds is None else f"{delivery.seconds:.2f}秒"
    facts = [
        Fact("出来事", event_label(delivery.event)),
        Fact("識別子", key_html(delivery.event_id)),
        Fact("作成", moment_html(delivery.created_at)),
        Fact("試した回数", f"{delivery.attempts}回"),
        Fact("次に送る", moment_html(delivery.due_at) if delivery.state == DeliveryState.WAITING else "なし"),
        Fact("答え", str(delivery.status_code or "なし")),
        Fact("かかった時間", seconds or "なし"),
    ]
    context = {
        "delivery": delivery,
        "word": delivery.get_state_display(),
        "title": event_label(delivery.event),
        "body": json.dumps(json.loads(delivery.body), ensure_ascii=False, indent=2),
        "facts": facts,
        "may_retry": delivery.state == DeliveryState.FAILED,
    }
    return render(request, "webhooks/delivery_detail.html", context)


@require_POST
def delivery_retry(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Once more."""
    delivery = access_delivery(delivery_id)
    try:
        actions.do_retry_delivery(delivery, acting_user=signed_in(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "1分以内にもう一度送ります。")
    return redirect("webhooks:delivery-detail", delivery_id=delivery.pk)
