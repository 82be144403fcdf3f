"""Every URL of the site, asked by a visitor and by the seven roles, answers what the permission table says."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tenshu.ground.access.roles import Role
from tenshu.ground.access.table import Rule, permission_table
from tenshu.ground.api.assembly import all_routes
from tenshu.ground.api.guard import Token
from tenshu.ground.api.tests.asking import Asker
from tests.world import World

#: Pages whose single object belongs to one person or some roles: what the gate behind answers to the others.
_OTHERS = set(Role) - {Role.SECRETARIAT}
_OUTSIDE = {Role.STAFF, Role.AUDITOR}
#: A sheet of another division, for those who see the whole office and for those who do not.
_NOT_MINE = {Role.SECURITY: 403, Role.EXECUTIVE: 403, Role.STAFF: 404}
GATED: dict[str, dict[Role, int]] = {
    **{
        f"exchange:run-{name}": dict.fromkeys(_OTHERS, 404)
        for name in ("detail", "choose", "commit", "refresh", "cancel", "marked", "file")
    },
    # Who may take the register out but not bring it in is a reader.
    "exchange:table-import": dict.fromkeys(_OTHERS - _OUTSIDE, 403) | dict.fromkeys(_OUTSIDE, 404),
    "exchange:table-export": dict.fromkeys(_OUTSIDE, 404),
    # One's own tokens, and anybody's for the secretariat.
    "api:token-revoke": dict.fromkeys(_OTHERS, 404),
    "files:attachment-download": dict.fromkeys(_OUTSIDE, 404),
    # Any member of staff may get a sheet handed over: the gate tells whose it is.
    **{
        f"inquiry:campaign-{name}": {Role.STAFF: 404}
        for name in ("detail", "answers", "rows", "counts", "hearings", "differences")
    },
    "inquiry:sheet-detail": {Role.STAFF: 404},
    "inquiry:sheet-rows": {Role.STAFF: 404},
    "inquiry:sheet-workbook": {Role.STAFF: 404},
    **{f"inquiry:sheet-workbook-{name}": _NOT_MINE for name in ("in", "check", "marked")},
    **{
        f"inquiry:{name}": _NOT_MINE
        for name in ("sheet-answer", "sheet-files", "sheet-paste", "sheet-submit")
    },
    **{f"inquiry:{name}": _NOT_MINE for name in ("row-add", "row-correct", "row-remove", "sheet-hand-back")},
    **{f"inquiry:{name}": _NOT_MINE for name in ("sheet-delegate", "sheet-take-back")},
    # Whoever confirms is the head, or the substitute of the day.
    "inquiry:sheet-return": _NOT_MINE | {Role.OFFICER: 403},
    "inquiry:sheet-confirm": _NOT_MINE | {Role.OFFICER: 403, Role.SECRETARIAT: 403},
    # Somebody else's session and passkey.
    "sign_on:session-end": dict.fromkeys(Role, 404),
    "sign_on:passkey-remove": dict.fromkeys(Role, 404),
}


#: The way in: what these answer depends on what came before them, not on a role.
DOORS = {
    "sign_on:second-factor",
    "sign_on:passkey-options",
    "sign_on:passkey-sign-in",
    "sign_on:oidc-start",
    "sign_on:oidc-callback",
    "sign_on:provider-sign-out",
    "sign_on:saml-start",
    "saml_acs",
    "saml_finish_acs",
    "saml_metadata",
    "saml_sls",
}


def all_urls(patterns=None, namespace="", keywords=()):
    """Every URL name of the site with the keywords of its path."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        own = (*keywords, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            prefix = f"{entry.namespace}:" if entry.namespace else ""
            yield from all_urls(entry.url_patterns, namespace + prefix, own)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", own


URLS = sorted(dict(all_urls()).items())


def test_every_url_of_the_site_stands_in_the_permission_table():
    assert {name for name, _ in URLS} == set(permission_table())


def expected(rule: Rule, role: Role, held: frozenset[Role]) -> int:
    answer = rule.answer(held)
    return GATED.get(rule.url, {}).get(role, answer) if answer == 200 else answer


def status_of(client: Client, name: str, world: World, keywords: tuple[str, ...]) -> int:
    """The status as the table counts it: a page that only takes POST, or sends on, is open."""
    response = client.get(reverse(name, kwargs=world.example(keywords)))
    if response.status_code == 405 or (response.status_code == 302 and "/login/" not in response["Location"]):
        return 200
    return response.status_code


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_the_answer_of_the_table_on_every_url(role, world):
    from tenshu.ground.access.queries import roles_of

    user = world.users[role]
    held = roles_of(user)
    wrong = []
    for name, keywords in URLS:
        if name in DOORS:
            continue
        client = Client()
        client.force_login(user)
        wanted = expected(permission_table()[name], role, held)
        url = reverse(name, kwargs=world.example(keywords))
        if wanted == 200:
            found = {status_of(client, name, world, keywords)}
        else:
            # What may not be read may not be written either: GET and POST alike, where the page takes them.
            found = {client.get(url).status_code, client.post(url).status_code} - {405}
        if found != {wanted}:
            wrong.append(f"{name}: {found} instead of {wanted}")
    assert wrong == []


def test_the_roles_of_the_table_are_held_by_seven_different_people(world):
    from tenshu.ground.access.queries import roles_of

    for role, user in world.users.items():
        assert role in roles_of(user)
    assert len({user.pk for user in world.users.values()}) == 7


def test_the_way_in_leads_nowhere_without_what_has_to_come_before(world):
    for name, keywords in URLS:
        if name in DOORS:
            for method in ("get", "post"):
                response = getattr(Client(), method)(reverse(name, kwargs=world.example(keywords)))
                stays_out = response.status_code in {403, 404, 405} or "/login/" in response.get(
                    "Location", ""
                )
                stays_out = stays_out or (name == "sign_on:passkey-options" and response.status_code == 200)
                assert stays_out, f"{method} {name}: {response.status_code}"


def test_a_visitor_is_sent_to_sign_in_on_every_url_but_the_public_ones(world):
    wrong = []
    for name, keywords in URLS:
        if name in DOORS:
            continue
        response = Client().get(reverse(name, kwargs=world.example(keywords)))
        if permission_table()[name].public:
            ok = response.status_code == 200
        else:
            ok = response.status_code == 302 and "/login/" in response["Location"]
        if not ok:
            wrong.append(f"{name}: {response.status_code}")
    assert wrong == []


def test_a_person_without_any_role_sees_only_that_there_is_none(world):
    from tenshu.ground.access.models import User

    stranger = User.objects.create(login_name="nobody", display_name="名無し")
    client = Client()
    client.force_login(stranger)
    allowed = {
        name
        for name, keywords in URLS
        if status_of(client, name, world, keywords) == 200 and not permission_table()[name].public
    }
    own = (
        "account",
        "own-log",
        "totp-add",
        "totp-remove",
        "passkey-add",
        "codes",
        "session-end-others",
        "confirm",
    )
    assert allowed >= {f"sign_on:{name}" for name in own}
    allowed = {name for name in allowed if not name.startswith("sign_on:")}
    assert allowed == {"home:tasks", "access:password-change", "access:logout"}


def test_a_url_that_no_rule_names_answers_404(world, monkeypatch):
    table = dict(permission_table())
    del table["home:tasks"]
    monkeypatch.setattr("tenshu.ground.access.middleware.permission_table", lambda: table)
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    assert client.get("/").status_code == 404


def api_operations(world: World) -> list[tuple[str, str, Token]]:
    """Every operation of the API with an address of an object of the world."""
    example = {**world.kwargs, "year": "R5"}
    return [
        (method, re.sub(r"{(?:int:)?(\w+)}", lambda match: str(example[match[1]]), path), guard)
        for routes in all_routes()
        for method, path, guard in routes.guards
    ]


def api_expected(role: Role, method: str, guard: Token, held: frozenset[Role]) -> tuple[int, str]:
    """What a token with the right to read everything gets: the answer of the page's row."""
    answer = permission_table()[guard.page].answer(held) if guard.page else 200
    if answer == 200 and method == "GET":
        answer = GATED.get(guard.page, {}).get(role, answer)
    elif answer == 200:
        return 403, "scope"
    return answer, {200: "", 403: "forbidden", 404: "not-found"}[answer]


def test_the_api_answers_each_role_as_the_pages_do(world):
    from tenshu.ground.access.queries import roles_of

    wrong = []
    for role, user in world.users.items():
        asker = Asker(user, *(f"{routes.noun}:read" for routes in all_routes()))
        held = roles_of(user)
        for method, path, guard in api_operations(world):
            wanted = api_expected(role, method, guard, held)
            response = asker.ask(method, path)
            code = "" if response.status_code == 200 else response.json()["code"]
            if (response.status_code, code) != wanted:
                wrong.append(f"{role} {method} {path}: {response.status_code} {code} instead of {wanted}")
    assert wrong == []


def test_the_api_tells_a_visitor_and_a_person_without_any_role_nothing(world):
    from tenshu.ground.access.models import User

    visitor = Asker(None)
    stranger = Asker(User.objects.create(login_name="nobody", display_name="名無し"))
    for method, path, guard in api_operations(world):
        assert visitor.ask(method, path).status_code == 401, path
        if guard.page:
            assert stranger.ask(method, path).status_code == 404, path
