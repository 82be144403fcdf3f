"""Charges of units (所掌) and system officers (システム担当者)."""

import datetime
from copy import copy

from django.core.exceptions import ValidationError
from django.db import transaction

from tenshu.engines.japanese import format_wareki
from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import record
from tenshu.ground.audit.snapshot import snapshot
from tenshu.ground.office.models import Post, Unit, UnitDuty

ONE_DAY = datetime.timedelta(days=1)


@transaction.atomic
def do_set_duty(
    unit: Unit, kind: str, on: datetime.date, *, acting_user: User, until: datetime.date | None = None
) -> UnitDuty:
    """Charge ``unit`` with ``kind`` from ``on``. A unit that bears it already raises ``ValidationError``."""
    if not unit.holds_on(on):
        raise ValidationError({"valid_from": f"{unit}は{format_wareki(on)}にありません。"})
    if UnitDuty.objects.filter(unit=unit, kind=kind).exclude(valid_until__lt=on).exists():
        raise ValidationError(f"{unit}には同じ所掌が既にあります。")
    duty = UnitDuty(unit=unit, kind=kind, valid_from=on, valid_until=until)
    duty.full_clean()
    duty.save()
    record("office.duty.set", duty, after=snapshot(duty), acting_user=acting_user)
    return duty


@transaction.atomic
def do_end_duty(duty: UnitDuty, last_day: datetime.date, *, acting_user: User) -> UnitDuty:
    """End a charge on ``last_day``."""
    duty = UnitDuty.objects.select_for_update().get(pk=duty.pk)
    before = snapshot(duty)
    duty.valid_until = last_day
    duty.full_clean()
    duty.save()
    record("office.duty.ended", duty, before=before, after=snapshot(duty), acting_user=acting_user)
    return duty


@transaction.atomic
def do_set_officer(post: Post, value: bool, on: datetime.date, *, acting_user: User) -> Post:
    """Make the holder of ``post`` a system officer from ``on``, or no longer; returns the post then held.

    The post is split at ``on``, so that who was an officer on an earlier day stays true. Raises
    ``ValidationError`` when the post does not hold on ``on``.
    """
    post = Post.objects.select_for_update().select_related("staff", "unit").get(pk=post.pk)
    if not post.holds_on(on):
        raise ValidationError(f"この配属は{format_wareki(on)}にありません。")
    if post.is_officer == value:
        return post
    before = snapshot(post)
    if post.valid_from == on:
        post.is_officer = value
        post.save(update_fields=["is_officer"])
        record("office.officer.set", post, before=before, after=snapshot(post), acting_user=acting_user)
        return post
    following = copy(post)
    following.pk, following._state = None, type(post._state)()
    following.valid_from, following.is_officer = on, value
    post.valid_until = on - ONE_DAY
    post.save(update_fields=["valid_until"])
    following.save()
    record("office.post.ended", post, before=before, after=snapshot(post), acting_user=acting_user)
    record("office.officer.set", following, after=snapshot(following), acting_user=acting_user)
    return following
