"""OpenID Connect as the house wants it: every token's signature is checked, and both answers tell of one person."""

import secrets
from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse


class CheckedAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Stricter than the library: a signature counts also over TLS, and a missing identity token is refused."""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the provider sends the person back to."""
        path = reverse("sign_on:oidc-callback", kwargs={"provider_id": self.provider_id})
        return request.build_absolute_uri(path)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        return claims

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """The proven claims; refused when user information belongs to another subject (OpenID Connect Core 5.3.2)."""
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("The answer holds no identity token.")
        login = super().complete_login(request, app, token, **kwargs)
        data = login.account.extra_data
        if data.get("userinfo", {}).get("sub") != data["id_token"].get("sub"):
            raise OAuth2Error("The identity token and the user information are of different subjects.")
        return login


class CheckedProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """An OpenID Connect provider that answers to ``CheckedAdapter``."""

    oauth2_adapter_class = CheckedAdapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> Any:
        """Off to the provider, with a nonce that its token has to bring back (OpenID Connect Core 3.1.2.1)."""
        nonce = secrets.token_urlsafe(24)
        kwargs |= {"auth_params": {**self.get_auth_params(), "nonce": nonce}, "nonce": nonce}
        return super().redirect(request, process, next_url=next_url, data=data, **kwargs)

    def get_default_scope(self) -> list[str]:
        """What the office's file asks for; no mail address is wanted."""
        return list(self.app.settings.get("scope") or ["openid", "profile"])


def is_ours(login: Any) -> bool:
    """Whether the token was made for this very sign-in: it carries our nonce."""
    nonce = login.state.get("nonce", "")
    given = login.account.extra_data.get("id_token", {}).get("nonce", "")
    return bool(nonce) and secrets.compare_digest(nonce, str(given))


def claim(data: dict[str, Any], name: str) -> str:
    """A claim as text, from the signed token first; empty when it is missing."""
    for source in (data.get("id_token", {}), data.get("userinfo", {})):
        if source.get(name) not in (None, ""):
            return str(source[name]).strip()
    return ""


def attribute(data: dict[str, Any], name: str) -> str:
    """The one value of a SAML attribute; empty when it is missing or there are several."""
    values = data.get(name) or []
    return str(values[0]).strip() if len(values) == 1 else ""
