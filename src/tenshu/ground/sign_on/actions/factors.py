"""Second factors: set up, used, taken away. Secrets and codes never reach the record."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import record
from tenshu.ground.throttle.limits import allow

_TOTP_LIVES = 90  # seconds: the step itself and one on either side
_KINDS = {
    Authenticator.Type.TOTP: "totp",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "codes",
}


@transaction.atomic
def do_add_totp(user: User, secret: str, *, acting_user: User) -> list[str]:
    """Set up the authenticator app, replacing an earlier one. Returns new recovery codes, if the account had none."""
    _one_at_a_time(user)
    Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)
    record("sign_on.totp.added", user, acting_user=acting_user)
    return _first_codes(user, acting_user=acting_user)


@transaction.atomic
def do_add_passkey(user: User, name: str, credential: Mapping[str, Any], *, acting_user: User) -> list[str]:
    """Keep a passkey whose registration was verified. Returns new recovery codes, if the account had none."""
    _one_at_a_time(user)
    WebAuthn.add(user, name, dict(credential))
    record("sign_on.passkey.added", user, after={"name": name}, acting_user=acting_user)
    return _first_codes(user, acting_user=acting_user)


@transaction.atomic
def do_remove_factor(factor: Authenticator, *, acting_user: User) -> None:
    """Take a factor away. Recovery codes alone are no factor: they go with the last one."""
    user = factor.user
    before = {"name": factor.wrap().name} if factor.type == Authenticator.Type.WEBAUTHN else {}
    factor.delete()
    record(f"sign_on.{_KINDS[factor.type]}.removed", user, before=before, acting_user=acting_user)
    rest = Authenticator.objects.filter(user_id=user.pk)
    if not rest.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        rest.delete()


@transaction.atomic
def do_renew_codes(user: User, *, acting_user: User) -> list[str]:
    """New recovery codes; the earlier ones end. They are shown once."""
    _one_at_a_time(user)
    Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    record("sign_on.codes.issued", user, acting_user=acting_user)
    return codes


@transaction.atomic
def do_reset_factors(user: User, *, acting_user: User, reason: str) -> None:
    """Take away all factors and links to identity providers: for a lost phone, or a wrong link."""
    held = Authenticator.objects.filter(user_id=user.pk)
    links = SocialAccount.objects.filter(user_id=user.pk)
    before = {
        "factors": sorted(held.values_list("type", flat=True)),
        "providers": sorted(links.values_list("provider", flat=True)),
    }
    held.delete()
    links.delete()
    record("sign_on.factors.reset", user, before=before, reason=reason, acting_user=acting_user)


def plain_code(code: str) -> str:
    """A code as it is compared and remembered: half-width, without spaces and signs.

    The library leaves these out when it compares: one code has many spellings, and using one uses them all.
    """
    return str(normalize_user_code(unicodedata.normalize("NFKC", code)))


def is_first_use(user_id: int, code: str) -> bool:
    """Whether a right code of the app was not used before, on any machine of the house; it is used now."""
    # Not the library's own check: it remembers used codes in the memory of one process.
    key = f"{user_id}:{plain_code(code)}"
    return not allow("sign_on.totp-used", key, limit=1, seconds=_TOTP_LIVES)


def check_totp(factor: Authenticator, code: str) -> bool:
    """Whether the app's code is right and was not used before."""
    if not validate_totp_code(decrypt(factor.data["secret"]), plain_code(code)):
        return False
    if not is_first_use(factor.user_id, code):
        return False
    factor.record_usage()
    return True


def do_use_code(factor: Authenticator, code: str) -> bool:
    """Use up one recovery code; False when it is wrong or was used before."""
    with transaction.atomic():
        wrapped = factor.wrap()
        if not wrapped.validate_code(plain_code(code)):
            return False
        Authenticator.objects.filter(pk=factor.pk).update(last_used_at=timezone.now())
        left = len(wrapped.get_unused_codes())
        record("sign_on.code.used", factor.user, after={"left": left}, acting_user=factor.user)
    return True


def _one_at_a_time(user: User) -> None:
    """A button pressed twice must neither hand out two lists of codes nor meet the first press half done."""
    User.objects.select_for_update().get(pk=user.pk)


def _first_codes(user: User, *, acting_user: User) -> list[str]:
    codes = Authenticator.Type.RECOVERY_CODES
    if Authenticator.objects.filter(user_id=user.pk, type=codes).exists():
        return []
    return do_renew_codes(user, acting_user=acting_user)
