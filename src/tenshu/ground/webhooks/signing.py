"""HMAC-SHA256 over time, identifier and body, and the sealing of the keys in the database."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class UnreadableSecretError(Exception):
    """A key was sealed by another house key (TENSHU_SECRET_KEY was changed)."""


def new_secret() -> str:
    """A key of 256 random bits, in letters."""
    return f"tenshu_{secrets.token_urlsafe(32)}"


def seal(secret: str) -> str:
    """The key as the database keeps it: useless without the house's own key."""
    return _fernet().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The key again; raises ``UnreadableSecretError``."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise UnreadableSecretError from None


def signature(keys: Iterable[str], *, message_id: str, timestamp: int, body: bytes) -> str:
    """``v1=HEX`` a key, by commas: after a rotation the receiver may know either.

    HEX is HMAC-SHA256 of ``TIMESTAMP.ID.BODY``: neither time nor identifier can be changed without the key.
    """
    signed = f"{timestamp}.{message_id}.".encode() + body
    return ",".join(f"v1={hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()}" for key in keys)


def _fernet() -> MultiFernet:
    """Seals by the house's key; opens what a former one has sealed as well (``SECRET_KEY_FALLBACKS``)."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (
        salted_hmac("tenshu.webhooks", "seal", secret=key, algorithm="sha256").digest() for key in keys
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
