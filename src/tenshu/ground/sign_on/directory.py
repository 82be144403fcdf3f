"""Sign-in with the password of the office's directory (LDAP). Needs the extra ``tenshu[ldap]``.

The directory says only whether the password is right and which staff number the person has; the rest is the register's.
"""

import logging
from typing import Any

import ldap
from django.conf import settings
from django.http import HttpRequest
from django_auth_ldap.backend import LDAPBackend, LDAPSettings, ldap_error
from django_auth_ldap.config import LDAPSearch

from tenshu.ground.access.locking import account_called, clear_failures, count_failure, seconds_locked
from tenshu.ground.access.models import User
from tenshu.ground.sign_on.actions.identities import SignInRefusedError, do_admit
from tenshu.ground.sign_on.models import Outcome, Way
from tenshu.ground.sign_on.queries import providers

logger = logging.getLogger(__name__)
# The library writes down who tried; what is typed as a name may be anything, even a password.
logging.getLogger("django_auth_ldap").setLevel(logging.CRITICAL)

_TIMEOUT = 5
#: The directory has judged nobody. The person's own wrong password never comes this way: the last one is our reader's.
_DOWN = (
    ldap.SERVER_DOWN,
    ldap.CONNECT_ERROR,
    ldap.TIMEOUT,
    ldap.UNAVAILABLE,
    ldap.BUSY,
    ldap.INVALID_CREDENTIALS,
)


class DirectoryDownError(Exception):
    """The directory cannot be asked: nothing is known of the password."""


class DirectoryBackend(LDAPBackend):  # type: ignore[misc]
    """Binds as the person over TLS. Asked after the local passwords; counts the failures of both."""

    @property
    def settings(self) -> LDAPSettings:
        """What django-auth-ldap wants to know, from the office's file."""
        given = settings.SIGN_ON_LDAP
        options = {ldap.OPT_NETWORK_TIMEOUT: _TIMEOUT, ldap.OPT_TIMEOUT: _TIMEOUT, ldap.OPT_REFERRALS: 0}
        if given["ca_file"]:
            options[ldap.OPT_X_TLS_CACERTFILE] = given["ca_file"]
        options[ldap.OPT_X_TLS_REQUIRE_CERT] = ldap.OPT_X_TLS_DEMAND
        options[ldap.OPT_X_TLS_NEWCTX] = 0  # last: takes the options above into use
        return LDAPSettings(
            "TENSHU_UNUSED_LDAP_",
            {
                "SERVER_URI": given["server"],
                "START_TLS": given["start_tls"],
                "BIND_DN": given["bind_dn"],
                "BIND_PASSWORD": given["bind_password"],
                "USER_SEARCH": LDAPSearch(
                    given["search_base"], ldap.SCOPE_SUBTREE, given["filter"], [given["staff_number"]]
                ),
                "CONNECTION_OPTIONS": options,
                "ALWAYS_UPDATE_USER": False,
                "PERMIT_EMPTY_PASSWORD": False,
            },
        )

    @settings.setter
    def settings(self, value: Any) -> None:
        """The base class would keep its own; there is only the office's file."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The account of the person whose password the directory takes."""
        if not settings.SIGN_ON_LDAP or not username or not password:
            return None
        account = account_called(username)
        if seconds_locked(username, account):
            return None
        try:
            user: User | None = super().authenticate(request, username=username.strip(), password=password)
        except SignInRefusedError as refused:
            if request is not None:
                request._sign_on_refused = refused  # type: ignore[attr-defined]
            return None
        except DirectoryDownError as down:
            logger.warning("The directory cannot be asked: %s", type(down.__cause__).__name__)
            if account is not None and account.has_usable_password():
                count_failure(username, account)  # the local password was compared before, and was wrong
            # Nobody else is counted: else an outage would lock everybody who tries, and at last the whole address.
            if request is not None:
                request._sign_on_refused = SignInRefusedError(Outcome.UNREACHABLE, account)  # type: ignore[attr-defined]
            return None
        if user is None:
            count_failure(username, account)
            return None
        clear_failures(user)
        return user

    def get_or_build_user(self, username: str, ldap_user: Any) -> tuple[User, bool]:
        """The account of the register's entry with the directory's staff number."""
        values = ldap_user.attrs.get(settings.SIGN_ON_LDAP["staff_number"]) or [""]
        number = str(values[0]).strip()
        if not number:
            raise SignInRefusedError(Outcome.UNKNOWN_NUMBER)
        provider = next(one for one in providers().values() if one.kind == Way.LDAP)
        return do_admit(number, provider=provider.id, uid=number), False


def _tell_down(context: str, exception: Exception, **kwargs: Any) -> None:
    """The library would take an outage for a wrong password."""
    if context in ("search_for_user_dn", "authenticate") and isinstance(exception, _DOWN):
        raise DirectoryDownError from exception


ldap_error.connect(_tell_down, dispatch_uid="sign_on.directory-down")
