"""Notices, the outbox of mails, what came back, and who was reminded of what."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenshu.ground.notices.kinds import Timing, kind_label


class MailState(models.TextChoices):
    """What becomes of a mail. ``SENDING`` is committed before the first byte of it leaves."""

    WAITING = "waiting", "送信待ち"
    SENDING = "sending", "送信中"
    SENT = "sent", "送信済"
    UNSURE = "unsure", "送信を確認中"
    FAILED = "failed", "送れず"
    BOUNCED = "bounced", "不達"
    DROPPED = "dropped", "取りやめ"


class Mail(models.Model):
    """One mail to one person (送信箱). Written by the gatherer, sent by ``delivery``.

    ``message_id`` is fixed here, before any attempt: every attempt sends the same mail. ``copy_seen_at`` is the
    proof of acceptance: the control copy of this very transaction was read in the return mailbox.
    """

    message_id = models.CharField("Message-ID", max_length=200, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="宛先の人", on_delete=models.PROTECT, related_name="mails"
    )
    address = models.EmailField("宛先", max_length=254)
    kind = models.CharField("種類", max_length=80)
    subject = models.CharField("件名", max_length=300)
    body = models.TextField("本文")
    state = models.CharField("状態", max_length=10, choices=MailState, default=MailState.WAITING)
    created_at = models.DateTimeField("作成日時", default=timezone.now, db_index=True)
    due_at = models.DateTimeField("送る日時")
    attempts = models.PositiveSmallIntegerField("試した回数", default=0)
    leased_until = models.DateTimeField("送信中の期限", null=True, blank=True)
    unsure_since = models.DateTimeField("確認を始めた日時", null=True, blank=True)
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)
    copied = models.BooleanField("控えを取った", default=False)
    copy_seen_at = models.DateTimeField("控えを読んだ日時", null=True, blank=True)
    answer = models.CharField("メールサーバーの答え", max_length=500, blank=True)

    class Meta:
        verbose_name = "メール"
        verbose_name_plural = "送信箱"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="notices_mail_queue"),
            models.Index(fields=["person", "created_at"], name="notices_mail_person"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def kind_label(self) -> str:
        """The kind in Japanese."""
        return kind_label(self.kind)


class MailFate(models.TextChoices):
    """What becomes of a notice as a mail."""

    PENDING = "pending", "これから"
    MAILED = "mailed", "メールにした"
    IN_APP = "in_app", "画面だけ"
    NO_ADDRESS = "no_address", "アドレスなし"
    SETTLED = "settled", "用が済んだ"


class Notice(models.Model):
    """Something that one person is told (通知): shown in the application at once, mailed as the person wishes.

    Written by ``sending.notify`` in the transaction of what it tells about.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="宛先の人", on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField("種類", max_length=80)
    title = models.CharField("件名", max_length=200)
    body = models.TextField("本文", blank=True)
    url = models.CharField("開く画面", max_length=500, blank=True)
    about_type = models.ForeignKey(
        ContentType,
        verbose_name="対象の種類",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    about_key = models.CharField("対象の番号", max_length=80, blank=True)
    due = models.DateField("期限", null=True, blank=True)
    key = models.CharField("二度知らせないための印", max_length=200, blank=True)
    timing = models.CharField("メールの送り方", max_length=10, choices=Timing)
    fate = models.CharField("メール", max_length=10, choices=MailFate, default=MailFate.PENDING)
    mail = models.ForeignKey(
        Mail, verbose_name="メール", null=True, blank=True, on_delete=models.SET_NULL, related_name="notices"
    )
    created_at = models.DateTimeField("日時", auto_now_add=True)
    read_at = models.DateTimeField("読んだ日時", null=True, blank=True)

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["person", "-id"], name="notices_notice_person"),
            models.Index(fields=["person"], name="notices_notice_unread", condition=Q(read_at=None)),
            models.Index(fields=["timing"], name="notices_notice_pending", condition=Q(fate="pending")),
            models.Index(fields=["about_type", "about_key"], name="notices_notice_about"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"], condition=~Q(key=""), name="notices_notice_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        """The kind in Japanese."""
        return kind_label(self.kind)


class Preference(models.Model):
    """How a person wants mails of one kind (通知の受け取り方). Without a row the kind's own timing holds."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="人",
        on_delete=models.CASCADE,
        related_name="notice_preferences",
    )
    kind = models.CharField("種類", max_length=80)
    timing = models.CharField("メールの送り方", max_length=10, choices=Timing)

    class Meta:
        verbose_name = "通知の受け取り方"
        verbose_name_plural = "通知の受け取り方"
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="notices_preference_once")]

    def __str__(self) -> str:
        return f"{self.person} {kind_label(self.kind)}：{self.get_timing_display()}"


class Bounce(models.Model):
    """A report of non-delivery (不達の知らせ) that came into the return mailbox, for one recipient."""

    report_id = models.CharField("知らせのMessage-ID", max_length=300)
    mail = models.ForeignKey(
        Mail, verbose_name="メール", null=True, blank=True, on_delete=models.SET_NULL, related_name="bounces"
    )
    address = models.CharField("届かなかった宛先", max_length=254)
    status = models.CharField("状態コード", max_length=20, blank=True)
    diagnosis = models.TextField("理由", blank=True)
    is_final = models.BooleanField("届かないと決まった", default=True)
    read_at = models.DateTimeField("読んだ日時", auto_now_add=True)

    class Meta:
        verbose_name = "不達の知らせ"
        verbose_name_plural = "不達の知らせ"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["report_id", "address"], name="notices_bounce_once")]

    def __str__(self) -> str:
        return f"{self.address} {self.status}"


class FailingAddress(models.Model):
    """An address to which nothing is sent until somebody clears it (届かないアドレス).

    Kept by the address, not by the person: a corrected address is free at once.
    """

    address = models.CharField("アドレス", max_length=254, unique=True)
    since = models.DateTimeField("届かなくなった日時", auto_now_add=True)
    reason = models.CharField("理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "届かないアドレス"
        verbose_name_plural = "届かないアドレス"
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return self.address


class MailboxPosition(models.Model):
    """How far a mailbox has been read. A new UIDVALIDITY begins anew; readers do not look at \\Seen."""

    mailbox = models.CharField("メールボックス", max_length=300, unique=True)
    uid_validity = models.BigIntegerField("UIDVALIDITY", default=0)
    last_uid = models.BigIntegerField("読んだ最後のUID", default=0)
    read_at = models.DateTimeField("読んだ日時", null=True, blank=True)

    class Meta:
        verbose_name = "読み終えた位置"
        verbose_name_plural = "読み終えた位置"

    def __str__(self) -> str:
        return f"{self.mailbox} {self.last_uid}"


class StopReason(models.TextChoices):
    """Why a ladder goes no further for a debt."""

    DONE = "done", "済んだ・なくなった"
    HANDED_ON = "handed_on", "担当が替わった"
    DUE_MOVED = "due_moved", "期限が変わった"


class Reminder(models.Model):
    """Who was reminded of what on which rung (督促の記録). One row a person, a rung and a debt.

    ``debtor`` names who owed it then (``staff:12``, ``unit:34``): given to somebody else, the ladder begins anew.
    ``title`` and ``debtor_name`` are as they were told then; ``stopped_on`` is the day on which it was found that
    nothing is owed any more.
    """

    ladder = models.CharField("督促", max_length=80)
    about_type = models.ForeignKey(
        ContentType, verbose_name="対象の種類", on_delete=models.CASCADE, related_name="+"
    )
    about_key = models.CharField("対象の番号", max_length=80)
    debtor = models.CharField("する人", max_length=80)
    due = models.DateField("期限")
    rung = models.PositiveSmallIntegerField("段")
    step = models.CharField("相手", max_length=20)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="知らせた人",
        on_delete=models.CASCADE,
        related_name="reminders",
    )
    notice = models.ForeignKey(
        Notice, verbose_name="通知", null=True, on_delete=models.SET_NULL, related_name="reminders"
    )
    on = models.DateField("知らせた日")
    title = models.CharField("内容", max_length=300, blank=True)
    debtor_name = models.CharField("する人の名", max_length=200, blank=True)
    stopped_on = models.DateField("止まった日", null=True, blank=True)
    stopped_why = models.CharField("止まった理由", max_length=10, choices=StopReason, blank=True)

    class Meta:
        verbose_name = "督促の記録"
        verbose_name_plural = "督促の記録"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["about_type", "about_key"], name="notices_reminder_about"),
            models.Index(
                fields=["ladder"], condition=models.Q(stopped_on__isnull=True), name="notices_reminder_going"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ladder", "about_type", "about_key", "debtor", "due", "rung", "person"],
                name="notices_reminder_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ladder} {self.about_key} {self.rung}"

    @property
    def step_label(self) -> str:
        """本人, 所属長 or 部局."""
        from tenshu.ground.notices.reminders import Step  # the ladder stands above its rows

        return str(Step(self.step).label)
