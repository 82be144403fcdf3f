"""Rates of the Japanese text engine beside its peers, and quality on hand-made variant pairs.

Usage: ``python benchmarks/japanese/run.py [--small]``. Rates are per second of CPU on one process.
"""

import argparse
import random
import sys
import time
import unicodedata
from collections.abc import Callable

import polars as pl
from jntajis import jnta_shrink_translit, mj_shrink_candidates

from tenshu.engines.japanese import (
    fold_width_column,
    kana_skeleton_column,
    name_key,
    name_key_column,
    parse_date,
    parse_date_column,
    personal_number_check_digit,
    personal_number_column,
    read_address_column,
)
from tenshu.engines.japanese.tests.variant_pairs import APART, SAME, pairs

SURNAMES = (
    "佐藤",
    "鈴木",
    "髙橋",
    "田中",
    "伊藤",
    "渡邉",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山﨑",
    "濵田",
    "齋藤",
    "𠮷川",
    "長谷川",
)
GIVEN = (
    "太郎",
    "花子",
    "健一",
    "美咲",
    "翔太",
    "陽子",
    "誠",
    "さくら",
    "一郎",
    "由美子",
    "ケン",
    "凜",
)
KANA = (
    "ｻﾄｳ",
    "ｽｽﾞｷ",
    "タカハシ",
    "ワタナベ",
    "さいとう",
    "ナガオカ",
    "ｼﾞｮｳｼﾞ",
    "ユウコ",
)
TOWNS = (
    "大阪府大阪市北区中之島",
    "大阪市天王寺区上本町",
    "大阪府泉南郡岬町大字深日",
    "堺市堺区南瓦町",
    "東大阪市荒本北",
)


def people(count: int, seed: int = 7) -> dict[str, pl.Series]:
    """Columns of raw person records in mixed notations."""
    pick = random.Random(seed)
    notations = (
        "昭和{e}年{m}月{d}日",
        "S{e:02}.{m:02}.{d:02}",
        "19{y}/{m}/{d}",
        "19{y}{m:02}{d:02}",
        "3{e:02}{m:02}{d:02}",
    )
    streets = ("{a}丁目{b}番{c}号", "{a}-{b}-{c}", "{a}丁目{b}-{c}\u3000メゾン１０１", "二丁目{b}番地の{c}")
    columns: dict[str, list[str]] = {"name": [], "kana": [], "dob": [], "addr": [], "mynumber": []}
    for _ in range(count):
        era = pick.randint(5, 63)
        first = f"{pick.randrange(10**11):011}"
        parts = {"e": era, "y": era + 25, "m": pick.randint(1, 12), "d": pick.randint(1, 28)}
        street = {"a": pick.randint(1, 9), "b": pick.randint(1, 40), "c": pick.randint(1, 30)}
        columns["name"].append(pick.choice(SURNAMES) + pick.choice(("", "\u3000", " ")) + pick.choice(GIVEN))
        columns["kana"].append(f"{pick.choice(KANA)} {pick.choice(KANA)}")
        columns["dob"].append(pick.choice(notations).format(**parts))
        columns["addr"].append(pick.choice(TOWNS) + pick.choice(streets).format(**street))
        columns["mynumber"].append(first + str(personal_number_check_digit(first)))
    return {name: pl.Series(name, values) for name, values in columns.items()}


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of the second of two runs, tables being built in the first."""
    work()
    started = time.process_time()
    work()
    return time.process_time() - started


def show(what: str, count: int, spent: float, target: str = "") -> None:
    """Print one rate with its target."""
    print(f"{what:<52}{count / spent / 1e6:8.2f} M/s {spent / count * 1e6:8.3f} µs  {target}")


def nta_key(text: str) -> str:
    """Shrink a name to JIS by the peer's NTA table."""
    return str(jnta_shrink_translit(unicodedata.normalize("NFKC", text)))


def quality() -> bool:
    """Print how many variant pairs each method folds together and how many different ones it merges."""
    methods: dict[str, Callable[[str], str]] = {
        "tenshu name_key": name_key,
        "peer: jntajis jnta_shrink_translit": nta_key,
        "peer: unicodedata NFKC": lambda text: unicodedata.normalize("NFKC", text),
    }
    passed = True
    for name, key in methods.items():
        same = sum(key(left) == key(right) for left, right in pairs(SAME))
        merged = sum(key(left) == key(right) for left, right in pairs(APART))
        own = name.startswith("tenshu")
        passed &= not own or (same >= 43 and merged == 0)
        print(f"{name:<40} {same}/{len(pairs(SAME))} folded, {merged}/{len(pairs(APART))} wrongly merged"
              + ("   target ≥ 43/45 and 0" if own else ""))  # fmt: skip
    return passed


def main() -> int:
    """Run the benchmark; 1 when a quality target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="smoke run of a few seconds")
    count = 20_000 if parser.parse_args().small else 1_000_000
    table = people(count)
    name = seconds(lambda: name_key_column(table["name"]))
    kana = seconds(lambda: kana_skeleton_column(table["kana"]))
    date = seconds(lambda: parse_date_column(table["dob"]))
    address = seconds(lambda: read_address_column(table["addr"]))
    number = seconds(lambda: personal_number_column(table["mynumber"]))
    show("name key (width, variants, selectors, spaces)", count, name, "target ≥ 3 M/s")
    show("kana skeleton", count, kana)
    show("date of birth, five notations", count, date)
    show("address to town, numbers, rest", count, address)
    show("check digit of 個人番号", count, number)
    show("whole person record", count, name + kana + date + address + number, "target ≤ 4 µs")
    show("width only", count, seconds(lambda: fold_width_column(table["name"])))
    few = table["name"].head(count // 10).to_list()
    show(
        "peer: jntajis mj_shrink_candidates, name by name",
        len(few),
        seconds(lambda: [mj_shrink_candidates(text, 15, 1) for text in few]),
    )
    show(
        "peer: unicodedata NFKC, name by name",
        len(few),
        seconds(lambda: [unicodedata.normalize("NFKC", text) for text in few]),
    )
    dates = table["dob"].head(count // 10).to_list()
    show("scalar parse_date", len(dates), seconds(lambda: [parse_date(text) for text in dates]))
    return 0 if quality() else 1


if __name__ == "__main__":
    sys.exit(main())
