"""The permission table: which role may open which URL. Every room gives its rows in ``permissions.py``.

A URL that no row names answers 404 for everybody (``access.middleware``), and a test fails.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from tenshu.ground.access.roles import Role
from tenshu.ground.rooms import offered


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: a URL's name, the roles that may use it, and the roles that know of it but may not.

    Roles in ``allowed`` get the page (200, or a redirect after a write), roles in ``readers`` get 403,
    all others 404. ``public`` pages need no sign-in, ``signed_in`` ones no role. Whether the single object may be seen is decided
    by the gates behind.
    """

    url: str
    allowed: frozenset[Role] = frozenset()
    readers: frozenset[Role] = frozenset()
    public: bool = False
    signed_in: bool = False

    def answer(self, roles: Iterable[Role]) -> int:
        """200, 403 or 404 for a signed-in person with these roles."""
        held = set(roles)
        if self.public or self.signed_in or held & self.allowed:
            return 200
        return 403 if held & self.readers else 404


@functools.cache
def permission_table() -> dict[str, Rule]:
    """All rows of all installed rooms by URL name. A URL named twice is a mistake and raises ``ValueError``."""
    table: dict[str, Rule] = {}
    for rules in offered("permissions", "TABLE"):
        for rule in rules:
            if rule.url in table:
                raise ValueError(f"The URL {rule.url} stands twice in the permission table.")
            table[rule.url] = rule
    return table
