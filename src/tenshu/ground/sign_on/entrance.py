"""From the first proof to the open house: the second proof in between, the session, the log."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tenshu.ground.access.keeping import remember_person
from tenshu.ground.access.models import User
from tenshu.ground.client_address import client_address, network_of
from tenshu.ground.sign_on.actions.log import log_sign_in
from tenshu.ground.sign_on.actions.sessions import begin_session, forget_session, note_factor
from tenshu.ground.sign_on.models import Factor, Outcome, Way
from tenshu.ground.sign_on.queries import has_second_factor
from tenshu.ground.throttle.limits import allow

MARK = "sign_on"
"""Key of the session under which the house keeps what it knows of the sign-in."""
_PENDING = "sign_on.pending"
_PENDING_FOR = 600
SURE_FOR = 600
"""Seconds for which a proof of the person is good before sensitive steps ask for it again."""
MOST_IDLE_TRIES = 500
BACKEND = "tenshu.ground.access.backends.LockingBackend"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person who has given the first proof."""

    user_id: int
    way: str
    provider: str = ""
    target: str = ""
    since: float = 0.0


def safe_target(request: HttpRequest, target: str | None) -> str:
    """Where to go after the sign-in: an address inside the house, else home."""
    # A bare word would be read as the name of a page (``redirect``), and there may be none of that name.
    hosts = {request.get_host()}
    if target and target.startswith("/") and url_has_allowed_host_and_scheme(target, hosts):
        return target
    return reverse("home:tasks")


def arrive(
    request: HttpRequest, user: User, *, way: Way, provider: str = "", vouched: bool = False, target: str
) -> HttpResponse:
    """After the first proof: ask for the second where the account has one, else let the person in.

    ``vouched``: the identity provider has asked for a second factor itself.
    """
    if not vouched and has_second_factor(user):
        arrival = Arrival(user.pk, way, provider, target, time.time())
        request.session.cycle_key()
        request.session[_PENDING] = asdict(arrival)
        return redirect("sign_on:second-factor")
    factor = Factor.PROVIDER if vouched else Factor.NONE
    return let_in(request, user, way=way, provider=provider, factor=factor, target=target)


def arrival_of(request: HttpRequest) -> tuple[User, Arrival] | None:
    """Who stands between the two proofs in this session, for at most ten minutes."""
    raw = request.session.get(_PENDING)
    if not raw:
        return None
    arrival = Arrival(**raw)
    user = User.objects.select_related("staff").filter(pk=arrival.user_id, is_active=True).first()
    if user is None or time.time() - arrival.since > _PENDING_FOR:
        del request.session[_PENDING]
        return None
    return user, arrival


def let_in(
    request: HttpRequest, user: User, *, way: str, provider: str = "", factor: str = Factor.NONE, target: str
) -> HttpResponse:
    """Open the session and write it down."""
    request.session.pop(_PENDING, None)
    if before := mark_of(request):
        # This browser was signed in already: the new session takes the place, under a key of its own.
        forget_session(before["id"])
        request.session.cycle_key()
    # What the signal handler below writes into the session that Django opens.
    request._sign_on = {"way": way, "provider": provider, "factor": factor}  # type: ignore[attr-defined]
    login(request, user, backend=BACKEND)
    log(request, user, Outcome.LET_IN, way=way, provider=provider, factor=factor)
    response = redirect(target)
    remember_person(request, response, user)
    return response


def log(
    request: HttpRequest, user: User | None, outcome: str, *, way: str, provider: str = "", factor: str = ""
) -> None:
    """Write one try into the sign-in log.

    Tries that name nobody, or were stopped before anything was compared, cost their sender nothing: of one network the
    log takes ``MOST_IDLE_TRIES`` of them in ten minutes. A try that was compared with an account is always written.
    """
    address = client_address(request)
    is_idle = user is None or outcome in (Outcome.LIMITED, Outcome.LOCKED)
    if is_idle and allow("sign_on.logged", network_of(address), limit=MOST_IDLE_TRIES, seconds=600):
        return
    log_sign_in(
        user,
        outcome,
        way=way,
        provider=provider,
        factor=factor,
        address=address,
        user_agent=request.headers.get("User-Agent", ""),
    )


def mark_session(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Signal ``user_logged_in``: every session, however it was opened, is listed and has a beginning."""
    if request.session.session_key is None:
        request.session.create()  # Django has thrown another person's session away and has not named the new one yet
    proof: dict[str, str] = getattr(request, "_sign_on", {"way": Way.PASSWORD, "provider": "", "factor": ""})
    note = begin_session(
        user,
        request.session.session_key or "",
        way=proof["way"],
        factor=proof["factor"],
        address=client_address(request),
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
    )
    now = int(time.time())
    request.session[MARK] = {**proof, "id": note.pk, "started": now, "seen": now, "sure": now}


def mark_of(request: HttpRequest) -> dict[str, Any]:
    """What the session knows of the sign-in; empty for a visitor."""
    found: dict[str, Any] = request.session.get(MARK) or {}
    return found


def is_sure(request: HttpRequest) -> bool:
    """Whether the person has proved who they are within the last ten minutes."""
    last = int(mark_of(request).get("sure", 0))
    return 0 <= time.time() - last <= SURE_FOR


def make_sure(request: HttpRequest) -> None:
    """The person has just proved it again."""
    request.session[MARK] = {**mark_of(request), "sure": int(time.time())}


def remember_factor(request: HttpRequest, factor: str) -> None:
    """A factor that was set up in this session has been proved in it."""
    mark = mark_of(request)
    if mark:
        request.session[MARK] = {**mark, "factor": factor}
        note_factor(mark["id"], factor)
