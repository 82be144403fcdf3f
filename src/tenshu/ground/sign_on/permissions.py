"""The permission table's rows of sign-on."""

from tenshu.ground.access.roles import EDITORS, READERS, Role
from tenshu.ground.access.table import Rule

_DOOR = (
    "second-factor",
    "passkey-options",
    "passkey-sign-in",
    "oidc-start",
    "oidc-callback",
    "provider-sign-out",
    "saml-start",
)
_OWN = (
    "account",
    "own-log",
    "totp-add",
    "totp-remove",
    "passkey-add",
    "passkey-remove",
    "codes",
    "session-end",
    "session-end-others",
    "confirm",
)

TABLE: list[Rule] = [
    *(Rule(f"sign_on:{name}", public=True) for name in _DOOR),
    *(Rule(name, public=True) for name in ("saml_acs", "saml_finish_acs", "saml_metadata", "saml_sls")),
    *(Rule(f"sign_on:{name}", signed_in=True) for name in _OWN),
    Rule("sign_on:user-sessions-end", allowed=EDITORS, readers=READERS),
    Rule("sign_on:user-factors-reset", allowed=EDITORS, readers=READERS),
    Rule("access:sign-in-list", allowed=frozenset({Role.SECURITY, Role.SECRETARIAT})),
]
