"""Senders are killed at random against the real Postfix: each mail arrives once and only once."""

import os
import random
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.utils import timezone
from tests.mail_servers import MailServers

from tenshu.ground.jobs.tests.nursery import child_environment
from tenshu.ground.notices.delivery import Sender
from tenshu.ground.notices.models import Mail, MailState
from tenshu.ground.notices.returns import read_returns
from tenshu.ground.notices.tests.conftest import person

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("mail"),
]

MAILS = 400
KILLS = 25


def test_each_mail_arrives_once_though_senders_are_killed(
    mail: MailServers, settings: Any, tmp_path: Any
) -> None:
    people = [person(n) for n in range(40)]
    now = timezone.now()
    Mail.objects.bulk_create(
        Mail(
            message_id=f"<crash-{n}@pref.test>",
            person=people[n % 40],
            address=f"p{n % 40}@pref.test",
            kind="notices.trouble",
            subject=f"【天守】お知らせ {n}",
            body="見本の本文です。\n",
            due_at=now,
        )
        for n in range(MAILS)
    )
    env = child_environment(tmp_path, **mail.environment(), TENSHU_MAIL_LEASE_SECONDS="1")
    dice = random.Random(20261123)
    process = subprocess.Popen(
        [sys.executable, "-m", "tenshu.ground.notices.tests.forking"],
        env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None

    def start() -> int:
        process.stdin.write("send\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    alive = [start(), start()]
    try:
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.02, 0.12))
            os.kill(alive.pop(dice.randrange(2)), signal.SIGKILL)
            alive.append(start())
    finally:
        for pid in alive:
            os.kill(pid, signal.SIGKILL)
        process.stdin.close()
        process.wait(timeout=20)
        process.stdout.close()
    killed_between = Mail.objects.filter(state__in=[MailState.SENDING, MailState.UNSURE]).count()
    _finish(settings)
    mail.settle()
    counts = mail.counted()
    assert set(counts.values()) == {1}
    assert len(counts) == MAILS
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}
    assert killed_between > 0  # else the test has not looked at what it is about


def _finish(settings: Any) -> None:
    """What the clock does in an office: look for copies, send what is known not to have been sent."""
    time.sleep(1.1)  # the lease of the last victims
    settings.MAIL = {**settings.MAIL, "settle_seconds": 0}
    read_returns()
    while Mail.objects.exclude(state=MailState.SENT).exists():
        Sender().run()
        read_returns()
