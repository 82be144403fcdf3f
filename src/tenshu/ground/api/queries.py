"""Readers of tokens: one's own, everybody's, and the one behind a request."""

import hashlib

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.api.models import ApiToken
from tenshu.ground.sign_on.queries import why_not

MARK = "tsh_"
"""How a token begins, so that a leaked one is recognised by eye and by scanners."""
LENGTH = len(MARK) + 43


def digest_of(token: str) -> str:
    """The hash under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_token(text: str) -> ApiToken | None:
    """The usable token that reads ``text``, with its person; ``None`` also for a person who may not sign in today.

    Who has left the office may still hold a grant, and with it a role: the token ends with the sessions.
    """
    if len(text) != LENGTH or not text.startswith(MARK) or not text.isascii():
        return None
    token = ApiToken.objects.select_related("user__staff").filter(digest=digest_of(text)).first()
    if token is None or not token.is_usable:
        return None
    person = token.user
    return token if why_not(person) is None and not person.must_change_password else None


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """One's own tokens, the newest first."""
    return ApiToken.objects.filter(user=user).select_related("user")


def all_tokens(user: User) -> QuerySet[ApiToken]:
    """Everybody's tokens, for the secretariat."""
    if not holds_any(user, EDITORS):
        raise PermissionDenied
    return ApiToken.objects.select_related("user")


def access_token(user: User, pk: int) -> ApiToken:
    """A token to be revoked: one's own, any for the secretariat, else 404."""
    token = ApiToken.objects.select_related("user").filter(pk=pk).first()
    if token is None or (token.user_id != user.pk and not holds_any(user, EDITORS)):
        raise Http404
    return token
