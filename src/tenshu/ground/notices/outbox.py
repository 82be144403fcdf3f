"""The gatherer: makes mails of the notices that are due, one each or several in one. It sends nothing."""

import datetime
import itertools
import uuid
from collections.abc import Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.calendar.business_days import BusinessCalendar
from tenshu.ground.notices.composing import body_of, subject_of
from tenshu.ground.notices.kinds import Timing, kinds
from tenshu.ground.notices.models import FailingAddress, Mail, MailFate, MailState, Notice
from tenshu.ground.notices.setup import MailSetup, mail_setup
from tenshu.ground.office.queries import office_name

BATCH = 1_000
GATHERED = "notices.gathered"
_HOUR = datetime.timedelta(hours=1)
#: What could not be mailed for so long is old news: a house that gets its mail server later starts with a clean slate.
_STALE = datetime.timedelta(days=14)
DIGESTS_AT = datetime.time(8, 30)


def is_open(now: datetime.datetime, setup: MailSetup) -> bool:
    """Whether ordinary mails may go: a business day, within the hours of the settings."""
    local = timezone.localtime(now)
    return setup.opens <= local.time() < setup.closes and BusinessCalendar.load().is_business_day(
        local.date()
    )


def urgent_kinds() -> list[str]:
    """The kinds that do not wait for office hours."""
    return [key for key, kind in kinds().items() if kind.urgent]


def digest_limits(now: datetime.datetime, calendar: BusinessCalendar) -> dict[Timing, datetime.datetime]:
    """Up to when the notices count of each digest that is due by ``now``, a moment of a business day.

    Half past eight today, and on the first business day of the week. Asked at any time of the day it gives the same,
    so a digest that could not be made in the morning (no worker, hours that begin later) is made as soon as it can.
    """
    local = timezone.localtime(now)
    first = local.date() - datetime.timedelta(days=local.weekday())
    while not calendar.is_business_day(first):
        first += datetime.timedelta(days=1)
    days = {Timing.DAILY: local.date(), Timing.WEEKLY: first}
    limits = {
        timing: datetime.datetime.combine(day, DIGESTS_AT, tzinfo=local.tzinfo)
        for timing, day in days.items()
    }
    return {timing: limit for timing, limit in limits.items() if limit <= local}


def gather_digests(now: datetime.datetime | None = None) -> int:
    """Make the digests that are due; nothing outside office hours. Run again the same day it makes none twice."""
    now = now or timezone.now()
    if not is_open(now, mail_setup()):
        return 0
    limits = digest_limits(now, BusinessCalendar.load())
    return gather(list(limits), now, before=limits) if limits else 0


def gather(
    timings: Sequence[Timing] = (Timing.AT_ONCE,),
    now: datetime.datetime | None = None,
    *,
    before: Mapping[Timing, datetime.datetime] | None = None,
) -> int:
    """Make mails of the pending notices of these timings; returns how many mails.

    Outside office hours only urgent kinds become mails. Whoever got ``flood`` mails within the hour gets the rest in
    one, and then nothing more until the hour is over. Of a timing in ``before`` only what is older than that.
    """
    now, setup = now or timezone.now(), mail_setup()
    pending = Notice.objects.filter(fate=MailFate.PENDING)
    pending.filter(created_at__lt=now - _STALE).update(fate=MailFate.IN_APP)
    if setup.smtp is None:
        return 0
    urgent = urgent_kinds()
    wanted = Notice.objects.filter(fate=MailFate.PENDING, timing__in=timings)
    for timing, limit in (before or {}).items():
        wanted = wanted.exclude(Q(timing=timing) & Q(created_at__gte=limit))
    if not is_open(now, setup):
        wanted = wanted.filter(kind__in=urgent)
    made, last = 0, 0
    while True:
        with transaction.atomic():
            # A person's notices stay together: the batch ends with the last notice of its last person.
            people = list(
                wanted.filter(person_id__gt=last)
                .order_by("person_id")
                .values_list("person_id", flat=True)
                .distinct()[:BATCH]
            )
            if not people:
                return made
            rows = wanted.filter(person_id__in=people).order_by("person_id", "pk")
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True, of=("self",))
            notices = list(rows)
            made += _make_mails(notices, now=now, setup=setup, urgent=frozenset(urgent), timings=timings)
            last = people[-1]


def _make_mails(
    notices: Sequence[Notice],
    *,
    now: datetime.datetime,
    setup: MailSetup,
    urgent: frozenset[str],
    timings: Sequence[Timing],
) -> int:
    ids = {notice.person_id for notice in notices}
    people = User.objects.select_related("staff").in_bulk(ids)
    recent = dict(
        Mail.objects.filter(person_id__in=ids, created_at__gt=now - _HOUR)
        .values_list("person_id")
        .annotate(Count("pk"))
        .order_by()
    )
    failing = set(FailingAddress.objects.values_list("address", flat=True))
    office = office_name()
    mails: list[Mail] = []
    mailed: list[tuple[Mail, list[Notice]]] = []
    homeless: list[Notice] = []
    for person_id, group in itertools.groupby(notices, key=lambda notice: notice.person_id):
        person, told = people[person_id], list(group)
        address = address_of(person)
        if not address or address in failing:
            homeless += told
            continue
        digest = Timing.AT_ONCE not in timings
        for parcel in _parcels(told, recent.get(person_id, 0), setup.flood, urgent, digest=digest):
            mail = Mail(
                message_id=f"<{uuid.uuid4().hex}@{setup.domain}>",
                person=person,
                address=address,
                kind=parcel[0].kind if len(parcel) == 1 else GATHERED,
                subject=subject_of(parcel),
                body=body_of(parcel, person, base_url=setup.base_url, office=office),
                created_at=now,
                due_at=now,
            )
            mails.append(mail)
            mailed.append((mail, parcel))
    Mail.objects.bulk_create(mails, batch_size=500)
    done = []
    for mail, parcel in mailed:
        for notice in parcel:
            notice.mail, notice.fate = mail, MailFate.MAILED
            done.append(notice)
    for notice in homeless:
        notice.fate = MailFate.NO_ADDRESS
    Notice.objects.bulk_update(done, ["mail", "fate"], batch_size=500)
    Notice.objects.filter(pk__in=[notice.pk for notice in homeless]).update(fate=MailFate.NO_ADDRESS)
    return len(mails)


def _parcels(
    told: list[Notice], recent: int, flood: int, urgent: frozenset[str], *, digest: bool
) -> list[list[Notice]]:
    """Which notices of one person go together."""
    alone = [[notice] for notice in told if notice.kind in urgent]
    rest = [notice for notice in told if notice.kind not in urgent]
    if digest:
        return [*alone, rest] if rest else alone
    if recent + len(rest) <= flood:
        return [*alone, *([notice] for notice in rest)]
    # One gathered mail above the flood mark; after it nothing more until the hour has gone by.
    return [*alone, rest] if recent <= flood else alone


def address_of(person: User) -> str:
    """The mail address of a person in service, empty when there is none."""
    staff = person.staff
    if not person.is_active or staff is None or (staff.left_on and staff.left_on < timezone.localdate()):
        return ""
    return staff.mail.strip()


def drop_waiting(address: str, answer: str) -> int:
    """Give up the mails that wait for an address which turned out not to exist."""
    return Mail.objects.filter(address=address, state=MailState.WAITING).update(
        state=MailState.FAILED, answer=answer[:500]
    )
