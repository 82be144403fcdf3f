"""The plan of a prober: which targets, how often, under which limits; read from JSON with exact
complaints.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from tenshu.engines.probe.addresses import AddressGate
from tenshu.engines.probe.settings import Settings
from tenshu.engines.probe.web_address import UrlError, read_url

_KIND_NAMES = {
    int: "整数",
    float: "数値",
    str: "文字列",
    bool: "true または false",
    list: "配列",
    dict: "オブジェクト",
}
_FAMILIES = ("any", "4", "6")


class PlanError(ValueError):
    """The plan cannot be used. The message (Japanese) names the file, the place inside it and the value."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL to watch.

    id: unique name in the results; interval_s: seconds between checks (0 = the plan's); family: "any", "4"
    or "6"; conditional: ask with If-None-Match / If-Modified-Since; etag, last_modified, sha256: known
    from an earlier run.
    """

    id: str
    url: str
    interval_s: float = 0.0
    family: str = "any"
    conditional: bool = False
    http2: bool = False
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Plan(Settings):
    """Settings plus targets. Raises PlanError from `check`, which `read_plan` calls."""

    targets: tuple[Target, ...] = field(default=())

    _MINIMA: ClassVar[Mapping[str, float]] = {
        "interval_s": 1,
        "timeouts.dns_s": 0.01,
        "timeouts.connect_s": 0.01,
        "timeouts.tls_s": 0.01,
        "timeouts.first_byte_s": 0.01,
        "timeouts.transfer_s": 0.01,
        "limits.body_bytes": 1,
        "limits.expansion": 1,
        "limits.slow_bytes_per_s": 0,
        "limits.slow_window_s": 0.1,
        "limits.redirects": 0,
        "politeness.per_host": 1,
        "politeness.per_address": 1,
        "politeness.host_gap_s": 0,
        "network.reference_s": 0.1,
        "pace.max_in_flight": 1,
        "pace.core_share": 0.01,
        "pace.canary_s": 0.05,
        "pace.jitter": 0,
    }

    def check(self, source: str) -> None:
        """Complain about values that have the right type and no sense. Raises PlanError naming `source`."""
        for path, least in self._MINIMA.items():
            value: Any = self
            for name in path.split("."):
                value = getattr(value, name)
            if not value >= least:
                raise PlanError(f"{source}: {path}: {value} は {least} 以上でなければなりません")
        try:
            AddressGate(allowed=self.network.allowed)
        except ValueError as error:
            raise PlanError(f"{source}: network.allowed: CIDR表記ではありません（{error}）") from error
        for number, text in enumerate(self.network.references):
            try:
                read_reference(text)
            except ValueError as error:
                raise PlanError(f"{source}: network.references[{number}]: {error}") from error
        self._check_targets(source)

    def _check_targets(self, source: str) -> None:
        seen: dict[str, int] = {}
        if not self.targets:
            raise PlanError(f"{source}: targets: 対象が1件もありません")
        for number, target in enumerate(self.targets):
            place = f"{source}: targets[{number}]"
            if not target.id:
                raise PlanError(f"{place}.id: 空です")
            if target.id in seen:
                raise PlanError(f"{place}.id: 「{target.id}」は targets[{seen[target.id]}] と同じです")
            seen[target.id] = number
            if target.family not in _FAMILIES:
                raise PlanError(f"{place}.family: 「{target.family}」は any・4・6 のどれでもありません")
            if target.interval_s and not target.interval_s >= 1:
                raise PlanError(f"{place}.interval_s: {target.interval_s} は 1 以上でなければなりません")
            if "\n" in target.etag + target.last_modified or "\r" in target.etag + target.last_modified:
                raise PlanError(f"{place}: etag と last_modified に改行は使えません")
            try:
                read_url(target.url)
            except UrlError as error:
                raise PlanError(f"{place}.url: 「{target.url}」は検査できません（{error}）") from error


def read_plan(path: Path) -> Plan:
    """Read and check a plan file (JSON, UTF-8). Raises PlanError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PlanError(f"{path}: 読めません（{error.strerror}）") from error
    except UnicodeDecodeError as error:
        raise PlanError(f"{path}: UTF-8ではありません（{error.start}バイト目）") from error
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise PlanError(
            f"{path}: {error.lineno}行 {error.colno}列: JSONとして読めません（{error.msg}）"
        ) from error
    return plan_from(value, str(path))


def plan_from(value: object, source: str = "plan") -> Plan:
    """Build a checked plan from parsed JSON. Raises PlanError."""
    plan: Plan = _build(Plan, value, source, "")
    plan.check(source)
    return plan


def read_reference(text: str) -> tuple[str, int]:
    """("address", port) of "tcp://ADDRESS:PORT". Raises ValueError (Japanese) for anything else."""
    scheme, _, place = text.partition("://")
    address, _, port = place.rpartition(":")
    address = address.removeprefix("[").removesuffix("]")
    if scheme != "tcp" or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ValueError(f"「{text}」は tcp://アドレス:ポート の形ではありません")
    if AddressGate(allow_private=True).refusal(address):
        raise ValueError(f"「{text}」のホストはIPアドレスで書いてください")
    return address, int(port)


def _build(shape: type[Any], value: object, source: str, place: str) -> Any:
    """Turn a JSON object into the dataclass `shape`; unknown and missing keys are errors."""
    if not isinstance(value, dict):
        raise PlanError(f"{source}: {place or '全体'}: オブジェクトではありません")
    hints, known = _shape_of(typing.cast("Hashable", shape))
    for name in value:
        if name not in known:
            raise PlanError(f"{source}: {_join(place, name)}: この項目名はありません")
    built = {}
    for name, item in known.items():
        if name in value:
            built[name] = _convert(hints[name], value[name], source, _join(place, name))
        elif item.default is MISSING and item.default_factory is MISSING:
            raise PlanError(f"{source}: {_join(place, name)}: 必須の項目がありません")
    return shape(**built)


@cache
def _shape_of(shape: type[Any]) -> tuple[dict[str, Any], dict[str, Field[Any]]]:
    """Resolved types and fields of a dataclass by name."""
    return typing.get_type_hints(shape), {item.name: item for item in fields(shape)}


def _convert(kind: Any, value: object, source: str, place: str) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        return _build(kind, value, source, place)
    if isinstance(kind, types.GenericAlias):
        if not isinstance(value, list):
            raise PlanError(f"{source}: {place}: 配列ではありません")
        inner = kind.__args__[0]
        return tuple(_convert(inner, item, source, f"{place}[{i}]") for i, item in enumerate(value))
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise PlanError(f"{source}: {place}: {_KIND_NAMES[kind]}ではありません（{value!r}）")
    return value


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
