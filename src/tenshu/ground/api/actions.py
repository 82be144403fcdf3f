"""The writers of tokens."""

import datetime
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.api.models import ApiToken
from tenshu.ground.api.queries import MARK, digest_of
from tenshu.ground.audit.actions import record
from tenshu.ground.audit.snapshot import snapshot

SECRET = frozenset({"digest", "last_used_at"})
"""What the record does not say of a token."""
SHOWN = len(MARK) + 6
ONE_MINUTE = datetime.timedelta(minutes=1)


@transaction.atomic
def do_issue_token(
    user: User, name: str, scopes: Iterable[str], *, days: int, acting_user: User
) -> tuple[ApiToken, str]:
    """Make a token for ``user`` that lasts ``days``; returns it with its text, which nobody can read again.

    Raises ``ValidationError`` for a longer life than the office allows, and for a token without any scope.
    """
    longest = settings.API_TOKEN_DAYS
    if not 1 <= days <= longest:
        raise ValidationError({"days": f"期限は1日から{longest}日までにしてください。"})
    wanted = sorted(set(scopes))
    if not wanted:
        raise ValidationError({"scopes": "使える範囲を1つ以上選んでください。"})
    text = MARK + secrets.token_urlsafe(32)
    token = ApiToken(
        user=user,
        name=name,
        prefix=text[:SHOWN],
        digest=digest_of(text),
        scopes=wanted,
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )
    token.full_clean()
    token.save(force_insert=True)
    record("api.token.issued", token, after=snapshot(token, leave_out=SECRET), acting_user=acting_user)
    return token, text


@transaction.atomic
def do_revoke_token(token: ApiToken, *, acting_user: User, reason: str = "") -> None:
    """Make a token useless at once; one that was revoked before stays as it is."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is not None:
        return
    before = snapshot(token, leave_out=SECRET)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record(
        "api.token.revoked",
        token,
        before=before,
        after=snapshot(token, leave_out=SECRET),
        acting_user=acting_user,
        reason=reason,
    )


def note_use(token: ApiToken) -> None:
    """Remember when the token was last used, at most once a minute. No change of anybody's: not recorded."""
    now = timezone.now()
    if token.last_used_at is not None and token.last_used_at > now - ONE_MINUTE:
        return
    unwritten = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - ONE_MINUTE)
    ApiToken.objects.filter(unwritten, pk=token.pk).update(last_used_at=now)
