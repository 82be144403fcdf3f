"""Open sessions: begun at sign-in, touched once a minute, ended here or from another browser."""

import datetime
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import record
from tenshu.ground.sign_on.models import Factor, OpenSession, Way


def begin_session(
    user: User,
    session_key: str,
    *,
    way: str = Way.PASSWORD,
    factor: str = Factor.NONE,
    address: str,
    user_agent: str,
) -> OpenSession:
    """Note a new session. Signing in changes nothing of the office's record: the log tells it, not the record."""
    now = timezone.now()
    return OpenSession.objects.create(
        user=user,
        session_key=session_key,
        way=way,
        factor=factor,
        address=address[:45],
        user_agent=user_agent[:300],
        started_at=now,
        seen_at=now,
    )


def touch_session(pk: int, session_key: str) -> bool:
    """Note that the session was used just now; False when it was ended meanwhile."""
    return OpenSession.objects.filter(pk=pk).update(seen_at=timezone.now(), session_key=session_key) == 1


def note_factor(pk: int, factor: str) -> None:
    """Note the second factor that the person has set up in this very session."""
    OpenSession.objects.filter(pk=pk).update(factor=factor)


def forget_session(pk: int) -> None:
    """Drop the note of a session that has ended by itself."""
    OpenSession.objects.filter(pk=pk).delete()


@transaction.atomic
def do_end_sessions(sessions: Iterable[OpenSession], *, acting_user: User, reason: str = "") -> int:
    """Sign these sessions out at once, wherever they are; returns how many."""
    ended = list(sessions)
    for key in [session.session_key for session in ended]:
        _store()(key).delete()
    OpenSession.objects.filter(pk__in=[session.pk for session in ended]).delete()
    for user in {session.user_id: session.user for session in ended}.values():
        count = sum(session.user_id == user.pk for session in ended)
        record(
            "sign_on.sessions.ended", user, before={"count": count}, reason=reason, acting_user=acting_user
        )
    return len(ended)


def prune_sessions() -> int:
    """Drop the notes of sessions that are over, and Django's own expired rows; returns how many notes."""
    now = timezone.now()
    idle = now - datetime.timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    old = now - datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    _store().clear_expired()
    return OpenSession.objects.filter(Q(seen_at__lt=idle) | Q(started_at__lt=old)).delete()[0]


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore
