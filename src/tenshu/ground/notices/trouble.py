"""Telling the secretariat that mail does not arrive, that nobody knows whether it was sent, that a job failed."""

from django.urls import reverse

from tenshu.ground.jobs.queries import open_failures
from tenshu.ground.jobs.registry import title_of
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


def tell_failed_jobs() -> int:
    """One notice a failed job that nobody has looked at; told once each, and again when it was retried and failed."""
    told = 0
    people = None
    for row in open_failures():
        people = secretariat() if people is None else people
        told += notify(
            people,
            kind="jobs.failed",
            about=row,
            title=f"ジョブ「{title_of(row.task_path)}」が失敗しました",
            body="記録を見て、原因を直してからやり直すか、確認済みにしてください。",
            url=reverse("jobs:job-detail", args=[row.pk]),
            key=f"job:{row.pk}:{row.finished_at:%Y%m%d%H%M%S}",
        )
    return told


def unanswered() -> list[Mail]:
    """Mails in doubt of which no control copy was taken: only people can tell."""
    doubtful = Mail.objects.filter(state=MailState.UNSURE)
    if mail_setup().copies_to:
        doubtful = doubtful.filter(copied=False)
    return list(doubtful.order_by("pk"))
