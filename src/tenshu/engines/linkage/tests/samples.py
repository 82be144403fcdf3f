"""Small registers written by hand, and the generator of the benchmark. All persons are invented."""

import sys
from pathlib import Path
from typing import Any

import polars as pl

from tenshu.engines.japanese import personal_number_check_digit
from tenshu.engines.linkage import Settings, inspect_register

sys.path.insert(0, str(Path(__file__).resolve().parents[5] / "benchmarks" / "linkage"))

from generate import generate
from mistakes import WRONG

__all__ = ["WRONG", "generate", "inspect", "number", "resident", "row", "settings"]

#: Items of a resident, in the notation of the register of residents.
TARO = ("高橋\u3000太郎", "タカハシ\u3000タロウ", "1950-03-04", "男", "大阪府大阪市北区中之島１丁目２番３号")


def number(base: int) -> str:
    """A personal number with a right check digit from a small integer."""
    digits = f"{base * 7_919 % 10**11:011}"
    return digits + str(personal_number_check_digit(digits))


def resident(person: int, items: tuple[str, str, str, str, str] = TARO, **changed: str) -> dict[str, Any]:
    """A resident; ``changed`` replaces single items."""
    name, kana, dob, sex, addr = items
    record = {"name": name, "kana": kana, "dob": dob, "sex": sex, "addr": addr}
    return {"person": person, "mynumber": number(person), **record, **changed}


def row(pid: str, claimed: str, described: dict[str, Any], **changed: str) -> dict[str, Any]:
    """A row of the register that describes a resident and carries the number ``claimed``."""
    items = {item: described[item] for item in ("name", "kana", "dob", "sex", "addr")}
    return {"pid": pid, "mynumber": claimed, **items, **changed}


def settings(**changed: Any) -> Settings:
    """Settings for tests: little memory, one thread."""
    return Settings(**{"memory": 600 * 10**6, "threads": 1, **changed})


def inspect(
    folder: Path, residents: list[dict[str, Any]], rows: list[dict[str, Any]], **changed: Any
) -> list[dict[str, Any]]:
    """Inspect hand-written rows and return the result as dictionaries, reasons as a set."""
    pl.DataFrame(residents).write_parquet(folder / "residents.parquet")
    pl.DataFrame(rows).write_parquet(folder / "register.parquet")
    out = folder / "result.parquet"
    inspect_register(folder / "residents.parquet", folder / "register.parquet", out, settings(**changed))
    return [found | {"reasons": set(found["reasons"].split())} for found in pl.read_parquet(out).to_dicts()]
