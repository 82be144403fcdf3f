"""The ladder 本人 → 所属長 → 部局: who owes what until when comes from the rooms, who was told what when is a row.

A room's ``reminders.py`` offers ``LADDERS``. Its ``debts(day)`` gives what is owed *now*: what is done or given to
somebody else is not among it, and so its ladder stops, mails that still wait included.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import batched

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.calendar.business_days import BusinessCalendar
from tenshu.ground.notices.kinds import Timing
from tenshu.ground.notices.models import MailFate, MailState, Notice, Reminder, StopReason
from tenshu.ground.notices.recipients import (
    accounts_of,
    heads_of_department,
    heads_of_division,
    officers_of_unit,
)
from tenshu.ground.notices.sending import notify, take_back
from tenshu.ground.office.models import Staff, Unit
from tenshu.ground.rooms import offered
from tenshu.ground.ui.dates import day_text

_BATCH = 500
#: Nobody is chased for what was left open longer ago: that is a matter for a talk, not for a mail.
_CHASED_FOR = datetime.timedelta(days=90)


class Step(models.TextChoices):
    """Whom a rung reaches."""

    SELF = "self", "本人"
    HEAD = "head", "所属長"
    DEPARTMENT = "department", "部局"


@dataclass(frozen=True, slots=True)
class Rung:
    """So many business days after the due date (before it when negative), this one is told."""

    days: int
    step: Step


#: 3 business days before, on the day, then up: the head the day after, the department a week after.
STANDARD = (Rung(-3, Step.SELF), Rung(0, Step.SELF), Rung(1, Step.HEAD), Rung(5, Step.DEPARTMENT))


@dataclass(frozen=True, slots=True)
class Debt:
    """Something that a unit, or one person of it, still has to do until a day."""

    about: models.Model
    title: str
    url: str
    due: datetime.date
    unit: Unit
    staff: Staff | None = None

    @property
    def debtor(self) -> str:
        """Who owes it, as the rows of reminders keep it."""
        return f"staff:{self.staff.pk}" if self.staff else f"unit:{self.unit.pk}"

    @property
    def debtor_name(self) -> str:
        """Who owes it, for the heads."""
        return f"{self.unit.name} {self.staff.name}" if self.staff else self.unit.name


@dataclass(frozen=True, slots=True)
class Ladder:
    """The reminders of one kind of debt. ``kind`` is a declared kind of notice."""

    key: str
    kind: str
    debts: Callable[[datetime.date], Iterable[Debt]]
    rungs: tuple[Rung, ...] = STANDARD


@cache
def ladders() -> dict[str, Ladder]:
    """All ladders of the rooms by key; a key that stands twice raises ``ValueError``."""
    found: dict[str, Ladder] = {}
    for given in offered("reminders", "LADDERS"):
        for ladder in given:
            if ladder.key in found:
                raise ValueError(f"The ladder {ladder.key} is declared twice.")
            found[ladder.key] = ladder
    return found


def climb(day: datetime.date | None = None) -> int:
    """Remind of everything that has reached a rung; returns how many people were told. Nothing on a closed day.

    Of one debt at most one rung a day is climbed, the lowest that nobody has been told of. Run twice, it tells
    nobody twice.
    """
    day = day or timezone.localdate()
    calendar = BusinessCalendar.load()
    if not calendar.is_business_day(day):
        return 0
    settle_done(day=day)
    note_stops(day)
    told = 0
    for ladder in ladders().values():
        first = min(rung.days for rung in ladder.rungs)
        passed: dict[datetime.date, int | None] = {}  # thousands of sheets have few due days
        for debt in ladder.debts(day):
            if debt.due not in passed:
                passed[debt.due] = _passed(debt.due, day, first, calendar)
            days = passed[debt.due]
            if days is None:
                continue
            with transaction.atomic():
                told += _climb_one(ladder, debt, day, days)
    return told


def _passed(due: datetime.date, day: datetime.date, first: int, calendar: BusinessCalendar) -> int | None:
    """Business days since ``due``; ``None`` before the first rung, and when nobody is chased any more."""
    far = datetime.timedelta(days=max(-2 * first, 0) + 21)  # weekends and the longest closures included
    if not -_CHASED_FOR <= due - day <= far:
        return None
    days = calendar.between(due, day)
    return days if days >= first else None


def _climb_one(ladder: Ladder, debt: Debt, day: datetime.date, passed: int) -> int:
    rows = Reminder.objects.filter(
        ladder=ladder.key,
        about_type=_type(debt),
        about_key=str(debt.about.pk),
        debtor=debt.debtor,
        due=debt.due,
    )
    climbed = dict(rows.values_list("rung", "on"))
    if day in climbed.values():
        return 0
    for number in _open_rungs(ladder, passed, set(climbed)):
        people = _people(ladder.rungs[number].step, debt, day)
        if people:
            _tell(ladder, debt, number, people, passed, day)
            return len(people)
    return 0


def _open_rungs(ladder: Ladder, passed: int, climbed: set[int]) -> Iterator[int]:
    """Reached and not climbed, lowest first; of several for the same people the last, and none below a climbed one."""
    reached = [
        n for n, rung in enumerate(ladder.rungs) if rung.days <= passed and n > max(climbed, default=-1)
    ]
    for number in reached:
        later = (n for n in reached if n > number)
        if all(ladder.rungs[n].step is not ladder.rungs[number].step for n in later):
            yield number


def _people(step: Step, debt: Debt, day: datetime.date) -> list[User]:
    match step:
        case Step.SELF:
            return accounts_of([debt.staff.pk]) if debt.staff else officers_of_unit(debt.unit, day)
        case Step.HEAD:
            return heads_of_division(debt.unit, day)
        case Step.DEPARTMENT:
            return heads_of_department(debt.unit, day)


def _tell(
    ladder: Ladder, debt: Debt, number: int, people: list[User], passed: int, day: datetime.date
) -> None:
    step = ladder.rungs[number].step
    key = f"{ladder.key}:{debt.about.pk}:{debt.debtor}:{debt.due.isoformat()}:{number}"
    # A head who owes it himself is reminded of it, not told to look after himself.
    owing = [person for person in people if debt.staff is not None and person.staff_id == debt.staff.pk]
    for group, as_step in ((owing, Step.SELF), ([one for one in people if one not in owing], step)):
        notify(
            group,
            kind=ladder.kind,
            about=debt.about,
            title=_title(debt, as_step, passed, day),
            body=_body(debt, as_step, passed),
            url=debt.url,
            due=debt.due,
            key=key,
        )
    notices = dict(Notice.objects.filter(key=key).values_list("person_id", "pk"))
    Reminder.objects.bulk_create(
        [
            Reminder(
                ladder=ladder.key,
                about_type=_type(debt),
                about_key=str(debt.about.pk),
                debtor=debt.debtor,
                due=debt.due,
                rung=number,
                step=step,
                person=person,
                notice_id=notices.get(person.pk),
                on=day,
                title=debt.title[:300],
                debtor_name=debt.debtor_name[:200],
            )
            for person in people
        ],
        ignore_conflicts=True,
    )


def _title(debt: Debt, step: Step, passed: int, day: datetime.date) -> str:
    if step is not Step.SELF:
        return f"{debt.debtor_name}の「{debt.title}」が期限を過ぎています"
    if passed > 0:
        return f"「{debt.title}」の期限を過ぎています"
    # No business day may be left although the due day, a Sunday, is still to come.
    return f"「{debt.title}」は今日までです" if debt.due == day else f"「{debt.title}」の期限が近づいています"


def _body(debt: Debt, step: Step, passed: int) -> str:
    when = (
        f"期限は{day_text(debt.due)}でした（{passed}開庁日前）。"
        if passed > 0
        else f"期限は{day_text(debt.due)}です。"
    )
    if step is Step.SELF:
        return f"{when}済んでいるときは、画面で完了にしてください。"
    return f"{when}{debt.debtor_name}の進み具合を確かめてください。済むと、お知らせは止まります。"


def settle_done(timings: Collection[Timing] = tuple(Timing), day: datetime.date | None = None) -> int:
    """Take back the reminders that wait as mails although the thing is done or somebody else's by now.

    Asks the rooms for everything that is owed, so only of the ``timings`` that are to be mailed next.
    """
    unsent = Q(notice__fate=MailFate.PENDING) | Q(notice__mail__state=MailState.WAITING)
    waiting = list(
        Reminder.objects.filter(unsent, notice__timing__in=timings)
        .select_related("notice")
        .order_by("ladder")
    )
    if not waiting:
        return 0
    day = day or timezone.localdate()
    owed = {
        (key, _type(debt).pk, str(debt.about.pk), debt.debtor, debt.due)
        for key in {row.ladder for row in waiting}
        if key in ladders()
        for debt in ladders()[key].debts(day)
    }
    done = [
        row.notice_id
        for row in waiting
        if row.notice_id and (row.ladder, row.about_type_id, row.about_key, row.debtor, row.due) not in owed
    ]
    return sum(
        take_back(Notice.objects.filter(pk__in=batch)) for batch in batched(done, _BATCH, strict=False)
    )


def note_stops(day: datetime.date) -> int:
    """Note of every ladder that was still climbed and is not any more when and why; returns of how many reminders."""
    going = Reminder.objects.filter(stopped_on=None).order_by()
    stopped = 0
    for key in list(going.values_list("ladder", flat=True).distinct()):
        owed: dict[tuple[int, str], set[tuple[str, datetime.date]]] = {}
        for debt in ladders()[key].debts(day) if key in ladders() else ():
            owed.setdefault((_type(debt).pk, str(debt.about.pk)), set()).add((debt.debtor, debt.due))
        found: dict[StopReason, list[int]] = {}
        for row in going.filter(ladder=key).iterator(chunk_size=2_000):
            now = owed.get((row.about_type_id, row.about_key), set())
            if (row.debtor, row.due) not in now:
                found.setdefault(_why(row, now), []).append(row.pk)
        for why, keys in found.items():
            for batch in batched(keys, _BATCH, strict=False):
                rows = Reminder.objects.filter(pk__in=batch)
                stopped += rows.update(stopped_on=day, stopped_why=why)
    return stopped


def _why(row: Reminder, owed: set[tuple[str, datetime.date]]) -> StopReason:
    if not owed:
        return StopReason.DONE
    same_debtor = any(debtor == row.debtor for debtor, _ in owed)
    return StopReason.DUE_MOVED if same_debtor else StopReason.HANDED_ON


def _type(debt: Debt) -> ContentType:
    return ContentType.objects.get_for_model(debt.about)
