"""What is known of a person's factors, sessions and sign-ins."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import roles_of
from tenshu.ground.office.models import Post
from tenshu.ground.sign_on.models import OpenSession, Outcome, SignInEntry
from tenshu.ground.sign_on.provider_file import Provider


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of one account."""

    totp: Authenticator | None
    passkeys: list[Authenticator]
    codes: Authenticator | None

    def __bool__(self) -> bool:
        return bool(self.totp or self.passkeys)

    @property
    def codes_left(self) -> int:
        """How many recovery codes are unused."""
        return len(self.codes.wrap().get_unused_codes()) if self.codes else 0


def factors_of(user: User) -> Factors:
    """All second factors of an account, in one query."""
    kinds = Authenticator.Type
    found = list(Authenticator.objects.filter(user_id=user.pk).order_by("pk"))
    return Factors(
        totp=next((one for one in found if one.type == kinds.TOTP), None),
        passkeys=[one for one in found if one.type == kinds.WEBAUTHN],
        codes=next((one for one in found if one.type == kinds.RECOVERY_CODES), None),
    )


def has_second_factor(user: User) -> bool:
    """Whether a second proof is asked of this account."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists())


def must_have_second_factor(user: User) -> bool:
    """Whether one of the person's roles asks for a second factor (``TENSHU_MFA_REQUIRED_ROLES``)."""
    wanted = frozenset(settings.MFA_REQUIRED_ROLES)
    return bool(wanted) and bool(wanted & roles_of(user))


def own_passkey(user: User, pk: int) -> Authenticator:
    """A passkey of this very person; 404 for every other."""
    found = Authenticator.objects.filter(pk=pk, user_id=user.pk, type=Authenticator.Type.WEBAUTHN).first()
    if found is None:
        raise Http404
    return found


def own_session(user: User, pk: int) -> OpenSession:
    """A session of this very person; 404 for every other."""
    found = OpenSession.objects.filter(pk=pk, user=user).first()
    if found is None:
        raise Http404
    return found


def open_sessions_of(user: User) -> QuerySet[OpenSession]:
    """The sessions that are still good, the last used one first."""
    now = timezone.now()
    return OpenSession.objects.filter(
        user=user,
        seen_at__gt=now - datetime.timedelta(seconds=settings.SESSION_IDLE_SECONDS),
        started_at__gt=now - datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )


def entries() -> QuerySet[SignInEntry]:
    """The sign-in log with the accounts' names."""
    return SignInEntry.objects.select_related("user")


def providers() -> Mapping[str, Provider]:
    """The office's identity providers by id."""
    return {provider.id: provider for provider in settings.SIGN_ON_PROVIDERS}


def linked_to(provider: str, uid: str) -> SocialAccount | None:
    """The link of an identity of a provider."""
    found: SocialAccount | None = (
        SocialAccount.objects.filter(provider=provider, uid=uid).select_related("user").first()
    )
    return found


def why_not(user: User, *, by_provider: bool = False) -> Outcome | None:
    """Why this account may not come in today, whatever it has proved; None when it may.

    Who left cannot come in. An identity provider opens the house only to members of staff with a post of today;
    a local password also to outside auditors, and to those whose post is not yet entered.
    """
    if not user.is_active or user.is_machine:
        return Outcome.STOPPED
    if user.staff is None:
        return Outcome.UNKNOWN_NUMBER if by_provider else None
    today = timezone.localdate()
    if user.staff.left_on is not None and user.staff.left_on < today:
        return Outcome.LEFT
    if by_provider and not Post.objects.as_of(today).filter(staff=user.staff).exists():
        return Outcome.LEFT
    return None
