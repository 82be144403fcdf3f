"""What people do with notices and mails. Sending itself is the work of jobs (``delivery``) and is kept in the rows."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create, remove
from tenshu.ground.notices.kinds import Timing, kind_of
from tenshu.ground.notices.models import FailingAddress, Mail, MailState, Notice, Preference
from tenshu.ground.notices.outbox import address_of


def do_mark_read(user: User, ids: Iterable[int] | None = None) -> int:
    """Mark one's own notices as read, all of them without ``ids``. Nobody's business but the person's: no record."""
    unread = Notice.objects.filter(person=user, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=timezone.now())


@transaction.atomic
def do_set_preferences(user: User, timings: Mapping[str, Timing], *, acting_user: User) -> int:
    """Set how ``user`` gets mails of each kind; returns how many differ. Refuses what a kind does not allow."""
    known = {row.kind: row for row in Preference.objects.filter(person=user)}
    changed = 0
    for key, timing in timings.items():
        kind = kind_of(key)
        if timing not in kind.choices:
            raise ValidationError({key: f"「{kind.label}」は、この送り方を選べません。"})
        row = known.get(key)
        if row is not None:
            changed += change(row, {"timing": timing}, "notices.preference_changed", acting_user=acting_user)
        elif timing != kind.timing:
            row = Preference(person=user, kind=key, timing=timing)
            create(row, "notices.preference_changed", acting_user=acting_user)
            changed += 1
    return changed


@transaction.atomic
def do_retry_mail(mail: Mail, *, acting_user: User) -> bool:
    """Send a mail that was given up once more, under its old Message-ID, to the person's address of today.

    Raises ``ValidationError`` for a mail that is on its way, was sent, or is in doubt.
    """
    mail = Mail.objects.select_for_update(of=("self",)).select_related("person__staff").get(pk=mail.pk)
    if mail.state not in {MailState.FAILED, MailState.BOUNCED}:
        raise ValidationError("送れなかったメールではありません。")
    address = address_of(mail.person)
    if not address:
        raise ValidationError("宛先の人は、いまはいないか、メールアドレスがありません。")
    if FailingAddress.objects.filter(address=address).exists():
        raise ValidationError(
            "届かないアドレスです。アドレスを直すか、不達の画面で再開してから送ってください。"
        )
    # The copy of the old attempt says nothing of the new one.
    values = {
        "state": MailState.WAITING,
        "address": address,
        "due_at": timezone.now(),
        "attempts": 0,
        "sent_at": None,
        "copy_seen_at": None,
    }
    return change(mail, values, "notices.mail_retried", acting_user=acting_user)


@transaction.atomic
def do_answer_unsure(mail: Mail, *, arrived: bool, acting_user: User) -> bool:
    """Say of a mail in doubt whether it arrived: then it is done, else it is sent again."""
    mail = Mail.objects.select_for_update().get(pk=mail.pk)
    if mail.state != MailState.UNSURE:
        raise ValidationError("もう確かめ終わっています。")
    now = timezone.now()
    if arrived:
        return change(
            mail, {"state": MailState.SENT, "sent_at": now}, "notices.mail_found", acting_user=acting_user
        )
    values = {"state": MailState.WAITING, "due_at": now, "unsure_since": None}
    return change(mail, values, "notices.mail_retried", acting_user=acting_user)


def do_clear_failing(row: FailingAddress, *, acting_user: User) -> None:
    """Send to an address again."""
    remove(row, "notices.address_cleared", acting_user=acting_user)
