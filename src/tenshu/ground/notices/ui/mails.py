"""送信箱: every mail with its state, for the secretariat; what bounced, and addresses that get nothing."""

from typing import ClassVar

import django_filters
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenshu.ground.access.gates import signed_in
from tenshu.ground.notices.actions import do_answer_unsure, do_clear_failing, do_retry_mail
from tenshu.ground.notices.models import Bounce, FailingAddress, Mail, MailState
from tenshu.ground.notices.queries import access_failing, access_mail
from tenshu.ground.notices.setup import mail_setup
from tenshu.ground.ui.columns import key_html
from tenshu.ground.ui.dates import moment_html
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.parts import Fact, Tab
from tenshu.ground.ui.tables import Column, Table, chip_column

VIEWS = {
    "": ("すべて", None),
    "waiting": ("送信待ち", [MailState.WAITING, MailState.SENDING]),
    "trouble": ("送れず・不達", [MailState.FAILED, MailState.BOUNCED]),
    "unsure": ("確認中", [MailState.UNSURE]),
}


class MailFilter(django_filters.FilterSet):
    """By state."""

    state = django_filters.ChoiceFilter(label="状態", choices=MailState, empty_label="すべて")

    class Meta:
        model = Mail
        fields: ClassVar[list[str]] = []


class MailTable(Table[Mail]):
    """The outbox."""

    caption = "送信箱"
    counter = "通"
    filterset_class = MailFilter
    search = ("subject", "address", "person__display_name", "message_id")
    search_label = "件名・宛先で絞る"
    default_sort = "-created_at"
    file_name = "送信箱"
    counted_up_to = 10_000
    columns = (
        Column(
            name="subject",
            label="件名",
            heading=True,
            link=lambda row: reverse("notices:mail-detail", args=[row.pk]),
            under=lambda row: row.kind_label,
            under_label="種類",
        ),
        chip_column("state", "状態", value=lambda row: row.get_state_display()),
        Column(
            name="person",
            label="宛先",
            value=lambda row: row.person.display_name,
            under=lambda row: row.address,
            under_label="アドレス",
            sort="person__display_name",
        ),
        Column(
            name="created_at",
            label="作成",
            show=lambda at: moment_html(at, "no_year"),
            sort=("created_at", "pk"),
            wrap=False,
        ),
        Column(
            name="sent_at", label="送信", show=lambda at: moment_html(at, "no_year"), sort=True, wrap=False
        ),
        Column(name="attempts", label="試した回数", unit="回", numeric=True, visible=False),
        Column(name="answer", label="サーバーの答え", show=key_html, visible=False),
        Column(name="message_id", label="メールの識別子", show=key_html, visible=False),
    )
    empty_title = "当てはまるメールはありません"
    empty_text = "通知がメールになると、ここに並びます。"


def mail_list(request: HttpRequest) -> HttpResponse:
    """All mails, with saved views."""
    chosen = request.GET.get("view", "")
    chosen = chosen if chosen in VIEWS else ""
    rows = Mail.objects.select_related("person")
    states = VIEWS[chosen][1]
    tabs = []
    for key, (label, wanted) in VIEWS.items():
        count = Mail.objects.filter(state__in=wanted).count() if wanted else None
        tabs.append(Tab(label, f"?view={key}" if key else request.path, key == chosen, count))
    tabs.append(Tab("不達", reverse("notices:bounces"), False, FailingAddress.objects.count()))
    tabs.append(Tab("督促の記録", reverse("notices:reminder-list"), False))
    context = {
        "tabs": tabs,
        "mail_is_on": mail_setup().smtp is not None,
        "settings_out": ("TENSHU_SMTP_URL", "TENSHU_MAIL_FROM"),
    }
    return MailTable(request, rows.filter(state__in=states) if states else rows).respond(
        "notices/mail_list.html", context
    )


def mail_detail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail: what it says, how it fared, what came back."""
    mail = access_mail(mail_id)
    facts = [
        Fact("宛先", f"{mail.person.display_name}（{mail.address}）"),
        Fact("種類", mail.kind_label),
        Fact("作成", moment_html(mail.created_at)),
        Fact("送信", moment_html(mail.sent_at) if mail.sent_at else "まだ"),
        Fact("試した回数", f"{mail.attempts}回"),
        Fact("サーバーの答え", key_html(mail.answer) if mail.answer else "なし"),
        Fact("控え", _copy_text(mail)),
        Fact("メールの識別子", key_html(mail.message_id)),
    ]
    context = {
        "mail": mail,
        "facts": facts,
        "word": mail.get_state_display(),
        "notices": mail.notices.order_by("pk"),
        "bounces": mail.bounces.all(),
        "may_retry": mail.state in {MailState.FAILED, MailState.BOUNCED},
        "is_unsure": mail.state == MailState.UNSURE,
    }
    return render(request, "notices/mail_detail.html", context)


def _copy_text(mail: Mail) -> str:
    if mail.copy_seen_at:
        return "戻りのメールボックスで確かめました"
    return "取っています。まだ読んでいません" if mail.copied else "取っていません"


@require_POST
def mail_retry(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Send once more."""
    mail = access_mail(mail_id)
    try:
        do_retry_mail(mail, acting_user=signed_in(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "もう一度送ります。送ってよい時間なら、1分以内です。")
    return redirect("notices:mail-detail", mail_id=mail.pk)


@require_POST
def mail_answer(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Whether a mail in doubt arrived."""
    mail = access_mail(mail_id)
    arrived = request.POST.get("state") == "arrived"
    try:
        do_answer_unsure(mail, arrived=arrived, acting_user=signed_in(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        again = "もう一度送ります。送ってよい時間なら、1分以内です。"
        messages.success(request, "送信済にしました。" if arrived else again)
    return redirect("notices:mail-detail", mail_id=mail.pk)


class FailingTable(Table[FailingAddress]):
    """Addresses to which nothing is sent."""

    caption = "届かないアドレス"
    counter = "件"
    page_size = 100
    search = ("address", "reason")
    columns = (
        Column(name="address", label="アドレス", heading=True, show=key_html),
        Column(name="since", label="届かなくなった日時", wrap=False),
        Column(name="reason", label="メールサーバーの答え", show=key_html),
        Column(
            name="clear",
            label="操作",
            value=lambda _row: "送信を再開する",
            link=lambda row: reverse("notices:failing-clear", args=[row.pk]),
            export=lambda _row: "",
        ),
    )
    empty_title = "届かないアドレスはありません"
    empty_text = "メールサーバーが宛先なしと答えたアドレスが、ここに並びます。"


class BounceTable(Table[Bounce]):
    """Reports that came back."""

    caption = "不達の知らせ"
    counter = "件"
    default_sort = "-read_at"
    columns = (
        Column(
            name="mail",
            label="メール",
            heading=True,
            value=lambda row: row.mail.subject if row.mail else "消したメール",
            link=lambda row: reverse("notices:mail-detail", args=[row.mail_id]) if row.mail_id else None,
            under=lambda row: row.address,
            under_label="宛先",
        ),
        Column(
            name="is_final", label="結果", value=lambda row: "届きません" if row.is_final else "遅れています"
        ),
        Column(name="status", label="状態コード", show=key_html),
        Column(name="diagnosis", label="理由", show=key_html),
        Column(name="read_at", label="読んだ日時", sort=True, wrap=False),
    )
    empty_title = "不達の知らせはありません"
    empty_text = "戻りのメールボックスに届いた不達の知らせが、ここに並びます。"


def bounces(request: HttpRequest) -> HttpResponse:
    """Both lists."""
    context = {
        "failing": FailingTable(request, FailingAddress.objects.all(), id="failing"),
        "reads_mailbox": mail_setup().imap is not None,
        "setting_back": "TENSHU_IMAP_URL",
    }
    return BounceTable(request, Bounce.objects.select_related("mail")).respond(
        "notices/bounces.html", context
    )


def failing_clear(request: HttpRequest, failing_id: int) -> HttpResponse:
    """Send to an address again, after a question."""
    row = access_failing(failing_id)
    back = reverse("notices:bounces")
    if request.method == "POST":
        do_clear_failing(row, acting_user=signed_in(request))
        messages.success(request, f"{row.address}への送信を再開します。")
        return redirect(back)
    context = {
        "form": ConfirmForm(),
        "title": "アドレスへの送信を再開する",
        "consequence": f"{row.address}へ、次の通知からまたメールを送ります。届かなければ、もう一度止まります。",
        "action_label": "送信を再開する",
        "danger": False,
        "back_url": back,
    }
    return render(request, "ui/confirm.html", context)
