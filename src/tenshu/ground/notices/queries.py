"""Reading of one's own notices, and the gates."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import Http404

from tenshu.ground.access.models import User
from tenshu.ground.notices.models import FailingAddress, Mail, Notice, Reminder


def notices_of(user: User) -> QuerySet[Notice]:
    """The person's own notices; nobody else's are ever shown."""
    return Notice.objects.filter(person=user)


def unread_count(user: User) -> int:
    """How many the person has not read (one query, answered by a partial index)."""
    return notices_of(user).filter(read_at=None).count()


def access_mail(pk: int) -> Mail:
    """A mail of the outbox, or 404. Who may see the outbox is told by the permission table."""
    found = Mail.objects.select_related("person").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def access_failing(pk: int) -> FailingAddress:
    """An address to which nothing arrives, or 404."""
    found = FailingAddress.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def reminders_about(records: Sequence[Model]) -> QuerySet[Reminder]:
    """Who was reminded of these records of one model, the newest first."""
    if not records:
        return Reminder.objects.none()
    kind = ContentType.objects.get_for_model(records[0])
    rows = Reminder.objects.filter(about_type=kind, about_key__in=[str(one.pk) for one in records])
    return rows.select_related("person").order_by("-on", "-pk")
