"""The lock after repeated failures. A name that nobody bears is locked alike, so that names cannot be probed.

The count of a real account stands on the account, that of an unknown name in the counts of ``ground.throttle``.
"""

import datetime
import math
import unicodedata

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.throttle.limits import allow, forget, wait

MAX_FAILURES = 5
LOCK_FOR = datetime.timedelta(minutes=15)
_UNKNOWN, _UNKNOWN_LOCKED = "access.unknown-name", "access.unknown-locked"
_UNKNOWN_KEPT = 30 * 24 * 3600


def account_called(name: str) -> User | None:
    """The account with this sign-in name that somebody may sign in with."""
    users = User.objects.select_related("staff")
    return users.filter(login_name=name.strip(), is_active=True, is_machine=False).first()


def _folded(name: str) -> str:
    """A name as a directory compares it: capitals, full width and spaces make no other name, so no further tries."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_locked(user: User) -> bool:
    """Whether the account is locked now."""
    return user.locked_until is not None and user.locked_until > timezone.now()


def seconds_locked(name: str, user: User | None) -> int:
    """For how long this name may not be tried; 0 when it may."""
    if user is None:
        return wait(_UNKNOWN_LOCKED, _folded(name), limit=1)
    if user.locked_until is None:
        return 0
    return max(0, math.ceil((user.locked_until - timezone.now()).total_seconds()))


def count_failure(name: str, user: User | None) -> None:
    """Count one wrong password; the fifth in a row locks the name for a quarter of an hour."""
    if user is None:
        key = _folded(name)
        if allow(_UNKNOWN, key, limit=MAX_FAILURES - 1, seconds=_UNKNOWN_KEPT):
            forget(_UNKNOWN, key)
            allow(_UNKNOWN_LOCKED, key, limit=1, seconds=int(LOCK_FOR.total_seconds()))
        return
    # Counted in the database, so that parallel guesses are all counted.
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(failed_signins=F("failed_signins") + 1)
        User.objects.filter(pk=user.pk, failed_signins__gte=MAX_FAILURES).update(
            failed_signins=0, locked_until=timezone.now() + LOCK_FOR
        )


def clear_failures(user: User) -> None:
    """Begin the count anew after a success."""
    if user.failed_signins or user.locked_until:
        User.objects.filter(pk=user.pk).update(failed_signins=0, locked_until=None)
