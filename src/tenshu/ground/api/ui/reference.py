"""The reference of the API, written from its own OpenAPI document: nothing from other hosts, nothing to keep in step."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import roles_of
from tenshu.ground.access.table import permission_table
from tenshu.ground.api.door import PREFIX
from tenshu.ground.api.problems import WORDS
from tenshu.ground.api.ui.tokens import sample, tabs_of

METHODS = ("get", "post", "put", "patch", "delete")
KINDS = {"string": "文字列", "integer": "整数", "number": "数", "boolean": "true / false", "array": "並び"}


@dataclass(frozen=True, slots=True)
class Item:
    """A parameter or a field."""

    name: str
    kind: str
    required: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page shows it."""

    method: str
    path: str
    summary: str
    scope: str
    allowed: bool
    query: list[Item]
    body: list[Item]
    gives: list[Item]
    anchor: str


@dataclass(slots=True)
class Group:
    """The operations of one room."""

    title: str
    noun: str
    operations: list[Operation] = field(default_factory=list)


def reference(request: HttpRequest) -> HttpResponse:
    """What can be asked, by room; what one's own roles do not open is marked."""
    groups = _groups(signed_in(request))
    context = {
        "tabs": tabs_of(request, "api:reference"),
        "groups": groups,
        "count": sum(len(group.operations) for group in groups),
        "problems": [(code, status, text) for code, (status, text) in WORDS.items()],
        "sample": sample(request, "tsh_…", "/systems?limit=20&sort=name"),
        "document_url": f"{PREFIX}openapi.json",
        "tokens_url": reverse("api:token-list"),
    }
    return render(request, "api/reference.html", context)


def _document() -> dict[str, Any]:
    from tenshu.ground.api.assembly import document  # late: the pages' URLs do without the API's own library

    return document()


def _groups(person: Any) -> list[Group]:
    from tenshu.ground.api.assembly import all_routes

    roles, table = roles_of(person), permission_table()
    groups = {routes.title: Group(routes.title, routes.noun) for routes in all_routes()}
    for path, methods in _document()["paths"].items():
        for method in METHODS:
            raw = methods.get(method)
            if raw is None:
                continue
            page = raw["x-page"]
            groups[raw["tags"][0]].operations.append(
                Operation(
                    method=method.upper(),
                    path=path,
                    summary=raw["summary"],
                    scope=raw["x-scope"],
                    allowed=not page or table[page].answer(roles) == 200,
                    query=_query(raw),
                    body=_body(raw),
                    gives=_gives(raw),
                    anchor=f"{method}-{path.removeprefix('/api/v1/')}".replace("/", "-").strip("-"),
                )
            )
    return list(groups.values())


def _query(raw: dict[str, Any]) -> list[Item]:
    return [
        Item(item["name"], _kind(item["schema"]), item["required"], item.get("description", ""))
        for item in raw.get("parameters", [])
        if item["in"] == "query"
    ]


def _body(raw: dict[str, Any]) -> list[Item]:
    content = raw.get("requestBody", {}).get("content", {})
    found: dict[str, Any] = next(iter(content.values()), {})
    return _fields(found.get("schema", {}))


def _gives(raw: dict[str, Any]) -> list[Item]:
    for status in ("200", "201"):
        content = raw["responses"].get(status, {}).get("content", {}).get("application/json", {})
        schema = _resolved(content.get("schema", {}))
        items = schema.get("properties", {}).get("items")
        found = _fields(items["items"] if items and "next" in schema["properties"] else schema)
        if found:
            return found
    return []


def _fields(schema: dict[str, Any]) -> list[Item]:
    schema = _resolved(schema)
    required = set(schema.get("required", []))
    return [
        Item(name, _kind(shape), name in required) for name, shape in schema.get("properties", {}).items()
    ]


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = _document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _kind(schema: dict[str, Any]) -> str:
    """The kind of a value in a few words."""
    if "$ref" in schema:
        return f"{{ {'、'.join(_resolved(schema).get('properties', {}))} }}"
    if "anyOf" in schema:
        kinds = [_kind(one) for one in schema["anyOf"] if one.get("const") != ""]
        return " または ".join(dict.fromkeys(kind for kind in kinds if kind))
    if "enum" in schema:
        return " / ".join(str(word) for word in schema["enum"] if word != "")
    if "const" in schema:
        return str(schema["const"])
    match schema.get("type"), schema.get("format"):
        case "null", _:
            return "null"
        case "array", _:
            return f"[ {_kind(schema.get('items', {}))} ]"
        case "string", "date":
            return "日付"
        case "string", "date-time":
            return "日時"
        case "string", "binary":
            return "ファイル"
        case "object", _:
            return "{ … }"
    return KINDS.get(schema.get("type", ""), "")
