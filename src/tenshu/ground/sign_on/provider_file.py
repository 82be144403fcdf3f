"""The file that names the office's identity providers (``TENSHU_SIGN_ON_FILE``, TOML). Read once by the settings.

Secrets stand in files of their own (``client_secret_file``). A mistake stops the start and says what to mend.
No Django here: the settings import this module.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class ProviderFileError(ValueError):
    """The file cannot be used; the message is Japanese and names the place."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One identity provider. ``staff_number`` is the claim or attribute with the number of the register.

    ``second_factor``: the provider asks for two factors itself, so that this house does not ask again.
    """

    id: str
    kind: str
    name: str
    staff_number: str
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class ProviderFile:
    """What the file says: the providers, the settings of allauth, the directory."""

    providers: tuple[Provider, ...] = ()
    allauth: Mapping[str, Any] = field(default_factory=dict)
    ldap: Mapping[str, Any] = field(default_factory=dict)


def read_provider_file(path: str | None) -> ProviderFile:
    """The providers of the file; none without a path. Raises ``ProviderFileError``."""
    if not path:
        return ProviderFile(allauth=_allauth([], []))
    place = Path(path)
    try:
        content = tomllib.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProviderFileError(
            f"認証基盤の設定ファイル {path} が読めません。場所と権限を確かめてください。"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ProviderFileError(f"認証基盤の設定ファイル {path} の書き方が違います：{error}") from error
    if unknown := content.keys() - {"oidc", "saml", "ldap"}:
        raise ProviderFileError(f"認証基盤の設定に、知らない見出し {'、'.join(sorted(unknown))} があります。")
    sections = [
        _Section(f"oidc {n}件目", raw, place.parent) for n, raw in enumerate(content.get("oidc", []), 1)
    ]
    saml = [_Section(f"saml {n}件目", raw, place.parent) for n, raw in enumerate(content.get("saml", []), 1)]
    oidc_read = [_oidc(section) for section in sections]
    saml_read = [_saml(section) for section in saml]
    providers = [provider for provider, _ in oidc_read + saml_read]
    ldap: dict[str, Any] = {}
    if "ldap" in content:
        provider, ldap = _ldap(_Section("ldap", content["ldap"], place.parent))
        providers.append(provider)
    ids = [provider.id for provider in providers]
    if double := {one for one in ids if ids.count(one) > 1}:
        raise ProviderFileError(
            f"認証基盤の id「{'、'.join(sorted(double))}」が二度あります。別の id にしてください。"
        )
    allauth = _allauth([app for _, app in oidc_read], [app for _, app in saml_read])
    return ProviderFile(tuple(providers), allauth, ldap)


def _allauth(oidc: list[dict[str, Any]], saml: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "openid_connect": {
            "APPS": oidc,
            "OAUTH_PKCE_ENABLED": True,
            "provider_class": "tenshu.ground.sign_on.oidc.CheckedProvider",
        },
        "saml": {"APPS": saml, "provider_class": "tenshu.ground.sign_on.saml_answers.HouseProvider"},
    }


def is_safe_address(url: str) -> bool:
    """Whether the address is https; http is for this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


@dataclass
class _Section:
    """One table of the file, read key by key; what is left over is a mistake."""

    where: str
    raw: Mapping[str, Any]
    folder: Path
    read: set[str] = field(default_factory=set)

    def text(self, key: str, default: str | None = None) -> str:
        self.read.add(key)
        value = self.raw.get(key, default)
        if not isinstance(value, str) or (value == "" and default is None):
            raise ProviderFileError(f"認証基盤の設定の {self.where} に {key} を文字列で書いてください。")
        return value

    def flag(self, key: str, default: bool) -> bool:
        self.read.add(key)
        value = self.raw.get(key, default)
        if not isinstance(value, bool):
            raise ProviderFileError(
                f"認証基盤の設定の {self.where} の {key} は true か false にしてください。"
            )
        return value

    def file(self, key: str, *, required: bool = True) -> str:
        """The content of the file that ``key`` names, beside the settings file when it is relative."""
        name = self.text(key, None if required else "")
        if not name:
            return ""
        try:
            return (self.folder / name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ProviderFileError(
                f"認証基盤の設定の {self.where} の {key}（{name}）が読めません。"
            ) from error

    def secure_url(self, key: str, default: str | None = None) -> str:
        """An https address; http only for this very machine."""
        url = self.text(key, default)
        if url and not is_safe_address(url):
            raise ProviderFileError(f"認証基盤の設定の {self.where} の {key} は https:// で始めてください。")
        return url

    def done(self) -> None:
        if unknown := self.raw.keys() - self.read:
            raise ProviderFileError(
                f"認証基盤の設定の {self.where} に、知らない項目 {'、'.join(sorted(unknown))} があります。"
            )


def _provider(section: _Section, kind: str) -> Provider:
    found = Provider(
        id=section.text("id"),
        kind=kind,
        name=section.text("name"),
        staff_number=section.text("staff_number"),
        second_factor=section.flag("second_factor", default=False),
    )
    if not _ID.fullmatch(found.id):
        raise ProviderFileError(
            f"認証基盤の id「{found.id}」は、半角の英小文字、数字、ハイフンにしてください。"
        )
    return found


def _oidc(section: _Section) -> tuple[Provider, dict[str, Any]]:
    provider = _provider(section, "oidc")
    app = {
        "provider_id": provider.id,
        "name": provider.name,
        "client_id": section.text("client_id"),
        "secret": section.file("client_secret_file"),
        "settings": {
            "server_url": section.secure_url("server"),
            "token_auth_method": section.text("token_auth", "client_secret_basic"),
            "scope": section.text("scope", "openid profile").split(),
        },
    }
    section.done()
    return provider, app


def _saml(section: _Section) -> tuple[Provider, dict[str, Any]]:
    provider = _provider(section, "saml")
    key, certificate = (
        section.file("key_file", required=False),
        section.file("own_certificate_file", required=False),
    )
    idp = _idp(section, provider.id)
    advanced: dict[str, Any] = {
        "strict": True,
        "want_assertion_signed": True,
        "want_attribute_statement": True,
        "reject_idp_initiated_sso": True,
        "reject_deprecated_algorithm": True,
        "allow_single_label_domains": True,
    }
    if key:
        advanced |= {
            "private_key": key,
            "x509cert": certificate,
            "authn_request_signed": True,
            "logout_request_signed": True,
            "logout_response_signed": True,
            "metadata_signed": True,
        }
    app = {
        "provider_id": provider.id,
        "name": provider.name,
        "client_id": provider.id,
        "settings": {
            "idp": idp,
            "sp": {"entity_id": section.text("entity_id", "")},
            "attribute_mapping": {"uid": provider.staff_number},
            "advanced": advanced,
        },
    }
    section.done()
    return provider, app


def _idp(section: _Section, provider_id: str) -> dict[str, Any]:
    """What is known of the provider: by its metadata (a file, or an address), or field by field."""
    idp = {"entity_id": section.text("idp_entity_id")}
    if "metadata_file" in section.raw and "metadata_url" in section.raw:
        raise ProviderFileError(
            f"認証基盤の設定の {section.where} の metadata_file と metadata_url は、どちらか一つにしてください。"
        )
    if "metadata_file" in section.raw:
        xml = section.file("metadata_file")
        return idp | {"metadata_xml": xml, "metadata_url": f"file:{provider_id}"}
    if "metadata_url" in section.raw:
        certificate = section.file("metadata_certificate_file", required=False)
        return idp | {"metadata_url": section.secure_url("metadata_url"), "metadata_cert": certificate}
    return idp | {
        "sso_url": section.secure_url("sso_url"),
        "slo_url": section.secure_url("slo_url", ""),
        "x509cert": section.file("certificate_file"),
    }


def _ldap(section: _Section) -> tuple[Provider, dict[str, Any]]:
    provider = _provider(section, "ldap")
    server = section.text("server")
    start_tls = section.flag("start_tls", default=False)
    if not server.startswith("ldaps://") and not start_tls:
        raise ProviderFileError(
            "認証基盤の設定の ldap は暗号化が要ります。server を ldaps:// にするか、start_tls = true にしてください。"
        )
    values: dict[str, Any] = {
        "server": server,
        "start_tls": start_tls,
        "ca_file": str(section.folder / section.text("ca_file", "")) if section.raw.get("ca_file") else "",
        "bind_dn": section.text("bind_dn", ""),
        "bind_password": section.file("bind_password_file", required=False),
        "search_base": section.text("search_base"),
        "filter": section.text("filter", f"({provider.staff_number}=%(user)s)"),
        "staff_number": provider.staff_number,
    }
    section.read.add("ca_file")
    section.done()
    if "%(user)s" not in values["filter"]:
        raise ProviderFileError("認証基盤の設定の ldap の filter には %(user)s を入れてください。")
    return provider, values
