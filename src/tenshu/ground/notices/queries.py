"""Reading of one's own notices, and the gates."""

from django.db.models import QuerySet
from django.http import Http404

from tenshu.ground.access.models import User
from tenshu.ground.notices.models import FailingAddress, Mail, Notice


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
