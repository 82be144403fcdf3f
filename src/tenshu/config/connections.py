"""How the house reaches others: outgoing requests, the mail server, the return mailbox."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from tenshu.config.environment import EnvironmentValueError, env_bool, env_int, env_list, env_secret
from tenshu.ground.notices.setup import setup_from

_TRUST_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)
_SMTP_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_IMAP_PORTS = {"none": 143, "tls": 993}


def trust_store() -> str:
    """The system's root certificates, a PEM file."""
    return next((path for path in _TRUST_STORES if Path(path).exists()), _TRUST_STORES[0])


def outgoing_settings() -> dict[str, Any]:
    """``TENSHU_OUTGOING_*``: own networks and hosts, ports, proxy, own certificate authority."""
    return {
        "allow": env_list("TENSHU_OUTGOING_ALLOW", default=[]),
        "ports": [
            _port("TENSHU_OUTGOING_PORTS", text)
            for text in env_list("TENSHU_OUTGOING_PORTS", default=["80", "443"])
        ],
        "proxy": _text("TENSHU_OUTGOING_PROXY", default=""),
        "ca_file": _text("TENSHU_OUTGOING_CA_FILE", default=trust_store()),
    }


def mail_settings() -> dict[str, Any]:
    """``TENSHU_SMTP_*``, ``TENSHU_IMAP_*`` and ``TENSHU_MAIL_*``. Without a mail server nothing is mailed.

    Raises ``EnvironmentValueError`` for what could never work.
    """
    values = {
        "smtp": _server("SMTP", {"smtp": "starttls", "smtps": "tls"}, _SMTP_PORTS),
        "imap": _server("IMAP", {"imap": "none", "imaps": "tls"}, _IMAP_PORTS),
        "mailbox": _text("TENSHU_IMAP_MAILBOX", default="INBOX"),
        "from": _text("TENSHU_MAIL_FROM", default=""),
        "return_path": _text("TENSHU_MAIL_RETURN", default=""),
        "control_copy": env_bool("TENSHU_MAIL_CONTROL_COPY", default=True),
        "settle_seconds": env_int("TENSHU_MAIL_SETTLE_SECONDS", default=600),
        "lease_seconds": env_int("TENSHU_MAIL_LEASE_SECONDS", default=600),
        "hours": _text("TENSHU_MAIL_HOURS", default="08:00-20:00"),
        "flood": env_int("TENSHU_MAIL_FLOOD", default=5),
        "ca_file": _text("TENSHU_MAIL_CA_FILE", default=trust_store()),
        "base_url": _text("TENSHU_BASE_URL", default="").rstrip("/"),
    }
    try:
        setup_from(values)
    except ImproperlyConfigured as error:
        raise EnvironmentValueError(str(error)) from error
    return values


def _text(name: str, *, default: str) -> str:
    return os.environ.get(name) or default


def _server(name: str, schemes: dict[str, str], ports: dict[str, int]) -> dict[str, Any] | None:
    """A server by ``TENSHU_NAME_URL`` or by ``_HOST``, ``_PORT``, ``_USER``, ``_TLS``; the password apart."""
    url = _text(f"TENSHU_{name}_URL", default="")
    if url:
        parts = urlsplit(url)
        if parts.scheme not in schemes or not parts.hostname:
            raise EnvironmentValueError(
                f"環境変数 TENSHU_{name}_URL の値は読めません。{'、'.join(schemes)} で始まるURLにしてください。"
            )
        tls = _text(f"TENSHU_{name}_TLS", default=schemes[parts.scheme])
        host, port = parts.hostname, parts.port
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    else:
        host, user, password = (
            _text(f"TENSHU_{name}_HOST", default=""),
            _text(f"TENSHU_{name}_USER", default=""),
            "",
        )
        if not host:
            return None
        tls = _text(f"TENSHU_{name}_TLS", default="starttls" if "starttls" in ports else "tls")
        given = _text(f"TENSHU_{name}_PORT", default="")
        port = _port(f"TENSHU_{name}_PORT", given) if given else None
    if tls not in ports:
        raise EnvironmentValueError(
            f"環境変数 TENSHU_{name}_TLS の値「{tls}」は使えません。{'、'.join(ports)} のどれかにしてください。"
        )
    return {
        "host": host,
        "port": port or ports[tls],
        "user": user,
        "password": env_secret(f"TENSHU_{name}_PASSWORD") or password,
        "tls": tls,
    }


def _port(name: str, text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise EnvironmentValueError(f"環境変数 {name} の値「{text}」はポート番号ではありません。")
    return int(text)
