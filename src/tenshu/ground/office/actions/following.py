"""What happens to what hangs on a unit that ends: it follows the main successor, or ends with the unit.

Posts and duties are the office's own. A room whose records hang on units offers ``unit_following.follow(unit,
successor, on, acting_user)`` and is called in the same transaction.
"""

import datetime
from collections.abc import Iterable
from copy import copy

from django.db.models import Q

from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import Change, record_many
from tenshu.ground.audit.snapshot import snapshot
from tenshu.ground.audit.writing import save_changed
from tenshu.ground.office.models import Post, Unit, UnitDuty
from tenshu.ground.rooms import offered

ONE_DAY = datetime.timedelta(days=1)


def hand_over(unit: Unit, successor: Unit, on: datetime.date, acting_user: User) -> None:
    """Move what goes on after ``unit`` has ended to ``successor`` from ``on``.

    A post or duty that began before ``on`` ends the day before and is continued by a new one; one that
    begins later only changes its unit. Somebody who already has a post in the successor keeps that one.
    """
    open_posts = Post.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), unit=unit)
    posts = list(open_posts.select_related("staff"))
    there = set(
        Post.objects.filter(unit=successor).exclude(valid_until__lt=on).values_list("staff_id", flat=True)
    )
    keeping, moving = _split(posts, there)
    changes = _follow_posts(moving, successor, on)
    changes += _end(Post, keeping, on - ONE_DAY, "office.post.ended")
    duties = list(UnitDuty.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), unit=unit))
    changes += _follow_duties(duties, successor, on)
    record_many(changes, acting_user=acting_user)
    for follow in offered("unit_following", "follow"):
        follow(unit, successor, on, acting_user)


def end_posts_and_duties(unit: Unit, last_day: datetime.date, acting_user: User) -> None:
    """End what is still open in a unit that was abolished without a successor; later posts are removed."""
    after = Q(valid_until__isnull=True) | Q(valid_until__gt=last_day)
    posts = list(Post.objects.filter(after, unit=unit).select_related("staff"))
    duties = list(UnitDuty.objects.filter(after, unit=unit))
    changes = _end(Post, posts, last_day, "office.post.ended")
    changes += _end(UnitDuty, duties, last_day, "office.duty.ended")
    record_many(changes, acting_user=acting_user)


def _split(posts: Iterable[Post], there: set[int]) -> tuple[list[Post], list[Post]]:
    keeping: list[Post] = []
    moving: list[Post] = []
    for post in posts:
        (keeping if post.staff_id in there else moving).append(post)
    return keeping, moving


def _follow_posts(posts: Iterable[Post], successor: Unit, on: datetime.date) -> list[Change]:
    changes, ended, begun, moved = [], [], [], []
    for post in posts:
        before = snapshot(post)
        if post.valid_from >= on:
            post.unit = successor
            moved.append(post)
            changes.append(Change("office.post.moved", post, before, snapshot(post)))
            continue
        following = copy(post)
        following.pk, following._state = None, type(post._state)()
        following.unit, following.valid_from = successor, on
        begun.append(following)
        post.valid_until = on - ONE_DAY
        ended.append(post)
        changes.append(Change("office.post.ended", post, before, snapshot(post)))
    save_changed(moved, ["unit"])
    save_changed(ended, ["valid_until"])
    begun = Post.objects.bulk_create(begun, batch_size=500)
    return changes + [Change("office.post.begun", post, after=snapshot(post)) for post in begun]


def _follow_duties(duties: Iterable[UnitDuty], successor: Unit, on: datetime.date) -> list[Change]:
    changes = []
    for duty in duties:
        before = snapshot(duty)
        if duty.valid_from >= on:
            duty.unit = successor
            duty.save(update_fields=["unit"])
            changes.append(Change("office.duty.moved", duty, before, snapshot(duty)))
            continue
        following = UnitDuty(unit=successor, kind=duty.kind, valid_from=on, valid_until=duty.valid_until)
        following.save()
        duty.valid_until = on - ONE_DAY
        duty.save(update_fields=["valid_until"])
        changes.append(Change("office.duty.ended", duty, before, snapshot(duty)))
        changes.append(Change("office.duty.set", following, after=snapshot(following)))
    return changes


def _end[M: (Post, UnitDuty)](
    model: type[M], rows: Iterable[M], last_day: datetime.date, verb: str
) -> list[Change]:
    changes, ended, never = [], [], []
    for row in rows:
        before = snapshot(row)
        if row.valid_from > last_day:
            never.append(row.pk)
            changes.append(Change(f"{verb.rpartition('.')[0]}.withdrawn", row, before=before))
            continue
        row.valid_until = last_day
        ended.append(row)
        changes.append(Change(verb, row, before, snapshot(row)))
    save_changed(ended, ["valid_until"])
    model._default_manager.filter(pk__in=never).delete()
    return changes
