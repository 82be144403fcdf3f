"""Zeek logs (conn, open_conn, http, ssl, dns), TSV with its own header or JSON, one reader a file.

Columns are taken from the `#fields` line of each file, `-` is unset, `(empty)` is empty. JSON is read
with `id.orig_h` and with the `id_orig_h` of the streaming package.
"""

import json
import re

import polars as pl

from tenshu.engines.beacons.blocks import Block
from tenshu.engines.beacons.readers.json_lines import read_lines
from tenshu.engines.beacons.readers.parsed import (
    ADDRESS_PATTERN,
    EARLIEST_US,
    LATEST_US,
    Parsed,
    is_address,
    plausible_time,
)
from tenshu.engines.beacons.readers.salvage import numbered, salvage, sound_lines
from tenshu.engines.beacons.readers.zeek_records import FLOAT, INTEGER, LOGS, REQUIRED, records

NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
ENDPOINTS = ("id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p")


class ZeekReader:
    """Reads the blocks of one Zeek file."""

    def __init__(self, file_name: str) -> None:
        self.stem = file_name.split(".")[0]
        self.path: str | None = None
        self.fields: list[str] = []

    def read(self, block: Block) -> Parsed:
        parsed = Parsed()
        if block.data.lstrip()[:1] == b"{":
            self._read_json(block, parsed)
            return parsed
        data, start, line = block.data, 0, block.first_line
        while start < len(data):
            start, line = self._take_comments(data, start, line, parsed)
            end = next_comment(data, start)
            if end > start:
                part = block if end - start == len(data) else Block(data[start:end], line)
                line = self._read_part(part, line, parsed)
            start = end
        return parsed

    def _take_comments(self, data: bytes, start: int, line: int, parsed: Parsed) -> tuple[int, int]:
        """Read the comment lines from `start` on and remember path and fields; where they end."""
        while data.startswith(b"#", start):
            end = data.find(b"\n", start)
            end = len(data) if end < 0 else end
            key, _, value = data[start:end].decode("utf-8", "replace").rstrip("\r").partition("\t")
            if key == "#path":
                self.path = value
            elif key == "#fields":
                self.fields = value.split("\t")
            parsed.explained["comment"] += 1
            parsed.lines += 1
            line += 1
            start = end + 1
        return start, line

    def _read_part(self, part: Block, line: int, parsed: Parsed) -> int:
        """Read rows that follow one header; the line number after them is returned."""
        count = part.lines
        parsed.lines += count
        if not self.fields:
            for number, raw in numbered(part.data, line):
                parsed.reject(number, "#fields の行がありません", raw)
            return line + count
        log = self.path or self.stem
        if log not in LOGS:
            parsed.explained[f"other log: {log}"] += count
            return line + count
        quick = self._quick(part.data, log)
        if quick is not None and quick.height == count:
            records(log, quick, parsed)
            return line + count
        sound = sound_lines(numbered(part.data, line), lambda raw: self._fault(raw, log), parsed)
        for frame in salvage(sound, lambda data: self._quick(data, log), parsed):
            records(log, frame, parsed)
        return line + count

    def _quick(self, part: bytes, log: str) -> pl.DataFrame | None:
        """All rows at once, or None when a single one of them is not as the header says."""
        kinds = {name: field_type(name) for name in self.fields}
        last = self.fields[-1]
        wanted = [name for name in dict.fromkeys([*LOGS[log], last]) if name in kinds]
        # A row cut short leaves the last column null; a whole one says `-` there. So it stays text.
        nulls = {name: "-" for name in self.fields if name != last}
        try:
            frame = (
                pl.scan_csv(
                    part,
                    has_header=False,
                    separator="\t",
                    quote_char=None,
                    schema={**kinds, last: pl.String},
                    null_values=nulls,
                )
                .select(wanted)
                .collect()
            )
            if frame[last].null_count():
                return None
            if last in LOGS[log]:
                tail = pl.col(last).str.strip_chars_end("\r")
                frame = frame.with_columns(pl.when(tail != "-").then(tail).cast(kinds[last]).alias(last))
        except pl.exceptions.PolarsError:
            return None
        return frame if whole(frame, REQUIRED[log]) else None

    def _fault(self, raw: bytes, log: str) -> str | None:
        """Why a row cannot be read, or None."""
        try:
            values = raw.decode("utf-8").rstrip("\r").split("\t")
        except UnicodeDecodeError:
            return "UTF-8 として読めません"
        if len(values) != len(self.fields):
            return f"列の数が {len(values)} で、#fields の {len(self.fields)} と合いません"
        row = dict(zip(self.fields, values, strict=True))
        for name in LOGS[log]:
            value = row.get(name, "-")
            if name in FLOAT | INTEGER and value != "-" and not NUMBER.fullmatch(value):
                return f"列 {name} の値「{value[:40]}」は数値ではありません"
        return required_fault(row, log)

    def _read_json(self, block: Block, parsed: Parsed) -> None:
        """Rows as JSON lines; the log's kind comes from the file's name or from the keys."""
        log = self.path or (self.stem if self.stem in LOGS else json_log(block.data))
        self.path = log
        if log not in LOGS:
            count = block.lines
            parsed.lines += count
            parsed.explained[f"other log: {log or self.stem}"] += count
            return
        columns = {name: json_type(name) for name in LOGS[log]}
        columns |= {name.replace(".", "_"): json_type(name) for name in ENDPOINTS if name in columns}
        columns["ts"] = "VARCHAR"

        def shape(frame: pl.DataFrame) -> pl.DataFrame | None:
            flat = json_frame(frame, log)
            return flat if whole(flat, REQUIRED[log]) else None

        for frame in read_lines(block, columns, shape, lambda row: json_fault(row, log), parsed):
            records(log, frame, parsed)


def next_comment(data: bytes, start: int) -> int:
    """Where the next comment line begins, or the end of the data."""
    # One byte is searched, not two: that runs at the speed of memory.
    mark = data.find(b"#", start)
    while mark > 0 and data[mark - 1] != 10:
        mark = data.find(b"#", mark + 1)
    return len(data) if mark < 0 else mark


def field_type(name: str) -> type[pl.DataType]:
    """The type a Zeek field is read as."""
    return pl.Float64 if name in FLOAT else pl.Int64 if name in INTEGER else pl.String


def whole(frame: pl.DataFrame, names: list[str]) -> bool:
    """No row lacks a required value, times are plausible and addresses are addresses."""
    if any(name not in frame.columns or frame[name].null_count() for name in names):
        return False
    checks = frame.select(
        (pl.col("ts") * 1e6).is_between(EARLIEST_US, LATEST_US).all(),
        *[
            pl.col(name).unique().str.contains(ADDRESS_PATTERN).all().alias(name)
            for name in ("id.orig_h", "id.resp_h")
        ],
    )
    return all(checks.row(0))


def required_fault(row: dict[str, str], log: str) -> str | None:
    """A required value that is unset, an implausible time or a word in place of an address."""
    for name in REQUIRED[log]:
        if row.get(name, "-") in ("-", "", "(empty)"):
            return f"必須の列 {name} が空です"
    if not plausible_time(int(float(row["ts"]) * 1e6)):
        return f"列 ts の時刻「{row['ts'][:40]}」が範囲外です"
    for name in ("id.orig_h", "id.resp_h"):
        if not is_address(row[name]):
            return f"列 {name} の値「{row[name][:40]}」は IP アドレスではありません"
    return None


def json_log(data: bytes) -> str:
    """Which Zeek log a JSON line belongs to, from its keys."""
    try:
        row = json.loads(data.lstrip().partition(b"\n")[0])
    except ValueError:
        return ""
    if "_path" in row:
        return str(row["_path"])
    for key, log in (
        ("conn_state", "conn"),
        ("qtype_name", "dns"),
        ("query", "dns"),
        ("trans_depth", "http"),
        ("cipher", "ssl"),
        ("server_name", "ssl"),
    ):
        if key in row:
            return log
    return ""


def json_type(name: str) -> str:
    """The DuckDB type a Zeek field is read as from JSON."""
    if name in FLOAT:
        return "DOUBLE"
    if name in INTEGER:
        return "BIGINT"
    return "VARCHAR[]" if name in ("answers", "resp_mime_types") else "VARCHAR"


def json_fault(row: dict[str, object], log: str) -> str | None:
    """Why a JSON row cannot be read, or None."""
    flat = {key: str(value) for key, value in row.items() if value is not None}
    for name in ENDPOINTS:
        if name.replace(".", "_") in flat:
            flat.setdefault(name, flat[name.replace(".", "_")])
    for name in LOGS[log]:
        if (
            name != "ts"
            and name in row
            and name in FLOAT | INTEGER
            and not isinstance(row[name], (int, float))
        ):
            return f"列 {name} の値「{flat.get(name, '')[:40]}」は数値ではありません"
    time = flat.get("ts", "")
    if "T" in time:
        flat["ts"] = "1000000000"
    elif time:
        try:
            float(time)
        except ValueError:
            return f"列 ts の時刻「{time[:40]}」を読めません"
    return required_fault(flat, log)


def json_frame(frame: pl.DataFrame, log: str) -> pl.DataFrame:
    """JSON columns under the names and types of the TSV form."""
    wide = {name: name.replace(".", "_") for name in ENDPOINTS if name in LOGS[log]}
    iso = (
        pl.col("ts").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", strict=False, time_unit="us").dt.timestamp("us")
    )
    lists = [name for name in ("answers", "resp_mime_types") if name in frame.columns]
    return frame.with_columns(
        pl.coalesce(pl.col("ts").cast(pl.Float64, strict=False), iso / 1e6).alias("ts"),
        *[pl.coalesce(name, other).alias(name) for name, other in wide.items()],
        *[pl.col(name).list.join(",").alias(name) for name in lists],
    ).drop(list(wide.values()))
