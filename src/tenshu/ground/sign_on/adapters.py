"""Where django-allauth asks the house: who may come in, under which name, how secrets are kept."""

import base64
import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from requests import ConnectionError  # noqa: A004 - what our transport raises, no builtin

from tenshu.ground.access.models import User
from tenshu.ground.sign_on.models import Outcome

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: accounts come from the register."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: their secrets are kept encrypted by the house's secret key."""

    def encrypt(self, text: str) -> str:
        """Encrypted under the present key."""
        return _box().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypted by the present key or one of ``SECRET_KEY_FALLBACKS``."""
        return _box().decrypt(encrypted_text.encode("ascii")).decode()

    def get_totp_issuer(self) -> str:
        """The name over the code in an authenticator app."""
        return "天守"

    def _get_site_name(self) -> str:
        return "天守"

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """The account as the browser shows it when a passkey is chosen."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.login_name, "display_name": user.display_name}


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Identity providers: named by the settings alone, judged by the register."""

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[Any]:
        """The providers of the settings; no table of the database is asked."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def get_requests_session(self) -> Any:
        """By our own door: judged addresses, the office's certificates and proxy, limits of time and size."""
        from tenshu.ground.sign_on.transport import door_session

        return door_session()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Everything after a proven identity is the house's own: allauth's flow ends here."""
        from tenshu.ground.sign_on.ui.providers import arrive_from_provider

        raise ImmediateHttpResponse(arrive_from_provider(request, sociallogin))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """What the provider answered is not believed, the person turned back, or the provider is not there."""
        from tenshu.ground.sign_on.ui.providers import refuse_answer

        # The kind only: the words of a provider may hold what it knows of the person.
        kind = type(exception).__qualname__ if exception else error
        logger.warning("%s: %s", provider.app.provider_id, kind)
        outcome = Outcome.CANCELLED if error == AuthError.CANCELLED else Outcome.DOUBTED
        if isinstance(exception, ConnectionError):
            outcome = Outcome.UNREACHABLE
        raise ImmediateHttpResponse(refuse_answer(request, provider.app.provider_id, outcome))

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """A mail address proves nothing here: nobody is found by it."""


def _box() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(secret: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tenshu.sign_on.factors")
    return base64.urlsafe_b64encode(kdf.derive(secret.encode()))
