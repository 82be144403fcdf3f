"""The API about itself: whose token this is."""

import datetime

from tenshu.ground.access.queries import roles_of
from tenshu.ground.api.guard import ANYBODY
from tenshu.ground.api.routes import ApiRequest, Routes
from tenshu.ground.api.values import Out, PersonRef, StaffRef

ROUTES = Routes("token", "トークン")


class TokenOut(Out):
    """The token with which was asked."""

    name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime.datetime


class WhoAmI(Out):
    """Who asks, and as what."""

    person: PersonRef
    staff: StaffRef | None
    roles: list[str]
    token: TokenOut


@ROUTES.get("/whoami", page=ANYBODY, gives=WhoAmI, summary="トークンの持ち主と役割", personal=True)
def whoami(request: ApiRequest) -> WhoAmI:
    """だれのトークンか、いまどの役割を持つか、どこまで使えるか."""
    person, token = request.person, request.token
    return WhoAmI(
        person=PersonRef.of(person),
        staff=StaffRef.of(person.staff) if person.staff else None,
        roles=sorted(roles_of(person)),
        token=TokenOut(
            name=token.name, prefix=token.prefix, scopes=token.scopes, expires_at=token.expires_at
        ),
    )
