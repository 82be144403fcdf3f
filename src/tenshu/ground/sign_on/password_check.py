"""One try with a sign-in name and a password: limits, lock, proof, register. Knows no page."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest

from tenshu.ground.access.keeping import was_here
from tenshu.ground.access.locking import account_called, seconds_locked
from tenshu.ground.access.models import User
from tenshu.ground.client_address import client_address, network_of
from tenshu.ground.sign_on.actions.identities import SignInRefusedError
from tenshu.ground.sign_on.models import Outcome, Way
from tenshu.ground.sign_on.queries import why_not
from tenshu.ground.throttle.limits import allow, wait

ADDRESS_SCOPE = "sign_on.address"
ADDRESS_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the try. ``user``: who came in, or whose account was tried (for the log alone)."""

    outcome: Outcome
    user: User | None
    way: Way = Way.PASSWORD
    seconds: int = 0


def check_password(request: HttpRequest, name: str, password: str) -> Checked:
    """Check one try and count it when it fails: by name (locking) and by address (of IPv6 by network).

    Many people may stand behind one address. Where it has failed too often, browsers in which the very person has
    worked before go on: for them the lock of the name is enough.
    """
    address = network_of(client_address(request))
    account = account_called(name)
    limit = settings.SIGN_IN_FAILURES_PER_ADDRESS
    is_known = account is not None and was_here(request) == account.pk
    if not is_known and (seconds := wait(ADDRESS_SCOPE, address, limit=limit)):
        return Checked(Outcome.LIMITED, account, seconds=seconds)
    if seconds := seconds_locked(name, account):
        allow(ADDRESS_SCOPE, address, limit=limit, seconds=ADDRESS_SECONDS)
        return Checked(Outcome.LOCKED, account, seconds=seconds)
    user = authenticate(request, username=name, password=password)
    if isinstance(user, User):
        way = Way.LDAP if getattr(user, "backend", "").endswith("DirectoryBackend") else Way.PASSWORD
        refusal = why_not(user, by_provider=way == Way.LDAP)
        return Checked(refusal or Outcome.LET_IN, user, way)
    refused: SignInRefusedError | None = getattr(request, "_sign_on_refused", None)
    if refused is not None and refused.outcome == Outcome.UNREACHABLE:
        return Checked(refused.outcome, refused.user, Way.LDAP)
    allow(ADDRESS_SCOPE, address, limit=limit, seconds=ADDRESS_SECONDS)
    if refused is not None:
        return Checked(refused.outcome, refused.user, Way.LDAP)
    return Checked(Outcome.WRONG, account)
