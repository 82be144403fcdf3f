"""Who is asking, and whether they may: the token, the permission table, the scope, how often."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from tenshu.ground.access.queries import roles_of
from tenshu.ground.access.table import permission_table
from tenshu.ground.api.actions import note_use
from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.api.queries import find_token
from tenshu.ground.client_address import client_address, network_of
from tenshu.ground.sign_on.queries import has_second_factor, must_have_second_factor, providers
from tenshu.ground.throttle.limits import allow

if TYPE_CHECKING:
    from tenshu.ground.access.models import User
    from tenshu.ground.api.models import ApiToken

FAILURES, FAILURES_WITHIN = 20, 300
"""Wrong tokens from one address, and the seconds in which they are counted."""
ANYBODY = ""
"""The page of operations that every token may use."""


class Token(HttpBearer):
    """Judges a request before anything of it is read: 401, 429, 404 or 403 by the page's row, scope, 415, 422.

    The roles are those that the person holds today, exactly as on the page.
    """

    def __init__(
        self, page: str, noun: str, *, writing: bool, accepts: str = "", names: frozenset[str] = frozenset()
    ) -> None:
        super().__init__()
        self.page = page
        self.noun = noun
        self.writing = writing
        self.accepts = accepts
        self.names = names
        if page != ANYBODY and page not in permission_table():
            raise ValueError(f"The API names the page {page}, which stands in no permission table.")

    @property
    def scope(self) -> str:
        """The scope that the operation needs."""
        if self.page == ANYBODY:
            return ""
        return f"{self.noun}:{'write' if self.writing else 'read'}"

    def __call__(self, request: HttpRequest) -> Any:
        address = client_address(request)
        token = self.authenticate(request, _bearer(request), address)
        request.token, request.person, request.address = token, token.user, address  # type: ignore[attr-defined]
        # Before the roles are asked for: whoever is refused again and again is counted, too.
        seconds = allow("api.token", str(token.pk), limit=settings.API_REQUESTS_A_MINUTE, seconds=60)
        if seconds:
            raise ApiProblem("too-many", headers={"Retry-After": str(seconds)})
        self._judge(token)
        note_use(token)
        self._look_at(request)
        return token

    def authenticate(self, request: HttpRequest, token: str, address: str = "") -> "ApiToken":
        """The token; wrong ones are counted by address, so that nobody can go on guessing."""
        found = find_token(token)
        if found is not None:
            return found
        if token:
            seconds = allow("api.refused", network_of(address), limit=FAILURES, seconds=FAILURES_WITHIN)
            if seconds:
                raise ApiProblem("too-many", headers={"Retry-After": str(seconds)})
        raise ApiProblem("unauthenticated", headers={"WWW-Authenticate": 'Bearer realm="tenshu"'})

    def _judge(self, token: "ApiToken") -> None:
        if self.page == ANYBODY:
            return
        if must_have_second_factor(token.user) and not _may_prove_twice(token.user):
            # A token that was made before a role came, or before the office asked for a second factor.
            raise ApiProblem("forbidden", "あなたの役割では、二要素認証を設定するまでAPIを使えません。")
        match permission_table()[self.page].answer(roles_of(token.user)):
            case 404:
                raise ApiProblem("not-found")
            case 403:
                raise ApiProblem("forbidden")
        if not token.covers(self.noun, writing=self.writing):
            raise ApiProblem("scope", f"このトークンの使える範囲に {self.scope} が入っていません。")

    def _look_at(self, request: HttpRequest) -> None:
        sent = request.META.get("CONTENT_LENGTH") not in (None, "", "0")
        if self.accepts and sent and request.content_type != self.accepts:
            raise ApiProblem("media-type", f"Content-Type を {self.accepts} にしてください。")
        unknown = sorted(set(request.GET) - self.names)
        if unknown:
            raise ApiProblem("invalid", fields=[(name, "この名前の条件はありません。") for name in unknown])


def _may_prove_twice(user: "User") -> bool:
    """Whether the person has a second factor here, or may have shown one to the identity provider."""
    return has_second_factor(user) or any(one.second_factor for one in providers().values())


def _bearer(request: HttpRequest) -> str:
    """The token of the request's header; empty without one."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else ""
