"""The lock on what is kept of a form (``access.keeping``): the browser holds the key, the database what is locked.

So a copy of the database shows nobody what a person had typed, and of the server's own keys none opens it.
"""

import base64
import binascii
import json
import secrets
import zlib
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE_DAYS = 14
_KEY_BYTES, _NONCE_BYTES = 32, 12


def cookie_name() -> str:
    """The key's cookie. Over https its name forbids every other host, and pages without https, to set it."""
    return "__Host-tenshu_typed" if settings.SESSION_COOKIE_SECURE else "tenshu_typed"


def browser_key(request: HttpRequest) -> bytes | None:
    """The key that this browser brings; ``None`` when it brings none, or nothing that is one."""
    try:
        key = base64.b64decode(request.COOKIES.get(cookie_name(), ""), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == _KEY_BYTES else None


def new_key() -> bytes:
    """256 random bits."""
    return secrets.token_bytes(_KEY_BYTES)


def give_key(response: HttpResponse, key: bytes) -> None:
    """Leave the key in the browser, and nowhere else."""
    response.set_cookie(
        cookie_name(),
        base64.urlsafe_b64encode(key).decode("ascii"),
        max_age=COOKIE_DAYS * 24 * 3600,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def lock(key: bytes, person: int, told: dict[str, Any]) -> str:
    """``told`` under ``key``, for ``person`` alone (AES-256-GCM)."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    plain = zlib.compress(json.dumps(told).encode())
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, plain, str(person).encode())).decode("ascii")


def unlock(key: bytes, person: int, locked: str) -> dict[str, Any] | None:
    """What was locked for this person; ``None`` with another key, or when it was locked for somebody else."""
    raw = base64.b64decode(locked)
    try:
        plain = AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], str(person).encode())
    except InvalidTag:
        return None
    told: dict[str, Any] = json.loads(zlib.decompress(plain))
    return told
