"""Who confirms while a head is away (代決者)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create
from tenshu.mechanisms.inquiry.models import Substitute


@transaction.atomic
def do_name_substitute(substitute: Substitute, *, acting_user: User) -> Substitute:
    """Let somebody confirm for a unit's head from a day until a day (until further notice without one)."""
    until = substitute.valid_until
    if until is not None and until < substitute.valid_from:
        raise ValidationError({"valid_until": "終わりの日は、始めの日以後にしてください。"})
    return create(substitute, "inquiry.substitute_named", acting_user=acting_user)


@transaction.atomic
def do_end_substitute(substitute: Substitute, on: datetime.date, *, acting_user: User) -> bool:
    """The head is back: the last day is ``on``, or the first day of one that has not begun."""
    last = max(on, substitute.valid_from)
    return change(substitute, {"valid_until": last}, "inquiry.substitute_ended", acting_user=acting_user)
