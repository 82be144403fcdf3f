"""Money of the systems of the reference year: settlement, budget, and the payments of the accounting export.

R3 and R4 settlement, R4 and R5 budget; payments of R4 and R5 with the rules that find their system. The payments
of R4 make up its settlement, but where something was corrected later or the export does not name the system.
"""

import datetime
import random
from collections.abc import Iterable
from dataclasses import dataclass, field

_D = datetime.date

type Cell = str | int | datetime.date | None
type Row = list[Cell]
type Office = tuple[str, str]
"""Department and division."""

ITEMS = [
    ("S01", "企画・調査", "整備経費"),
    ("S02", "設計・開発", "整備経費"),
    ("S03", "データ移行", "整備経費"),
    ("S04", "機器等導入", "整備経費"),
    ("U01", "運用", "運用等経費"),
    ("U02", "保守", "運用等経費"),
    ("U03", "機器借料", "運用等経費"),
    ("U04", "回線", "運用等経費"),
    ("U05", "クラウド利用料", "運用等経費"),
    ("U06", "問合せ窓口", "運用等経費"),
]
PAYMENT_HEADERS = (
    "取込元のファイル", "行", "会計年度", "部局名", "室課名", "支払日", "会計区分", "節（細節名）", "支払内容",
    "支払額（円）", "事業名",
)  # fmt: skip
RULE_HEADERS = (
    "順番", "システム番号", "室課名に含む", "事業名に含む", "支払内容に含む", "節（細節名）に含む", "適用開始年度",
    "適用終了年度",
)  # fmt: skip
#: Item → what the export calls it: 節, 支払内容.
_WORDS = {
    "U02": ("委託料", "運用保守業務委託料"),
    "U03": ("使用料及び賃借料", "機器賃借料"),
    "S02": ("委託料", "改修業務委託料"),
    "S04": ("備品購入費", "機器購入費"),
}
_QUARTERS = ("4～6月", "7～9月", "10～12月", "1～3月")
_HALVES = ("上半期", "下半期")


@dataclass
class Money:
    """Rows of 費用.xlsx, 照合の規則.xlsx and 支払い.xlsx."""

    lines: list[Row] = field(default_factory=list)
    rules: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)


def add_money(
    found: Money, rng: random.Random, number: str, name: str, size: int, owners: tuple[Office, Office]
) -> None:
    """Everything of one system. ``owners``: who paid in R4, and who pays in R5."""
    run = size * size * rng.randint(500, 1_500) * 1_000
    lease = size * size * rng.randint(150, 600) * 1_000
    build = size * rng.randint(1_000, 4_000) * 1_000 if rng.random() < 0.25 else 0
    stem = name.removesuffix("システム")
    _rules(found, number, stem, owners)
    for item, amount in (("U02", run), ("U03", lease), ("S02", build)):
        if not amount:
            continue
        if item != "S02":
            _line(found, number, "R3", item, "決算", round(amount * rng.uniform(0.93, 1)))
        _line(found, number, "R4", item, "当初", amount)
        paid = amount - rng.randint(0, amount // 12_000) * 1_000 - rng.randint(0, 999)
        _pay(found, rng, "R4", owners[0], stem, item, _parts(paid, 1 if item == "S02" else 4))
        _line(found, number, "R4", item, "決算", paid - _corrected(rng, paid))
    for item, amount in (("U02", run), ("U03", lease)):
        budget = round(amount * rng.uniform(0.97, 1.12) / 1_000) * 1_000
        _line(found, number, "R5", item, "当初", budget)
        _pay(found, rng, "R5", owners[1], stem, item, _parts(round(budget * rng.uniform(0.95, 1)), 2))
    if rng.random() < 0.1:
        bought = size * rng.randint(2_000, 9_000) * 1_000
        _line(found, number, "R5", "S04", "当初", bought)
        _pay(found, rng, "R5", owners[1], stem, "S04", [bought - rng.randint(0, 400) * 1_000])


def finish_payments(found: Money, rng: random.Random, offices: Iterable[Office]) -> None:
    """Payments for no system at all, which no rule takes; then the rows as the export had them, year by year."""
    for year, (department, division) in zip(("R4", "R5") * 12, offices, strict=False):
        day = _D(2018 + int(year[1]), rng.randint(5, 12), rng.randint(1, 28))
        found.payments.append(
            [year, department, division, day, "一般会計", "需用費", "消耗品費（印刷用紙ほか）", rng.randint(20, 400) * 550,
             "一般管理費"]
        )  # fmt: skip
    found.payments.sort(key=lambda row: (str(row[0]), str(row[3]), str(row[2]), str(row[6])))
    rows, count = [], {"R4": 1, "R5": 1}
    for row in found.payments:
        year = str(row[0])
        count[year] += 1
        rows.append([f"支払い_{year}.csv", count[year], *row])
    found.payments = rows


def _rules(found: Money, number: str, stem: str, owners: tuple[Office, Office]) -> None:
    """One rule a system; two where the owner changed, each with its years."""
    was, now = owners[0][1], owners[1][1]
    # The longer words first: 台帳 of one system may stand within those of another.
    order = max(1, 100 - len(stem))
    if was != now:
        found.rules.append([order, number, was, None, stem, None, None, "R4"])
    found.rules.append([order, number, now, None, stem, None, None if was == now else "R5", None])


def _line(found: Money, number: str, year: str, item: str, stage: str, amount: int) -> None:
    file = f"決算資料{year}.xlsx" if stage == "決算" else f"予算書{year}.xlsx"
    found.lines.append([number, year, item, stage, 1, amount, file, 4 + len(found.lines)])


def _parts(amount: int, parts: int) -> list[int]:
    """``amount`` in so many payments; the last one takes what is left."""
    each = amount // parts // 1_000 * 1_000
    return [*([each] * (parts - 1)), amount - each * (parts - 1)]


def _corrected(rng: random.Random, paid: int) -> int:
    """What was paid back after the export: it is in the settlement only."""
    return min(paid, rng.randint(1, 90) * 1_100) if rng.random() < 0.05 else 0


def _pay(
    found: Money, rng: random.Random, year: str, office: Office, stem: str, item: str, amounts: list[int]
) -> None:
    section, words = _WORDS[item]
    first = 2018 + int(year[1])
    spans = {4: _QUARTERS, 2: _HALVES}.get(len(amounts), ("",))
    # Some divisions write no name of the system: nobody but they can tell what it was for.
    said = "情報システム" if rng.random() < 0.03 else stem
    for place, (amount, span) in enumerate(zip(amounts, spans, strict=True), start=1):
        month = 4 + place * 12 // len(amounts)
        day = _D(first + month // 13, (month - 1) % 12 + 1, rng.randint(10, 28))
        text = f"{said}{words}（{span}）" if span else f"{said}{words}"
        found.payments.append(
            [year, *office, day, "一般会計", section, text, amount, f"{office[1].removesuffix('課')}運営費"]
        )
