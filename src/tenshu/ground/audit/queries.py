"""Readers of the record."""

from django.db.models import QuerySet

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow

MAY_READ = frozenset({Role.SECRETARIAT, Role.SECURITY})


def rows_for(user: User) -> QuerySet[AuditRow]:
    """The rows that ``user`` may read: all for the secretariat and the security group, else only one's own."""
    rows = AuditRow.objects.all()
    return rows if holds_any(user, MAY_READ) else rows.filter(actor=user)


def history_of(label: str, key: object) -> QuerySet[AuditRow]:
    """All changes of one object, newest first. ``label`` is the model's ``label_lower``."""
    return AuditRow.objects.filter(target_type=label, target_key=str(key)).order_by("-pk")
