"""Small logs for the tests, written as the sensors write them."""

import json
from collections.abc import Iterable
from pathlib import Path

CONN = [
    "ts",
    "uid",
    "id.orig_h",
    "id.orig_p",
    "id.resp_h",
    "id.resp_p",
    "proto",
    "service",
    "duration",
    "orig_bytes",
    "resp_bytes",
    "conn_state",
    "missed_bytes",
    "orig_pkts",
    "orig_ip_bytes",
    "resp_pkts",
    "resp_ip_bytes",
    "tunnel_parents",
]
HTTP = [
    "ts",
    "uid",
    "id.orig_h",
    "id.orig_p",
    "id.resp_h",
    "id.resp_p",
    "host",
    "uri",
    "user_agent",
    "resp_mime_types",
]
SSL = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "server_name", "ja3", "resumed"]
DNS = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "query", "answers", "rejected"]
MIDNIGHT = 1_775_433_600  # 2026-04-06 00:00 UTC
DAY = "2026-04-06"


def zeek(
    path: Path, log: str, fields: list[str], rows: Iterable[dict[str, object]], close: bool = True
) -> Path:
    """A Zeek TSV log; a key that a row lacks is unset."""
    text = f"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t{log}\n"
    text += "#fields\t" + "\t".join(fields) + "\n#types\t" + "\t".join(["string"] * len(fields)) + "\n"
    for row in rows:
        text += "\t".join(str(row.get(name, "-")) for name in fields) + "\n"
    path.write_text(text + ("#close\t2026-04-07-00-00-00\n" if close else ""), "utf-8")
    return path


def conn(second: float, src: str = "10.1.1.5", dst: str = "203.0.113.9", **more: object) -> dict[str, object]:
    """A row of conn.log, `second` seconds after midnight UTC of the day."""
    row: dict[str, object] = {
        "ts": f"{MIDNIGHT + second:.6f}", "uid": f"C{src}{dst}{second}", "id.orig_h": src, "id.orig_p": 40000,
        "id.resp_h": dst, "id.resp_p": 443, "proto": "tcp", "service": "ssl", "duration": "0.500000",
        "orig_bytes": 400, "resp_bytes": 900, "conn_state": "SF", "missed_bytes": 0, "orig_pkts": 5,
        "orig_ip_bytes": 600, "resp_pkts": 6, "resp_ip_bytes": 1200,
    }  # fmt: skip
    return row | {key.replace("__", "."): value for key, value in more.items()}


def every(period: float, first: float, last: float) -> list[float]:
    """Seconds of a steady beacon."""
    return [first + period * n for n in range(int((last - first) // period) + 1)]


def json_lines(path: Path, rows: Iterable[object]) -> Path:
    """A file of JSON lines; a text is written as it is."""
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows), "utf-8")
    return path


def eve_flow(
    second: int, src: str = "10.1.1.5", dst: str = "203.0.113.9", **more: object
) -> dict[str, object]:
    """An EVE flow event whose `timestamp` tells nothing, as in captures read from files."""
    stamp = f"2026-04-06T{second // 3600 + 9:02d}:{second % 3600 // 60:02d}:{second % 60:02d}.250000+0900"
    flow = {"pkts_toserver": 5, "pkts_toclient": 6, "bytes_toserver": 600, "bytes_toclient": 1200,
            "start": stamp, "end": stamp, "state": "closed"}  # fmt: skip
    return {
        "timestamp": "2020-01-01T00:00:00.000000+0000", "flow_id": 1000 + second, "event_type": "flow",
        "src_ip": src, "src_port": 40000, "dest_ip": dst, "dest_port": 443, "proto": "TCP",
        "app_proto": "tls",
        "flow": flow, "tcp": {"tcp_flags_tc": "1b"},
    } | more  # fmt: skip
