"""The jobs of this room: send, gather into one, read what came back, remind. Each may run at any time, any number."""

from django.utils import timezone

from tenshu.ground.jobs.tasks import JobError, JobRun, job
from tenshu.ground.notices.delivery import Sender
from tenshu.ground.notices.kinds import Timing
from tenshu.ground.notices.outbox import gather, gather_digests, is_open, urgent_kinds
from tenshu.ground.notices.reminders import climb, settle_done
from tenshu.ground.notices.retention import prune_mails
from tenshu.ground.notices.returns import MailboxUnreachableError, read_returns
from tenshu.ground.notices.setup import mail_setup
from tenshu.ground.notices.trouble import tell_failed_jobs, tell_troubles


@job(title="通知をメールで送る")
def send_outbox(run: JobRun) -> None:
    """Make mails of what is due and send them, for at most 50 seconds.

    Outside office hours only urgent ones go, also of those that wait for another try.
    """
    setup = mail_setup()
    opened = is_open(timezone.now(), setup)
    if opened and setup.smtp is not None:
        settle_done([Timing.AT_ONCE])
    gather()
    sender = Sender(setup, kinds=None if opened else urgent_kinds())
    sent = sender.run()
    if sent or sender.failed:
        run.log(f"{sent}通を送りました。送れなかったメールは{sender.failed}通です。")


@job(title="まとめの通知を作る")
def make_digests(run: JobRun) -> None:
    """The daily digests, on the first business day of the week the weekly ones too; asked every half hour."""
    setup = mail_setup()
    if setup.smtp is None or not is_open(timezone.now(), setup):
        return
    settle_done([Timing.DAILY, Timing.WEEKLY])
    made = gather_digests()
    if made:
        run.log(f"{made}通のまとめを作りました。")


@job(title="戻りのメールを読む")
def read_bounces(run: JobRun) -> None:
    """Reports of non-delivery and control copies; then tell the secretariat of new troubles."""
    try:
        read = read_returns()
    except MailboxUnreachableError as error:
        raise JobError(str(error)) from error
    finally:
        tell_troubles()
    if read.reports or read.again:
        run.log(f"不達の知らせを{read.reports}件読みました。もう一度送るメールは{read.again}通です。")


@job(title="期限を知らせる")
def remind(run: JobRun) -> None:
    """The reminder ladders, on business days."""
    told = climb()
    run.log(f"{told}人に知らせました。")


@job(title="古いメールの記録を消す", priority=-50)
def prune_outbox(run: JobRun) -> None:
    """Remove what the outbox need not keep any more."""
    run.log(f"{prune_mails():,}通の記録を消しました。")


@job(title="失敗したジョブを知らせる")
def tell_of_failures(run: JobRun) -> None:
    """The secretariat hears of every failed job once."""
    told = tell_failed_jobs()
    if told:
        run.log(f"{told}人に知らせました。")
