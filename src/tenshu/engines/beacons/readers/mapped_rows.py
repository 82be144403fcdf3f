"""Rows of a foreign log, as text by field name, turned into flows by a mapping."""

from urllib.parse import urlsplit

from tenshu.engines.beacons.mapping import Mapping, time_us
from tenshu.engines.beacons.readers.parsed import is_address, plausible_time

PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "58": "ipv6-icmp"}
MAX_PORT = 65_535


class FaultyRowError(ValueError):
    """A row that cannot become a flow; its text is the reason."""


def host_of(url: str) -> str:
    """The host of a URL or of a CONNECT target (`host:port`), in lower case, without final dot."""
    target = url if "://" in url else f"//{url}"
    try:
        host = urlsplit(target).hostname or ""
    except ValueError as error:
        raise FaultyRowError(f"宛先「{url[:60]}」を読めません") from error
    return host.rstrip(".")


def port_of(url: str) -> int | None:
    """The port that a URL or CONNECT target names or implies."""
    target = url if "://" in url else f"//{url}"
    try:
        parts = urlsplit(target)
        return parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None


def number(mapping: Mapping, row: dict[str, str], target: str) -> float | None:
    """A numeric field; thousands separators are allowed."""
    text = mapping.value(row, target)
    if not text:
        return None
    try:
        value = float(text.replace(",", ""))
    except ValueError as error:
        raise FaultyRowError(f"{target} の値「{text[:40]}」は数値ではありません") from error
    if not 0 <= value < 2**62:
        raise FaultyRowError(f"{target} の値「{text[:40]}」が範囲外です")
    return value


def whole_number(mapping: Mapping, row: dict[str, str], target: str) -> int | None:
    """A numeric field without its fraction."""
    value = number(mapping, row, target)
    return None if value is None else int(value)


def flow_row(mapping: Mapping, row: dict[str, str]) -> dict[str, object]:
    """One flow from one row. Raises FaultyRowError with the reason."""
    start = start_of(mapping, row)
    src = mapping.value(row, "src")
    if not is_address(src):
        raise FaultyRowError(f"送信元「{src[:40]}」は IP アドレスではありません")
    dst, fqdn, port = destination(mapping, row)
    duration = number(mapping, row, "duration")
    proto = mapping.value(row, "proto").lower()
    return {
        "start_us": start,
        "duration_us": None if duration is None else round(duration * 1e6),
        "src": src,
        "src_port": whole_number(mapping, row, "src_port"),
        "dst": dst,
        "dst_port": port,
        "proto": PROTOCOLS.get(proto, proto) or None,
        "service": mapping.value(row, "service").lower() or None,
        "failed": mapping.value(row, "action").lower() in mapping.failed,
        "bytes_out": whole_number(mapping, row, "bytes_out"),
        "bytes_in": whole_number(mapping, row, "bytes_in"),
        "packets_out": whole_number(mapping, row, "packets_out"),
        "uid": None,
        "fqdn": fqdn,
        "piece": False,
    }


def start_of(mapping: Mapping, row: dict[str, str]) -> int:
    """The start of the flow in microseconds UTC."""
    text = mapping.value(row, "start")
    try:
        start = time_us(text, mapping.time_format, mapping.zone)
    except (ValueError, OverflowError) as error:
        raise FaultyRowError(f"時刻「{text[:40]}」を読めません") from error
    if not plausible_time(start):
        raise FaultyRowError(f"時刻「{text[:40]}」が範囲外です")
    return start


def destination(mapping: Mapping, row: dict[str, str]) -> tuple[str | None, str | None, int | None]:
    """Address, name and port of the destination; a name that is an address counts as address."""
    dst = mapping.value(row, "dst") or None
    url = mapping.value(row, "url")
    name = mapping.value(row, "fqdn").lower().rstrip(".") or (host_of(url) if url else "")
    port = whole_number(mapping, row, "dst_port")
    if port is None and url:
        port = port_of(url)
    if port is not None and port > MAX_PORT:
        raise FaultyRowError(f"宛先ポート {port} が範囲外です")
    if name and is_address(name):
        dst, name = dst or name, ""
    if dst is not None and not is_address(dst):
        raise FaultyRowError(f"宛先「{dst[:40]}」は IP アドレスではありません")
    if dst is None and not name:
        raise FaultyRowError("宛先がありません")
    return dst, name or None, port
