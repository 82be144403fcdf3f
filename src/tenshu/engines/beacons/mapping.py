"""Mappings: which field of a foreign log holds what, kept in a TOML file and reused."""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tenshu.engines.beacons.errors import MappingError

TARGETS = frozenset(
    [
        "start",
        "src",
        "src_port",
        "dst",
        "dst_port",
        "proto",
        "service",
        "duration",
        "bytes_out",
        "bytes_in",
        "packets_out",
        "fqdn",
        "url",
        "user_agent",
        "action",
    ]
)
JST = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Mapping:
    """How to read a foreign log.

    `fields`: our name → the log's fields, tried in order; `start` may need several joined by a blank
    (date and time). `time_format`: `epoch`, `epoch_ms`, `epoch_us`, `epoch_ns`, `iso`, a strptime format, or
    empty for a guess. `zone`: of times that carry none. `failed`: values of `action` that mean refused.
    """

    fields: dict[str, tuple[str, ...]]
    time_format: str = ""
    zone: tzinfo = JST
    failed: frozenset[str] = frozenset()
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    join_start: bool = False
    skip_lines: int = 0
    encoding: str = "utf-8"
    explained: dict[str, str] = field(default_factory=dict)

    def value(self, row: dict[str, str], target: str) -> str:
        """The text of one of our fields in a row, empty when the log does not tell it."""
        names = self.fields.get(target, ())
        if target == "start" and self.join_start:
            return " ".join(row.get(name, "") for name in names).strip()
        return next((row[name].strip() for name in names if row.get(name, "").strip() not in ("", "-")), "")


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises MappingError naming the file and the entry that is wrong."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path.name}: マッピングを読めません: {error}") from error
    fields = raw.get("fields")
    if not isinstance(fields, dict) or "start" not in fields or not {"src"} <= fields.keys():
        raise MappingError(f"{path.name}: [fields] に start と src が必要です")
    if not {"dst", "fqdn", "url"} & fields.keys():
        raise MappingError(f"{path.name}: [fields] に dst・fqdn・url のどれかが必要です")
    unknown = sorted(fields.keys() - TARGETS)
    if unknown:
        raise MappingError(
            f"{path.name}: [fields] の {unknown[0]} は使えません（使える名前: {'、'.join(sorted(TARGETS))}）"
        )
    named = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in fields.items()}
    return Mapping(
        fields=named,
        time_format=str(raw.get("time_format", "")),
        zone=zone(str(raw.get("timezone", "Asia/Tokyo")), path.name),
        failed=frozenset(str(v).lower() for v in raw.get("failed", [])),
        delimiter=str(raw.get("delimiter", ",")),
        columns=tuple(raw.get("columns", ())),
        join_start=len(named["start"]) > 1,
        skip_lines=int(raw.get("skip_lines", 0)),
        encoding=str(raw.get("encoding", "utf-8")),
    )


def zone(name: str, where: str = "") -> ZoneInfo:
    """A time zone by its IANA name. Raises MappingError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise MappingError(f"{where}: タイムゾーン「{name}」がありません".lstrip(": ")) from error


EPOCHS = {"epoch": 1_000_000, "epoch_ms": 1000, "epoch_us": 1, "epoch_ns": 0.001}


def time_us(text: str, time_format: str, zone_: tzinfo) -> int:
    """A time in microseconds UTC. Raises ValueError when the text is no such time."""
    if time_format in EPOCHS:
        return round(float(text) * EPOCHS[time_format])
    if time_format in ("", "iso"):
        moment = guessed_time(text)
        if isinstance(moment, int):
            return moment
    else:
        moment = datetime.strptime(text, time_format)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone_)
    return round(moment.astimezone(UTC).timestamp() * 1_000_000)


def guessed_time(text: str) -> datetime | int:
    """A time in one of the usual forms: a number by its size, ISO 8601, CEF's month names."""
    if text.replace(".", "", 1).isdigit():
        digits = len(text.partition(".")[0])
        scale = 1_000_000 if digits <= 10 else 1000 if digits <= 13 else 1 if digits <= 16 else 0.001
        return round(float(text) * scale)
    try:
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        for form in ("%b %d %Y %H:%M:%S", "%b %d %Y %H:%M:%S.%f", "%d/%b/%Y:%H:%M:%S %z"):
            try:
                return datetime.strptime(text, form)
            except ValueError:
                continue
    raise ValueError(text)
