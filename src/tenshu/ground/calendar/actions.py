"""Opening and closing of fiscal years, and the office's closures."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import record
from tenshu.ground.audit.snapshot import snapshot
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.models import OfficeClosure, OpenedYear, YearState


@transaction.atomic
def do_open_year(fiscal_year: FiscalYear, *, acting_user: User) -> OpenedYear:
    """Open ``fiscal_year`` for records. An opened or closed year stays as it is."""
    row, is_new = OpenedYear.objects.get_or_create(year=fiscal_year.year)
    if is_new:
        record("calendar.year.opened", row, after=snapshot(row), acting_user=acting_user)
    return row


@transaction.atomic
def do_close_year(row: OpenedYear, *, acting_user: User) -> OpenedYear:
    """Mark a year as closed. A year that is closed already raises ``ValidationError``."""
    row = OpenedYear.objects.select_for_update().get(pk=row.pk)
    if row.is_closed:
        raise ValidationError(f"{row}はすでに締めてあります。")
    before = snapshot(row)
    row.state, row.closed_at, row.closed_by = YearState.CLOSED, timezone.now(), acting_user
    row.save()
    record("calendar.year.closed", row, before=before, after=snapshot(row), acting_user=acting_user)
    return row


@transaction.atomic
def do_reopen_year(row: OpenedYear, *, reason: str, acting_user: User) -> OpenedYear:
    """Take the close of a year back. Needs a reason; an open year raises ``ValidationError``."""
    row = OpenedYear.objects.select_for_update().get(pk=row.pk)
    if not row.is_closed:
        raise ValidationError(f"{row}は締めてありません。")
    if not reason.strip():
        raise ValidationError("締めを取り消す理由を書いてください。")
    before = snapshot(row)
    row.state, row.closed_at, row.closed_by = YearState.OPEN, None, None
    row.save()
    record(
        "calendar.year.reopened",
        row,
        before=before,
        after=snapshot(row),
        reason=reason,
        acting_user=acting_user,
    )
    return row


@transaction.atomic
def do_add_closure(
    name: str, first_day: datetime.date, last_day: datetime.date, *, every_year: bool, acting_user: User
) -> OfficeClosure:
    """Add days on which the office is closed. Raises ``ValidationError`` when the span is upside down."""
    closure = OfficeClosure(name=name, first_day=first_day, last_day=last_day, every_year=every_year)
    closure.full_clean()
    closure.save()
    record("calendar.closure.added", closure, after=snapshot(closure), acting_user=acting_user)
    return closure


@transaction.atomic
def do_remove_closure(closure: OfficeClosure, *, acting_user: User) -> None:
    """Remove a closure."""
    record("calendar.closure.removed", closure, before=snapshot(closure), acting_user=acting_user)
    closure.delete()
