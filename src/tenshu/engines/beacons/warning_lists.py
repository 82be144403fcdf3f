"""MISP warning lists: well-known harmless values that must not become indicators.

Only lists that can be matched exactly are used: `cidr`, `hostname` and `string`. A list of substrings or of
regular expressions would hold back by a part of the text, which one bad entry turns into everything.
"""

import ipaddress
import json
from collections.abc import Iterable
from pathlib import Path

from tenshu.engines.beacons.destinations import Destination, DestinationIndex, is_domain
from tenshu.engines.beacons.errors import RegisterError

EXACT_TYPES = ("cidr", "hostname", "string")


class WarningLists:
    """Values of several lists, each remembering the list it came from."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.unused: list[str] = []
        self.index = DestinationIndex()

    @classmethod
    def load(cls, paths: Iterable[Path]) -> "WarningLists":
        """Read lists from files or from folders of `list.json` files. Raises RegisterError."""
        lists = cls()
        for path in paths:
            for file in sorted(path.rglob("*.json")) if path.is_dir() else [path]:
                try:
                    raw = json.loads(file.read_text("utf-8"))
                    lists.add(str(raw["name"]), str(raw["type"]), [str(value) for value in raw["list"]])
                except (OSError, ValueError, KeyError, TypeError) as error:
                    raise RegisterError(
                        f"{file}: 警告リスト（name・type・list）として読めません: {error}"
                    ) from error
        return lists

    def add(self, name: str, kind: str, values: list[str]) -> None:
        """Add one list; a kind that cannot be matched exactly is only named in `unused`."""
        if kind not in EXACT_TYPES:
            self.unused.append(name)
            return
        number = len(self.names)
        self.names.append(name)
        for value in values:
            place = warning_place(value.strip().lower(), kind)
            if place is not None:
                self.index.add(place, number)

    def listed(self, value: str, kind: str) -> str | None:
        """The name of the first list that knows a value, or None.

        A network is known when a list covers the whole of it.
        """
        if kind == "network":
            network = ipaddress.ip_network(value)
            first = set(self.index.find(str(network.network_address)))
            found = sorted(first & set(self.index.find(str(network.broadcast_address))))
        else:
            found = self.index.find(value)
        return self.names[found[0]] if found else None


def warning_place(value: str, kind: str) -> Destination | None:
    """An entry of a warning list, or None when it is no address and no domain."""
    try:
        return Destination("network", str(ipaddress.ip_network(value, strict=False)))
    except ValueError:
        pass
    value = value.lstrip(".")
    if not is_domain(value):
        return None
    return Destination("domain", value, "both" if kind == "hostname" else "bare")
