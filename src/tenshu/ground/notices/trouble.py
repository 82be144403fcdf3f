"""Telling the secretariat that mail does not arrive, that nobody knows whether it was sent, that a job failed."""

import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.jobs.models import QueueRow, SlotTurn
from tenshu.ground.jobs.queries import open_failures
from tenshu.ground.jobs.registry import title_of
from tenshu.ground.notices.models import FailingAddress, Mail, MailState
from tenshu.ground.notices.recipients import secretariat
from tenshu.ground.notices.sending import notify
from tenshu.ground.notices.setup import mail_setup

#: A return mailbox that has let no copy through for so long will not decide anything by itself.
_COPIES_ARE_STUCK = datetime.timedelta(hours=6)
_NOT_SENT = datetime.timedelta(hours=2)


def tell_troubles() -> int:
    """One notice a failing address and a mail in doubt that no control copy will decide; told once each.

    And one a day while mails do not leave.
    """
    told = _tell_stuck()
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


def _tell_stuck() -> int:
    since = timezone.now() - _NOT_SENT
    stuck = Mail.objects.filter(state=MailState.WAITING, attempts__gt=0, created_at__lt=since)
    first = stuck.order_by("-attempts", "pk").first()
    if first is None:
        return 0
    return notify(
        secretariat(),
        kind="notices.trouble",
        title=f"{stuck.count():,}通のメールをまだ送れていません",
        body=f"メールサーバーの答え：{first.answer or 'ありません'}\n設定かメールサーバーを直すと、待っているメールから順に送ります。",
        url=f"{reverse('notices:mail-list')}?view=waiting",
        key=f"stuck:{timezone.localdate().isoformat()}",
    )


def tell_failed_jobs() -> int:
    """One notice a failed job that nobody has looked at; told once each, and again when it was retried and failed.

    Of what the clock runs once a day and slot: a mailbox that is away all night is one trouble, not hundreds.
    """
    told = 0
    people = None
    failures = list(open_failures())
    slots = dict(SlotTurn.objects.filter(task__in=failures).values_list("task_id", "name"))
    asked: set[str] = set()
    for row in failures:
        key = _failure_key(row, slots.get(row.pk, ""))
        if key in asked:
            continue
        asked.add(key)
        people = secretariat() if people is None else people
        told += notify(
            people,
            kind="jobs.failed",
            about=row,
            title=f"ジョブ「{title_of(row.task_path)}」が失敗しました",
            body="記録を見て、原因を直してからやり直すか、確認済みにしてください。",
            url=reverse("jobs:job-detail", args=[row.pk]),
            key=key,
        )
    return told


def _failure_key(row: QueueRow, slot: str) -> str:
    if slot and row.finished_at:
        return f"slot:{slot}:{timezone.localdate(row.finished_at).isoformat()}"
    return f"job:{row.pk}:{row.finished_at:%Y%m%d%H%M%S}"


def unanswered() -> list[Mail]:
    """Mails in doubt that only people can decide: no control copy was taken, or the copies have not come for hours."""
    doubtful = Mail.objects.filter(state=MailState.UNSURE)
    if mail_setup().copies_to:
        long_ago = timezone.now() - _COPIES_ARE_STUCK
        doubtful = doubtful.filter(Q(copied=False) | Q(unsure_since__lt=long_ago))
    return list(doubtful.order_by("pk"))
