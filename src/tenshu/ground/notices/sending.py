"""``notify``: the one way to tell people something. Writes rows only; mails are made and sent by the jobs."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from itertools import batched

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Count
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.notices.kinds import NoticeKind, Timing, kind_of
from tenshu.ground.notices.models import Mail, MailFate, MailState, Notice, Preference

_BATCH = 500


def notify(
    people: Iterable[User],
    *,
    kind: str,
    about: models.Model | None = None,
    title: str,
    body: str = "",
    url: str = "",
    due: datetime.date | None = None,
    key: str = "",
) -> int:
    """Tell ``people`` something; returns how many are told now.

    Call it inside the action's transaction: the notice stands or falls with the change. ``url`` is the path of the
    page to open. With a ``key`` nobody is told the same thing twice, however often it is called. People who cannot
    sign in any more, and the product itself, are left out. Raises ``UnknownKindError`` for a kind that no room
    declares in ``notice_kinds.KINDS``.
    """
    declared = kind_of(kind)
    told = {person.pk: person for person in people if person.is_active and not person.is_machine}
    about_type = ContentType.objects.get_for_model(about) if about is not None else None
    with transaction.atomic():
        if key:
            known = Notice.objects.filter(person_id__in=told, key=key).values_list("person_id", flat=True)
            for person_id in list(known):
                del told[person_id]
        timings = timings_of(told, declared)
        notices = [
            Notice(
                person_id=person_id,
                kind=kind,
                title=title[:200],
                body=body,
                url=url,
                about_type=about_type,
                about_key=str(about.pk) if about is not None else "",
                due=due,
                key=key,
                timing=timings[person_id],
                fate=MailFate.IN_APP if timings[person_id] == Timing.NEVER else MailFate.PENDING,
            )
            for person_id in sorted(told)
        ]
        Notice.objects.bulk_create(notices, batch_size=_BATCH, ignore_conflicts=bool(key))
    return len(notices)


def timings_of(person_ids: Iterable[int], kind: NoticeKind) -> dict[int, Timing]:
    """How each person gets mails of ``kind``: the own choice where the kind still allows it, else the kind's."""
    ids = list(person_ids)
    timings = dict.fromkeys(ids, kind.timing)
    chosen = Preference.objects.filter(person_id__in=ids, kind=kind.key).values_list("person_id", "timing")
    allowed = kind.choices
    timings.update({person_id: Timing(timing) for person_id, timing in chosen if timing in allowed})
    return timings


def settle(about: models.Model, *, kind: str = "") -> int:
    """Take back what is not mailed yet about ``about``, since it is done; returns how many. Shown as read."""
    return settle_many([about], kinds=[kind] if kind else [])


def settle_many(about: Sequence[models.Model], *, kinds: Collection[str] = ()) -> int:
    """As ``settle``, about many records of one model; without ``kinds`` of all kinds."""
    taken = 0
    for batch in batched(about, _BATCH, strict=False):
        waiting = Notice.objects.filter(
            about_type=ContentType.objects.get_for_model(batch[0]),
            about_key__in=[str(one.pk) for one in batch],
        )
        taken += take_back(waiting.filter(kind__in=kinds) if kinds else waiting)
    return taken


def take_back(notices: models.QuerySet[Notice]) -> int:
    """Settle those of ``notices`` that no server has: still to be mailed, or alone in a mail that waits for one."""
    now = timezone.now()
    with transaction.atomic():
        taken = notices.filter(fate=MailFate.PENDING).update(fate=MailFate.SETTLED, read_at=now)
        mailed = notices.filter(fate=MailFate.MAILED, mail__state=MailState.WAITING).values_list(
            "mail", flat=True
        )
        alone = Mail.objects.annotate(told=Count("notices")).filter(pk__in=list(mailed), told=1)
        for mail in list(alone.values_list("pk", flat=True)):
            # A sender may take it at this very moment: then it goes.
            if Mail.objects.filter(pk=mail, state=MailState.WAITING).update(state=MailState.DROPPED):
                taken += Notice.objects.filter(mail=mail).update(fate=MailFate.SETTLED, read_at=now)
    return taken
