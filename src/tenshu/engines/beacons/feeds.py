"""Reading indicator lists: plain text, MISP events, Maltrail trails."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tenshu.engines.beacons.destinations import parse_destination
from tenshu.engines.beacons.errors import RegisterError

WITH_PORT = re.compile(r"^(\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]+\]):\d{1,5}$")
JA3 = re.compile(r"^[0-9a-f]{32}$")
ADDRESS_PATH = "URL（経路つき）は通信記録と照合できません"
SIGNATURE_TYPES = ("ja3-fingerprint-md5",)
PLACE_TYPES = (
    "ip-dst",
    "ip-src",
    "domain",
    "hostname",
    "ip-dst|port",
    "ip-src|port",
    "domain|ip",
    "hostname|port",
)


@dataclass(frozen=True)
class Candidate:
    """One entry of a list. `unusable` says why it cannot be matched, otherwise it is empty."""

    kind: str = ""
    value: str = ""
    cover: str = "bare"
    date: str = ""
    note: str = ""
    unusable: str = ""


def candidate(text: str, where: str, date: str = "", note: str = "") -> Candidate:
    """An entry as a candidate. Raises RegisterError with `where` for what is no destination."""
    value = text.strip().replace("[.]", ".").replace("hxxp", "http")
    if JA3.fullmatch(value.lower()):
        return Candidate("ja3", value.lower(), date=date, note=note)
    if "://" in value:
        host, _, path = value.partition("://")[2].partition("/")
        if path:
            return Candidate(unusable=ADDRESS_PATH)
        value = host
    if WITH_PORT.match(value):
        value = value.rpartition(":")[0].strip("[]")
    if "/" in value and not value.rpartition("/")[2].isdigit():
        return Candidate(unusable=ADDRESS_PATH)
    try:
        place = parse_destination(value, "both")
    except RegisterError as error:
        raise RegisterError(f"{where}: {error}") from error
    return Candidate(place.kind, place.value, place.cover, date, note)


def read_text(path: Path) -> Iterator[Candidate]:
    """One entry a line, `#` begins a comment; a CSV's first column is taken."""
    for number, line in enumerate(lines_of(path), 1):
        entry = line.partition("#")[0].split(",")[0].strip().strip('"')
        if entry:
            yield candidate(entry, f"{path.name}: {number}行目")


def read_maltrail(path: Path) -> Iterator[Candidate]:
    """Trails of Maltrail: one a line, `#` begins a comment, the name of the file tells the family."""
    for number, line in enumerate(lines_of(path), 1):
        entry = line.partition("#")[0].strip()
        if not entry:
            continue
        try:
            yield candidate(entry, f"{path.name}: {number}行目", note=path.stem)
        except RegisterError:
            # Trails also hold bare paths and user agents, which flows do not show.
            yield Candidate(unusable="通信記録と照合できない種類の項目です")


def read_misp(path: Path) -> Iterator[Candidate]:
    """Attributes for detection (`to_ids`) of one MISP event or a list of events, as exported in JSON."""
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RegisterError(f"{path.name}: MISP の JSON として読めません: {error}") from error
    events = raw.get("response", raw) if isinstance(raw, dict) else raw
    for entry in events if isinstance(events, list) else [events]:
        event = entry.get("Event", entry)
        attributes = list(event.get("Attribute", []))
        for part in event.get("Object", []):
            attributes += part.get("Attribute", [])
        for number, attribute in enumerate(attributes, 1):
            yield from misp_attribute(attribute, event, f"{path.name}: {number}番目の属性")


def misp_attribute(attribute: dict[str, Any], event: dict[str, Any], where: str) -> Iterator[Candidate]:
    """The candidates of one attribute."""
    kind, value = str(attribute.get("type", "")), str(attribute.get("value", ""))
    if not attribute.get("to_ids", False):
        yield Candidate(unusable="検知用（to_ids）ではありません")
        return
    if kind not in PLACE_TYPES + SIGNATURE_TYPES:
        yield Candidate(unusable=f"種類 {kind} は通信記録と照合できません")
        return
    stamp = attribute.get("timestamp")
    day = datetime.fromtimestamp(int(stamp), UTC).date().isoformat() if stamp else str(event.get("date", ""))
    for part in value.split("|")[: 2 if kind == "domain|ip" else 1]:
        yield candidate(part, where, day, str(event.get("info", ""))[:200])


def lines_of(path: Path) -> list[str]:
    """The lines of a text file. Raises RegisterError."""
    try:
        return path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(f"{path.name}: 読めません: {error}") from error


FEED_FORMATS: dict[str, Callable[[Path], Iterator[Candidate]]] = {
    "text": read_text,
    "misp": read_misp,
    "maltrail": read_maltrail,
}
