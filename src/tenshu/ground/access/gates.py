"""The gate to the person behind a request, and to accounts."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from tenshu.ground.access.models import RoleGrant, User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS, READERS


def signed_in(request: HttpRequest) -> User:
    """The signed-in person; 404 when there is none (the permission table has sent visitors to sign-in before)."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def access_user(user: User, pk: int, action: str = "read") -> User:
    """An account: oneself and those who see the whole office read, the secretariat writes."""
    if user.pk != pk and not holds_any(user, READERS):
        raise Http404
    found = User.objects.select_related("staff").filter(pk=pk, is_machine=False).first()
    if found is None:
        raise Http404
    if action == "write" and not holds_any(user, EDITORS):
        raise PermissionDenied
    return found


def access_grant(user: User, pk: int) -> RoleGrant:
    """A granted role, to be ended by the secretariat."""
    if not holds_any(user, EDITORS):
        raise PermissionDenied
    found = RoleGrant.objects.select_related("user").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
