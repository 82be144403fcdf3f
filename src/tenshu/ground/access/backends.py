"""Sign-in with a local password, with a lock after repeated failures."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils import timezone

from tenshu.ground.access.locking import (
    LOCK_FOR,
    MAX_FAILURES,
    account_called,
    clear_failures,
    count_failure,
    is_locked,
    seconds_locked,
)
from tenshu.ground.access.models import User

__all__ = ["LOCK_FOR", "MAX_FAILURES", "LockingBackend", "is_locked"]


class LockingBackend(BaseBackend):
    """Checks sign-in name and password; five failures in a row lock the name for 15 minutes.

    Where the office has a directory (LDAP), that backend is asked last and counts the failures.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or not password:
            return None
        user = account_called(username)
        if seconds_locked(username, user):
            return None
        if user is None or not user.has_usable_password():
            # The same work as for a known name, so that names cannot be probed by time.
            make_password(password)
        elif user.check_password(password):
            clear_failures(user)
            return user
        if not settings.SIGN_ON_LDAP:
            count_failure(username, user)
        return None

    def get_user(self, user_id: int) -> User | None:
        """The account of a session; None once it was stopped or its holder has left the office."""
        user = User.objects.select_related("staff").filter(pk=user_id, is_active=True).first()
        if user is None or user.staff is None or user.staff.left_on is None:
            return user
        return user if user.staff.left_on >= timezone.localdate() else None
