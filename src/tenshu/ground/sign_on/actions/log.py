"""The sign-in log. It is no part of the record of the office's changes and is kept for a set time only."""

import datetime

from django.conf import settings
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.sign_on.models import Factor, SignInEntry


def log_sign_in(
    user: User | None,
    outcome: str,
    *,
    way: str,
    provider: str = "",
    factor: str = Factor.NONE,
    address: str,
    user_agent: str,
) -> SignInEntry:
    """Write down one try. Call it outside a transaction that the try may roll back."""
    return SignInEntry.objects.create(
        at=timezone.now(),
        user=user,
        outcome=outcome,
        way=way,
        provider=provider[:50],
        factor=factor,
        address=address[:45],
        user_agent=user_agent[:300],
    )


def prune_log() -> int:
    """Delete what is older than ``TENSHU_SIGN_IN_LOG_DAYS``; returns how many."""
    limit = timezone.now() - datetime.timedelta(days=settings.SIGN_IN_LOG_DAYS)
    return SignInEntry.objects.filter(at__lt=limit).delete()[0]
