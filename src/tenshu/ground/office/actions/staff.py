"""Hiring, transfer, retirement: where a member of staff works from when to when (人事異動)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from tenshu.engines.japanese import format_wareki
from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import record
from tenshu.ground.audit.snapshot import snapshot
from tenshu.ground.office.models import EmploymentKind, Post, PostRank, Staff, Unit

ONE_DAY = datetime.timedelta(days=1)
DERIVED = frozenset({"kana_order", "search_text"})
_CORRECTABLE = ("name", "kana", "mail", "employment", "joined_on")


def staff_snapshot(staff: Staff) -> dict[str, object]:
    """The recorded values of ``staff``, without what follows from them."""
    return snapshot(staff, leave_out=DERIVED)


@transaction.atomic
def do_hire(
    *,
    number: str,
    name: str,
    acting_user: User,
    kana: str = "",
    mail: str = "",
    employment: str = EmploymentKind.REGULAR,
    joined_on: datetime.date | None = None,
    unit: Unit | None = None,
    rank: str = PostRank.MEMBER,
    title: str = "",
) -> Staff:
    """Enter a new member of staff, with the first post when ``unit`` is given.

    Raises ``ValidationError`` (by field) when the number is taken or the unit does not stand on that day.
    """
    staff = Staff(
        number=number.strip(),
        name=name.strip(),
        kana=kana.strip(),
        mail=mail.strip(),
        employment=employment,
        joined_on=joined_on,
    )
    staff.full_clean()
    staff.save()
    record("office.staff.hired", staff, after=staff_snapshot(staff), acting_user=acting_user)
    if unit is not None:
        if joined_on is None:
            raise ValidationError({"joined_on": "配属する日として採用日を入れてください。"})
        _begin_post(
            Post(staff=staff, unit=unit, rank=rank, title=title.strip(), valid_from=joined_on), acting_user
        )
    return staff


@transaction.atomic
def do_correct_staff(staff: Staff, values: dict[str, object], *, acting_user: User) -> Staff:
    """Change name, kana, mail, employment or day of joining. Other keys raise ``KeyError``."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    before = staff_snapshot(staff)
    for key, value in values.items():
        if key not in _CORRECTABLE:
            raise KeyError(key)
        setattr(staff, key, value)
    if staff_snapshot(staff) != before:
        staff.full_clean()
        staff.save()
        record(
            "office.staff.corrected",
            staff,
            before=before,
            after=staff_snapshot(staff),
            acting_user=acting_user,
        )
    return staff


@transaction.atomic
def do_transfer(
    staff: Staff,
    unit: Unit,
    on: datetime.date,
    *,
    acting_user: User,
    rank: str = PostRank.MEMBER,
    title: str = "",
    is_officer: bool = False,
    concurrent: bool = False,
    keep_concurrent: bool = False,
) -> Post:
    """Post ``staff`` to ``unit`` from ``on``; what was held ends the day before.

    ``concurrent`` adds a concurrent post (兼務) and ends nothing; ``keep_concurrent`` lets concurrent posts
    go on. Raises ``ValidationError`` when the unit does not stand on ``on``, when a later post is already
    entered, or when ``staff`` has left by then.
    """
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if staff.left_on is not None and staff.left_on < on:
        raise ValidationError(f"{staff}は{format_wareki(staff.left_on)}に退職しています。")
    if not concurrent:
        _end_open_posts(staff, on, keep_concurrent=keep_concurrent, acting_user=acting_user)
    post = Post(
        staff=staff,
        unit=unit,
        rank=rank,
        title=title.strip(),
        is_officer=is_officer,
        is_concurrent=concurrent,
        valid_from=on,
    )
    return _begin_post(post, acting_user)


def _end_open_posts(staff: Staff, on: datetime.date, *, keep_concurrent: bool, acting_user: User) -> None:
    posts = Post.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), staff=staff)
    if keep_concurrent:
        posts = posts.filter(is_concurrent=False)
    for post in posts.select_related("staff", "unit"):
        if post.valid_from >= on:
            since = format_wareki(post.valid_from)
            raise ValidationError(
                {"valid_from": f"{since}からの{post.unit}の配属が既にあります。先に直してください。"}
            )
        do_end_post(post, on - ONE_DAY, acting_user=acting_user)


def _begin_post(post: Post, acting_user: User) -> Post:
    if not post.unit.holds_on(post.valid_from):
        raise ValidationError({"unit": f"{post.unit}は{format_wareki(post.valid_from)}にありません。"})
    post.full_clean()
    post.save()
    record("office.post.begun", post, after=snapshot(post), acting_user=acting_user)
    return post


@transaction.atomic
def do_end_post(post: Post, last_day: datetime.date, *, acting_user: User) -> Post:
    """End a post on ``last_day``. Raises ``ValidationError`` when it had not begun by then."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    before = snapshot(post)
    post.valid_until = last_day
    if before["valid_until"] != last_day:
        post.full_clean()
        post.save()
        record("office.post.ended", post, before=before, after=snapshot(post), acting_user=acting_user)
    return post


@transaction.atomic
def do_retire(staff: Staff, last_day: datetime.date, *, acting_user: User) -> Staff:
    """Record that ``staff`` leaves after ``last_day`` and end the posts; refuses while later ones stand."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    before = staff_snapshot(staff)
    _end_open_posts(staff, last_day + ONE_DAY, keep_concurrent=False, acting_user=acting_user)
    staff.left_on = last_day
    staff.full_clean()
    staff.save()
    record("office.staff.retired", staff, before=before, after=staff_snapshot(staff), acting_user=acting_user)
    return staff
