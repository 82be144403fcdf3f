"""What a programme holds and demands of its rows, and the weights and thresholds of the inspection."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

type Demand = Literal["required", "optional", "absent"]

#: Raise whenever classes, weights or thresholds change; stored in the summary of every run.
RULES_VERSION = "2026.1"

_DEMANDS = ("required", "optional", "absent")


class PolicyError(ValueError):
    """The policy file is unusable; the message names the file and the key in Japanese."""


@dataclass(frozen=True)
class Items:
    """For each item: demanded for class A, used when present, or not held by the programme at all.

    ``name`` covers name and reading together: class A needs one of the two equal.
    """

    name: Demand = "required"
    dob: Demand = "required"
    sex: Demand = "optional"
    addr: Demand = "required"


@dataclass(frozen=True)
class Weights:
    """Evidence for (positive) or against one person, in hundredths; about log2 of the likelihood ratio."""

    name_equal: int = 900
    name_kana: int = 800
    name_near: int = 400
    name_given: int = 400
    name_script: int = -100
    name_surname: int = -600
    name_different: int = -800
    kana_conflict: int = -100
    kanji_conflict: int = -200
    dob_equal: int = 800
    dob_swapped: int = 200
    dob_partial: int = 200
    dob_one_part: int = 0
    dob_year: int = -300
    dob_different: int = -700
    sex_equal: int = 50
    sex_different: int = -400
    addr_equal: int = 600
    addr_town: int = 150
    addr_different: int = -150


@dataclass(frozen=True)
class Thresholds:
    """Limits on scores, in hundredths."""

    other_owner: int = 300
    no_owner: int = 200
    tie: int = 75
    proposal: int = 1400
    shared_number: int = 300


@dataclass(frozen=True)
class Policy:
    """Policy of one programme (事務)."""

    items: Items = field(default_factory=Items)
    weights: Weights = field(default_factory=Weights)
    thresholds: Thresholds = field(default_factory=Thresholds)


def read_policy(path: Path) -> Policy:
    """Read a policy from TOML with the tables ``items``, ``weights`` and ``thresholds``, each key optional.

    Weights and thresholds are written as in the documentation (3.0 means 300 hundredths).

    Raises:
        PolicyError: the file cannot be read, or a table, key or value is unknown.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: 方針ファイルを読めません（{error}）") from None
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{path}: TOMLとして読めません（{error}）") from None
    if unknown := set(tables) - {"items", "weights", "thresholds"}:
        raise PolicyError(f"{path}: 知らない表 [{sorted(unknown)[0]}] があります")
    return Policy(
        items=Items(**_demands(path, tables.get("items", {}))),
        weights=Weights(**_hundredths(path, "weights", tables.get("weights", {}), Weights)),
        thresholds=Thresholds(**_hundredths(path, "thresholds", tables.get("thresholds", {}), Thresholds)),
    )


def _demands(path: Path, table: dict[str, object]) -> dict[str, Demand]:
    known = {each.name for each in fields(Items)}
    found: dict[str, Demand] = {}
    for key, value in table.items():
        if key not in known:
            raise PolicyError(
                f"{path}: [items] に知らない項目 {key} があります（{'・'.join(sorted(known))}）"
            )
        if value not in _DEMANDS:
            raise PolicyError(f"{path}: [items] {key} は required・optional・absent のいずれかです")
        found[key] = value  # type: ignore[assignment]
    return found


def _hundredths(path: Path, table: str, values: dict[str, object], kind: type) -> dict[str, int]:
    known = {each.name for each in fields(kind)}
    for key, value in values.items():
        if key not in known:
            raise PolicyError(f"{path}: [{table}] に知らない項目 {key} があります")
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise PolicyError(f"{path}: [{table}] {key} は数値で書きます")
    return {key: round(float(value) * 100) for key, value in values.items() if isinstance(value, int | float)}
