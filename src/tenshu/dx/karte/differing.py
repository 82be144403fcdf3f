"""Two contents of editions, field by field. Money is held against the same line of the year before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenshu.dx.karte.freezing import PARTS, Record
from tenshu.ground.calendar.fiscal_year import FiscalYear

_NEAR = {-1: "前年度", 0: "今年度", 1: "翌年度"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs between two editions; ``before`` or ``after`` is empty where there was none."""

    part: str
    record: str
    label: str
    before: str
    after: str


def differences(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    years: tuple[FiscalYear, FiscalYear] | None = None,
) -> Iterator[Difference]:
    """Field by field what differs, of the parts that both editions hold.

    ``years``: of which years the two are. Where these differ, money is compared as 前年度 and 今年度 of each.
    """
    for part, title in PARTS.items():
        if part not in before["parts"] or part not in after["parts"]:
            continue
        was, now = before[part], after[part]
        if part in ("register", "karte"):
            yield from _of_record(title, "", was, now)
        elif part == "money":
            if years is not None and years[0] != years[1]:
                was, now = _from_year(was, years[0]), _from_year(now, years[1])
            yield from _of_money(title, was, now)
        else:
            yield from _of_things(title, was, now)


def _from_year(lines: Mapping[str, Record], year: FiscalYear) -> dict[str, Record]:
    """The lines named by how far they lie from ``year``, so that those of two editions meet."""
    found = {}
    for key, line in lines.items():
        far = line["fiscal_year"]["value"] - year.year
        found[f"{_NEAR.get(far, f'{far:+}年度')} {key.split(' ', 1)[1]}"] = line
    return found


def _of_money(part: str, was: Mapping[str, Record], now: Mapping[str, Record]) -> Iterator[Difference]:
    for key in dict.fromkeys([*was, *now]):
        old, new = (side[key]["amount"] if key in side else None for side in (was, now))
        if (old and old["value"]) != (new and new["value"]):
            said = (one["text"] if one else "" for one in (old, new))
            yield Difference(part, key.removesuffix(" 1"), "金額（円）", *said)


def _of_things(part: str, was: Mapping[str, Record], now: Mapping[str, Record]) -> Iterator[Difference]:
    for key in dict.fromkeys([*was, *now]):
        if key not in now or key not in was:
            gone = key not in now
            yield Difference(part, key, "登録", "あり" if gone else "", "" if gone else "あり")
        else:
            yield from _of_record(part, key, was[key], now[key])


def _of_record(part: str, key: str, before: Record, after: Record) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if (was and was["value"]) != (now and now["value"]):
            label = (now or was or {})["label"]
            yield Difference(part, key, label, was["text"] if was else "", now["text"] if now else "")
