"""Telling the secretariat that mail does not arrive, or that nobody knows whether it was sent."""

from django.urls import reverse

from tenshu.ground.notices.models import FailingAddress, Mail, MailState
from tenshu.ground.notices.recipients import secretariat
from tenshu.ground.notices.sending import notify
from tenshu.ground.notices.setup import mail_setup


def tell_troubles() -> int:
    """One notice a failing address and a mail in doubt that no control copy will decide; told once each."""
    told = 0
    people = None
    for row in FailingAddress.objects.all():
        people = secretariat() if people is None else people
        told += notify(
            people,
            kind="notices.trouble",
            about=row,
            title=f"{row.address}へのメールが届きません",
            body=f"メールサーバーの答え：{row.reason}\n職員のアドレスを直すか、届くようになったら不達の画面で再開してください。",
            url=reverse("notices:bounces"),
            key=f"failing:{row.pk}",
        )
    for mail in unanswered():
        people = secretariat() if people is None else people
        told += notify(
            people,
            kind="notices.trouble",
            about=mail,
            title="送れたか分からないメールがあります",
            body=f"「{mail.subject}」（{mail.address}）を送っている途中で処理が止まりました。"
            "宛先の人に届いているか確かめて、送信箱で答えてください。",
            url=reverse("notices:mail-detail", args=[mail.pk]),
            key=f"unsure:{mail.pk}:{mail.attempts}",
        )
    return told


def unanswered() -> list[Mail]:
    """Mails in doubt of which no control copy was taken: only people can tell."""
    doubtful = Mail.objects.filter(state=MailState.UNSURE)
    if mail_setup().copies_to:
        doubtful = doubtful.filter(copied=False)
    return list(doubtful.order_by("pk"))
