"""SAML as the house wants it: the provider's metadata by our own door, and the word that ends its session."""

import logging
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from tenshu.ground.outgoing.door import OutgoingError, request
from tenshu.ground.sign_on.provider_file import is_safe_address

logger = logging.getLogger(__name__)

KEPT = 4 * 3600
"""Seconds after which a provider's metadata are asked for anew."""
MOST = 2_000_000
SESSION = "tenshu:session"
"""The word among the attributes under which a provider's own session is named."""
LEFT = "saml_left"
"""The key of our session under which stands whom to sign out at the provider."""


class MetadataError(ValueError):
    """The provider's metadata cannot be had or not believed; the message is for the log."""


def bring_metadata(provider_id: str) -> None:
    """See to it that the provider's metadata are at hand where django-allauth looks for them.

    It would fetch them itself, past our door: so they are put there first. While the provider does not answer, the
    last ones hold. Raises ``MetadataError``.
    """
    idp = _idp_of(provider_id)
    address = idp.get("metadata_url", "")
    if not address:
        return
    key = f"saml.metadata.{address}.{idp['entity_id']}"
    if cache.get(key) is not None:
        return
    last = f"{key}.last"
    try:
        found = read_metadata(idp)
    except MetadataError:
        found = cache.get(last)
        if found is None:
            raise
        logger.warning("The metadata of %s cannot be had; the last ones hold.", provider_id)
    cache.set(key, found, KEPT)
    cache.set(last, found, None)
    if cache.get(key) is None:
        raise MetadataError("There is no cache that keeps metadata.")


def read_metadata(idp: dict[str, Any]) -> dict[str, Any]:
    """What the metadata say of the provider; from the file of the settings, or from its address. Raises ``MetadataError``."""
    from lxml.etree import LxmlError
    from onelogin.saml2.errors import OneLogin_Saml2_Error
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
    from onelogin.saml2.utils import OneLogin_Saml2_Utils

    xml = idp.get("metadata_xml", "").encode() or _fetched(idp["metadata_url"])
    try:
        if idp.get("metadata_cert") and not OneLogin_Saml2_Utils.validate_metadata_sign(
            xml, cert=idp["metadata_cert"]
        ):
            raise MetadataError("The metadata are not signed by the certificate of the settings.")
        found: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.parse(xml, entity_id=idp["entity_id"])
    except (OneLogin_Saml2_Error, LxmlError, KeyError, TypeError) as error:
        raise MetadataError("The metadata cannot be read.") from error
    told = found.get("idp", {})
    addresses = [told.get(name, {}).get("url", "") for name in ("singleSignOnService", "singleLogoutService")]
    if told.get("entityId") != idp["entity_id"] or not addresses[0]:
        raise MetadataError("The metadata do not tell of this provider.")
    if not all(is_safe_address(address) for address in addresses if address):
        raise MetadataError("The metadata name an address without encryption.")
    if not (told.get("x509cert") or told.get("x509certMulti", {}).get("signing")):
        raise MetadataError("The metadata name no certificate.")
    return found


def _fetched(address: str) -> bytes:
    try:
        answer = request("GET", address, timeout=10, max_bytes=MOST, redirects=0)
    except OutgoingError as error:
        raise MetadataError(f"The metadata cannot be had: {error}") from error
    if answer.status != 200:
        raise MetadataError(f"The metadata cannot be had: status {answer.status}.")
    return answer.body


def _idp_of(provider_id: str) -> dict[str, Any]:
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("saml", {}).get("APPS", [])
    found: dict[str, Any] = next(
        (app["settings"]["idp"] for app in apps if app["client_id"] == provider_id), {}
    )
    return found


def offers_sign_out(provider_id: str) -> bool:
    """Whether the provider may have a sign-out of its own, as far as the settings tell."""
    idp = _idp_of(provider_id)
    return bool(idp.get("slo_url") or idp.get("metadata_url"))


def sign_out_address(request: HttpRequest, provider: Any, session: dict[str, Any]) -> str:
    """Where the person goes to end the provider's session; signed where the settings name a key.

    Raises ``OneLogin_Saml2_Error`` when the provider has no sign-out.
    """
    from allauth.socialaccount.providers.saml.utils import build_auth

    address: str = build_auth(request, provider).logout(
        return_to=request.build_absolute_uri(reverse("access:login")),
        name_id=session.get("name_id"),
        session_index=session.get("index"),
        nq=session.get("qualifier"),
        name_id_format=session.get("format"),
    )
    return address
