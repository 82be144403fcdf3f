"""Readers of logs that are read line by line: proxy (Squid), firewall (CEF, key=value), mapped CSV."""

import csv
import re
from collections.abc import Callable

from tenshu.engines.beacons.blocks import Block
from tenshu.engines.beacons.errors import MappingError
from tenshu.engines.beacons.mapping import Mapping
from tenshu.engines.beacons.readers.mapped_rows import FaultyRowError, flow_row
from tenshu.engines.beacons.readers.parsed import Parsed
from tenshu.engines.beacons.readers.salvage import numbered
from tenshu.engines.beacons.schema import frame_of

Fields = dict[str, str]


class NotTrafficError(Exception):
    """A sound line that tells of no connection; its text is counted as the explanation."""


class LineReader:
    """Reads a log whose every line is one record; `split` names the fields of a line."""

    def __init__(self, mapping: Mapping, split: Callable[[str], Fields]) -> None:
        self.mapping, self.split = mapping, split

    def read(self, block: Block) -> Parsed:
        parsed, rows, agents = Parsed(), [], []
        for number, raw in numbered(block.data, block.first_line):
            parsed.lines += 1
            text = raw.decode(self.mapping.encoding, "replace").rstrip("\r")
            if number <= self.mapping.skip_lines or not text.strip() or text.startswith("#"):
                parsed.explained["comment" if text.strip() else "blank line"] += 1
                continue
            try:
                fields = self.split(text)
                row = flow_row(self.mapping, fields)
            except NotTrafficError as reason:
                parsed.explained[str(reason)] += 1
                continue
            except FaultyRowError as fault:
                parsed.reject(number, str(fault), raw)
                continue
            rows.append(row)
            agent = self.mapping.value(fields, "user_agent")
            if agent:
                agents.append(named(row, agent))
        parsed.add("flows", frame_of(rows, "flows"))
        parsed.add("names", frame_of(agents, "names"))
        return parsed


def named(row: dict[str, object], agent: str) -> dict[str, object]:
    """The user agent of a flow as a row of `names` (without uid: the flow names its destination itself)."""
    return {
        "start_us": row["start_us"], "src": row["src"], "dst": row["dst"], "kind": "http",
        "fqdn": row["fqdn"],
        "missing_host": False, "user_agent": agent, "mime_mismatch": False,
    }  # fmt: skip


SQUID = Mapping(
    fields={
        "start": ("start",), "src": ("client",), "dst": ("peer",), "url": ("url",), "duration": ("seconds",),
        "bytes_in": ("size",), "action": ("result",), "service": ("service",),
    },
    time_format="epoch",
    failed=frozenset({"failed"}),
)  # fmt: skip
SQUID_FIELDS = 10


def split_squid(text: str) -> Fields:
    """A line of Squid's native access.log.

    The client is the source and the host asked for the destination: the proxy itself is neither. The
    time in the log is the end of the request, so the elapsed milliseconds are taken off.
    """
    parts = text.split()
    if len(parts) < SQUID_FIELDS:
        raise FaultyRowError(f"列の数が {len(parts)} で、Squid 形式の {SQUID_FIELDS} 列に足りません")
    end, elapsed, client, result, size, method, url, _, hierarchy = parts[:9]
    try:
        seconds = max(0, int(elapsed)) / 1000
        start = float(end) - seconds
    except ValueError as error:
        raise FaultyRowError(f"時刻「{end[:40]} {elapsed[:20]}」を読めません") from error
    if url.startswith(("error:", "cache_object:")):
        raise NotTrafficError("request without destination")
    status = result.partition("/")[2]
    refused = "DENIED" in result or status in ("000", "0", "403", "407", "502", "503", "504")
    peer = hierarchy.partition("/")[2]
    return {
        "start": f"{start:.6f}", "seconds": str(seconds), "client": client, "size": size, "url": url,
        "peer": peer if re.fullmatch(r"[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]+", peer) else "",
        "result": "failed" if refused else "", "service": "connect" if method == "CONNECT" else "http",
    }  # fmt: skip


FIREWALL = Mapping(
    fields={
        "start": ("start", "rt", "eventtime", "date_time", "_time"),
        "src": ("src", "srcip", "sourceTranslatedAddress"),
        "src_port": ("spt", "srcport"),
        "dst": ("dst", "dstip"),
        "dst_port": ("dpt", "dstport"),
        "proto": ("proto", "protocol"),
        "service": ("app", "service"),
        "duration": ("duration",),
        "bytes_out": ("out", "sentbyte"),
        "bytes_in": ("in", "rcvdbyte"),
        "packets_out": ("sentpkt",),
        "fqdn": ("dhost", "hostname", "destinationDnsDomain"),
        "url": ("request", "url"),
        "user_agent": ("requestClientApplication", "agent"),
        "action": ("act", "action"),
    },
    failed=frozenset(
        [
            "deny",
            "denied",
            "drop",
            "dropped",
            "block",
            "blocked",
            "reject",
            "rejected",
            "server-rst",
            "client-rst",
            "timeout",
        ]
    ),
)
CEF_HEADER = re.compile(r"CEF:\d+\|(?:(?:\\.|[^|\\])*\|){6}")
CEF_PAIR = re.compile(r"(\w[\w.-]*)=((?:\\.|[^\\])*?)(?=\s+\w[\w.-]*=|\s*$)")
KEY_VALUE = re.compile(r'([\w.-]+)=(?:"((?:\\.|[^"\\])*)"|([^\s"]*))')


def split_firewall(text: str) -> Fields:
    """A CEF line (with or without syslog header) or a line of key=value pairs."""
    header = CEF_HEADER.search(text)
    if header:
        pairs = CEF_PAIR.findall(text[header.end() :])
        fields = {key: re.sub(r"\\(.)", r"\1", value) for key, value in pairs}
    elif "CEF:" in text:
        raise FaultyRowError("CEF の見出し（| で区切る 7 項目）がそろっていません")
    else:
        fields = {key: quoted or bare for key, quoted, bare in KEY_VALUE.findall(text)}
        if not fields:
            raise FaultyRowError("CEF でも key=value でもない行です")
    if not any(fields.get(name) for name in FIREWALL.fields["src"]):
        raise NotTrafficError("event without addresses")
    if fields.get("date") and fields.get("time"):
        fields["date_time"] = f"{fields['date']} {fields['time']}{fields.get('tz', '')}"
    return fields


class CsvReader(LineReader):
    """Delimited text whose first line (or the mapping) names the columns."""

    def __init__(self, mapping: Mapping) -> None:
        super().__init__(mapping, self.split_row)
        self.columns = list(mapping.columns)

    def read(self, block: Block) -> Parsed:
        if self.columns:
            return super().read(block)
        head, rest = [], block.data
        for _ in range(self.mapping.skip_lines + 1):
            line, _, rest = rest.partition(b"\n")
            head.append(line.decode(self.mapping.encoding, "replace").rstrip("\r").lstrip("\ufeff"))
        self.columns = [name.strip() for name in self.cells(head[-1])]
        wanted = {name for names in self.mapping.fields.values() for name in names}
        absent = sorted(wanted - set(self.columns))
        if absent:
            raise MappingError(
                f"{len(head)}行目: 列「{absent[0]}」がありません（ある列: {'、'.join(self.columns)}）"
            )
        parsed = super().read(Block(rest, block.first_line + len(head))) if rest else Parsed()
        parsed.explained["comment"] += len(head)
        parsed.lines += len(head)
        return parsed

    def cells(self, text: str) -> list[str]:
        """The cells of one line."""
        return next(csv.reader([text], delimiter=self.mapping.delimiter), [])

    def split_row(self, text: str) -> Fields:
        """The cells of a row by column; a row of another width is faulty."""
        cells = self.cells(text)
        if len(cells) != len(self.columns):
            raise FaultyRowError(f"列の数が {len(cells)} で、見出しの {len(self.columns)} と合いません")
        return dict(zip(self.columns, cells, strict=True))
