"""Asking the API in tests: a token for a person, a request, its answer."""

from typing import Any

from django.test import Client

from tenshu.ground.access.models import User
from tenshu.ground.api.actions import do_issue_token
from tenshu.ground.api.assembly import all_routes

ROOT = "/api/v1"


def every_scope() -> list[str]:
    return [f"{routes.noun}:write" for routes in all_routes()]


def token_for(user: User, *scopes: str, days: int = 30) -> str:
    """The text of a token of ``user`` with ``scopes``, or with every one."""
    return do_issue_token(user, "試験", scopes or every_scope(), days=days, acting_user=user)[1]


class Asker:
    """Asks as one person."""

    def __init__(self, user: User | None, *scopes: str) -> None:
        self.headers = {"Authorization": f"Bearer {token_for(user, *scopes)}"} if user else {}
        self.client = Client()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request; ``body`` goes as JSON."""
        given = {"data": body, "content_type": "application/json"} if body is not None else {}
        return getattr(self.client, method.lower())(
            f"{ROOT}{path}", headers={**self.headers, **headers}, **given
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)
