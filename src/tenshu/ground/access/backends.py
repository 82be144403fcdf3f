"""Sign-in with a password, with a lock after repeated failures."""

import datetime
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from tenshu.ground.access.models import User

MAX_FAILURES = 5
LOCK_FOR = datetime.timedelta(minutes=15)


class LockingBackend(BaseBackend):
    """Checks sign-in name and password; five failures in a row lock the account for 15 minutes."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or not password:
            return None
        user = User.objects.filter(login_name=username.strip(), is_active=True, is_machine=False).first()
        if user is None:
            make_password(
                password
            )  # the same work as for a known name, so that names cannot be probed by time
            return None
        if is_locked(user):
            return None
        if not user.check_password(password):
            _count_failure(user)
            return None
        if user.failed_signins or user.locked_until:
            User.objects.filter(pk=user.pk).update(failed_signins=0, locked_until=None)
        return user

    def get_user(self, user_id: int) -> User | None:
        return User.objects.select_related("staff").filter(pk=user_id, is_active=True).first()


def is_locked(user: User) -> bool:
    """Whether the account is locked now."""
    return user.locked_until is not None and user.locked_until > timezone.now()


def _count_failure(user: User) -> None:
    # Counted in the database, so that parallel guesses are all counted.
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(failed_signins=F("failed_signins") + 1)
        User.objects.filter(pk=user.pk, failed_signins__gte=MAX_FAILURES).update(
            failed_signins=0, locked_until=timezone.now() + LOCK_FOR
        )
