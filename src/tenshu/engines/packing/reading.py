"""Reading an estate: JSON, or the ``.vbp`` format of public vector bin packing instances."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from tenshu.engines.packing.model import Estate, Host, HostType, PackingError, Server


def read_estate(path: Path) -> Estate:
    """Read an estate from a file. Raises PackingError with the place of the mistake."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackingError(f"{path}: 読み込めません（{error}）") from error
    if path.suffix == ".vbp":
        return read_vbp(text, str(path))
    try:
        document = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise PackingError(f"{path}: {error.lineno} 行 {error.colno} 列: JSON として読めません") from error
    return estate_from(document, str(path))


def read_vbp(text: str, origin: str) -> Estate:
    """Read a ``.vbp`` instance: dimensions, capacities, number of lines, then sizes and a count a line."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    words = [(row, column, word) for row, line in enumerate(lines, 1) for column, word in enumerate(line, 1)]
    position = 0

    def number(least: int = 0) -> int:
        nonlocal position
        if position >= len(words):
            raise PackingError(f"{origin}: 途中で終わっています")
        row, column, word = words[position]
        position += 1
        if not word.isdigit() or int(word) < least:
            raise PackingError(f"{origin}: {row} 行 {column} 列: {least} 以上の整数ではありません: {word}")
        return int(word)

    dimensions = number(1)
    capacity = tuple(Decimal(number(1)) for _ in range(dimensions))
    servers: list[Server] = []
    for _ in range(number(0)):
        sizes = tuple(Decimal(number()) for _ in range(dimensions))
        servers += [Server(f"i{len(servers) + copy + 1}", sizes) for copy in range(number(1))]
    if position != len(words):
        row, column, _ = words[position]
        raise PackingError(f"{origin}: {row} 行 {column} 列: 余分な値があります")
    names = tuple(f"d{index + 1}" for index in range(dimensions))
    return Estate(names, (HostType("bin", capacity),), tuple(servers))


class _Fields:
    """Reads the fields of one JSON object and names the place of a mistake."""

    def __init__(self, values: object, place: str, known: Iterable[str]) -> None:
        if not isinstance(values, dict):
            raise PackingError(f"{place}: 名前と値の組ではありません")
        if unknown := sorted(set(values) - set(known)):
            raise PackingError(f"{place}: 知らない項目です: {', '.join(unknown)}")
        self.values, self.place = values, place

    def fail(self, name: str, message: str) -> PackingError:
        return PackingError(f"{self.place} の {name}: {message}")

    def text(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self.fail(name, "文字列を書いてください")
        return value

    def optional(self, name: str) -> str | None:
        return self.text(name) if self.values.get(name) is not None else None

    def whole(self, name: str, default: int, least: int = 0) -> int:
        value = self.values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.fail(name, f"{least} 以上の整数を書いてください")
        return value

    def day(self, name: str) -> date | None:
        if self.values.get(name) is None:
            return None
        try:
            return date.fromisoformat(self.text(name))
        except ValueError as error:
            raise self.fail(name, "日付は 2031-03-31 の形で書いてください") from error

    def words(self, name: str) -> frozenset[str]:
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
            raise self.fail(name, "文字列の並びを書いてください")
        return frozenset(value)

    def amounts(self, name: str, dimensions: tuple[str, ...]) -> tuple[Decimal, ...]:
        value = self.values.get(name)
        if isinstance(value, list):
            if len(value) != len(dimensions):
                raise self.fail(name, f"{len(dimensions)} 個の値を書いてください")
            value = dict(zip(dimensions, value, strict=True))
        if not isinstance(value, dict) or set(value) != set(dimensions):
            raise self.fail(name, f"次元ごとの値を書いてください（{', '.join(dimensions)}）")
        return tuple(self.amount(f"{name}.{dimension}", value[dimension]) for dimension in dimensions)

    def amount(self, name: str, value: object) -> Decimal:
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal(-1)
        if isinstance(value, bool) or not amount.is_finite() or amount < 0:
            raise self.fail(name, f"0 以上の数ではありません: {value}")
        return amount


def _host_type(fields: _Fields, dimensions: tuple[str, ...]) -> HostType:
    return HostType(
        fields.text("id"),
        fields.amounts("capacity", dimensions),
        fields.whole("price", 0),
        fields.whole("maintenance_per_year", 0),
        fields.whole("lifetime_years", 5, 1),
        fields.whole("available", 0) if fields.values.get("available") is not None else None,
        fields.words("zones"),
        fields.words("offers"),
        fields.day("supported_until"),
    )


def _server(fields: _Fields, dimensions: tuple[str, ...]) -> Server:
    return Server(
        fields.text("id"),
        fields.amounts("demand", dimensions),
        fields.text("zone", ""),
        fields.text("system", ""),
        fields.words("licences"),
        fields.words("requires"),
        fields.day("needed_until"),
        fields.optional("fixed_host"),
        fields.optional("current_host"),
    )


_TYPE_FIELDS = (
    "id capacity price maintenance_per_year lifetime_years available zones offers supported_until".split()  # noqa: SIM905
)
_SERVER_FIELDS = (
    "id demand zone system licences requires needed_until fixed_host current_host ha_group".split()  # noqa: SIM905
)
_TOP_FIELDS = (
    "dimensions objective horizon_years host_types hosts licences servers together apart".split()  # noqa: SIM905
)


def _list(top: _Fields, name: str) -> list[Any]:
    value = top.values.get(name, [])
    if not isinstance(value, list):
        raise top.fail(name, "並びを書いてください")
    return value


def _unique[T](items: list[T], name: Callable[[T], str], place: str) -> tuple[T, ...]:
    seen: set[str] = set()
    for item in items:
        if name(item) in seen:
            raise PackingError(f"{place}: 同じ id が二つあります: {name(item)}")
        seen.add(name(item))
    return tuple(items)


def estate_from(document: object, origin: str = "estate") -> Estate:
    """Check and convert the JSON form of an estate. Raises PackingError with the place of the mistake."""
    top = _Fields(document, origin, _TOP_FIELDS)
    dimensions = tuple(_list(top, "dimensions"))
    if not dimensions or not all(isinstance(name, str) for name in dimensions):
        raise top.fail("dimensions", "次元の名前を 1 個以上書いてください")
    types = [
        _host_type(_Fields(item, f"{origin}: host_types の {number} 番目", _TYPE_FIELDS), dimensions)
        for number, item in enumerate(_list(top, "host_types"), 1)
    ]
    servers: list[Server] = []
    ha_groups: dict[str, list[str]] = {}
    for number, item in enumerate(_list(top, "servers"), 1):
        fields = _Fields(item, f"{origin}: servers の {number} 番目", _SERVER_FIELDS)
        servers.append(_server(fields, dimensions))
        if group := fields.optional("ha_group"):
            ha_groups.setdefault(group, []).append(servers[-1].name)
    hosts = []
    for number, item in enumerate(_list(top, "hosts"), 1):
        fields = _Fields(item, f"{origin}: hosts の {number} 番目", ("id", "type", "zone", "until"))
        hosts.append(
            Host(fields.text("id"), fields.text("type"), fields.text("zone", ""), fields.day("until"))
        )
    objective = top.text("objective", "hosts")
    if objective not in ("hosts", "yen"):
        raise top.fail("objective", "hosts か yen を書いてください")
    apart = [*_groups(top, "apart"), *(tuple(group) for group in ha_groups.values() if len(group) > 1)]
    estate = Estate(
        dimensions,
        _unique(types, lambda item: item.name, f"{origin}: host_types"),
        _unique(servers, lambda item: item.name, f"{origin}: servers"),
        _unique(hosts, lambda item: item.name, f"{origin}: hosts"),
        tuple(_groups(top, "together")),
        tuple(apart),
        _licence_prices(top, types, origin),
        "hosts" if objective == "hosts" else "yen",
        top.whole("horizon_years", 5, 1),
    )
    _check_names(estate, origin)
    return estate


def _groups(top: _Fields, name: str) -> list[tuple[str, ...]]:
    groups = []
    for number, group in enumerate(_list(top, name), 1):
        if not isinstance(group, list) or not all(isinstance(server, str) for server in group):
            raise top.fail(name, f"{number} 番目にサーバーの id の並びを書いてください")
        groups.append(tuple(dict.fromkeys(group)))
    return groups


def _licence_prices(top: _Fields, types: list[HostType], origin: str) -> dict[tuple[str, str], int]:
    prices: dict[tuple[str, str], int] = {}
    for number, item in enumerate(_list(top, "licences"), 1):
        fields = _Fields(item, f"{origin}: licences の {number} 番目", ("product", "price_per_host"))
        price = fields.values.get("price_per_host")
        for host_type in types:
            value = price.get(host_type.name) if isinstance(price, dict) else price
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise fields.fail(
                    "price_per_host", f"機種 {host_type.name} の円を 0 以上の整数で書いてください"
                )
            prices[fields.text("product"), host_type.name] = value
    return prices


def _check_names(estate: Estate, origin: str) -> None:
    servers = {server.name for server in estate.servers}
    types = {host_type.name for host_type in estate.host_types}
    hosts = {host.name for host in estate.hosts}
    products = {product for product, _ in estate.licence_prices}
    for host in estate.hosts:
        if host.type not in types:
            raise PackingError(f"{origin}: hosts の {host.name}: 機種 {host.type} がありません")
    for server in estate.servers:
        if server.fixed is not None and server.fixed not in hosts:
            raise PackingError(
                f"{origin}: servers の {server.name}: 固定先のホスト {server.fixed} がありません"
            )
        if unknown := sorted(server.licences - products):
            raise PackingError(
                f"{origin}: servers の {server.name}: ライセンス {unknown[0]} の価格がありません"
            )
    for group in (*estate.together, *estate.apart):
        if unknown := sorted(set(group) - servers):
            raise PackingError(f"{origin}: together・apart: サーバー {unknown[0]} がありません")
