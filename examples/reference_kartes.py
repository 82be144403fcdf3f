"""Kartes, things and money of the 135 systems of the reference year: all invented, the same for the same seed.

R4 settlement, R4 and R5 budget, and the R4 edition (the kartes of a year before, in which some facts were other).
"""

import datetime
import random
from dataclasses import dataclass, field

_D = datetime.date

type Cell = str | int | datetime.date | None
type Row = list[Cell]

VENDORS = [
    ("見本情報サービス株式会社", "みほんじょうほうさーびす", "公共営業部"),
    ("例示データシステム株式会社", "れいじでーたしすてむ", "自治体第一部"),
    ("試行電算株式会社", "しこうでんさん", "システム二課"),
    ("仮名ソフトウェア株式会社", "かなそふとうぇあ", "営業推進部"),
    ("見立リース株式会社", "みたてりーす", "公共契約課"),
    ("例橋ネットワーク株式会社", "れいばしねっとわーく", "官公庁営業部"),
]
HOSTS = [
    (f"kvm-{n:02}", ("LGWAN接続系", "マイナンバー利用事務系", "インターネット接続系")[n % 3])
    for n in range(1, 13)
]
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
RULES = [
    ("概要", 3, "必須", "いいえ"),
    ("ライフサイクル", 3, "必須", "いいえ"),
    ("ネットワーク", 3, "必須", "いいえ"),
    ("自治体機密性", 3, "必須", "いいえ"),
    ("設置形態", 3, "必須", "いいえ"),
    ("マイナンバー利用", 3, "必須", "いいえ"),
    ("前年度の決算", 5, "必須", "はい"),
    ("今年度の予算", 5, "必須", "はい"),
    ("利用する職員", 2, "必須", "いいえ"),
    ("個人情報", 2, "必須", "いいえ"),
    ("モデル", 2, "標準", "いいえ"),
    ("サーバ", 3, "標準", "はい"),
    ("ソフトウェア", 3, "標準", "はい"),
    ("契約", 3, "標準", "はい"),
    ("機器の集約", 2, "標準", "いいえ"),
    ("更改予定日", 1, "標準", "はい"),
    ("目標復旧時間", 1, "詳細", "はい"),
    ("ログの保存期間", 1, "詳細", "はい"),
]
KARTE_HEADERS = (
    "システム番号", "概要", "標準化業務", "業務名", "ライフサイクル", "重要度", "年間処理件数（件）", "更改予定日",
    "利用する職員（名）", "同時利用の最大（名）", "サービス時間", "閉庁日の運用", "ネットワーク", "モデル",
    "グローバルIPの使用", "遠隔保守", "自治体機密性", "自治体完全性", "自治体可用性", "個人情報", "マイナンバー利用",
    "データの保存期間", "設置形態", "設置場所", "仮想化", "開発形態", "データベース", "運用担当の職員（名）",
    "運用の委託", "バックアップの頻度", "切り離したバックアップ", "目標復旧時間（時間）", "認証の方法", "多要素認証",
    "修正プログラムの適用", "ログの保存期間（月）", "標準化の状況", "機器の集約", "内線",
)  # fmt: skip
SERVER_HEADERS = (
    "サーバ名", "システム番号", "役割", "環境", "形態", "収容ホスト名", "ネットワーク", "OS", "OSの版",
    "OSのサポート終了日", "CPUコア数", "メモリ（GB）", "ディスク（GB）", "IOPS上限",
)  # fmt: skip
BANDS = ("0～4時", "4～8時", "8～12時", "12～16時", "16～20時", "20～24時")
_STANDARD = {"生活保護システム": "生活保護", "児童扶養手当システム": "児童扶養手当"}
_OS = (
    ("見本サーバOS", "2016", _D(2027, 1, 12)),
    ("見本サーバOS", "2019", _D(2029, 1, 9)),
    ("例示Linux", "7", _D(2024, 6, 30)),
)
_DATABASES = (
    ("見本データベース", "12", _D(2024, 11, 14)),
    ("例示DB", "19", _D(2027, 4, 30)),
    ("仮名DB", "2017", _D(2027, 10, 12)),
)


@dataclass
class Kartes:
    """Rows of every file."""

    kartes: list[Row] = field(default_factory=list)
    before: list[Row] = field(default_factory=list)
    servers: list[Row] = field(default_factory=list)
    software: list[Row] = field(default_factory=list)
    contracts: list[Row] = field(default_factory=list)
    flows: list[Row] = field(default_factory=list)
    money: list[Row] = field(default_factory=list)


def make_kartes(systems: list[list[Cell]], rng: random.Random) -> Kartes:
    """Everything about the candidate systems (those with a day in the eighth column that still holds)."""
    found = Kartes()
    candidates = [row for row in systems if row[7] is not None and row[8] is None]
    numbers = [str(row[0]) for row in candidates]
    for place, row in enumerate(candidates):
        number, name, owner_purpose = str(row[0]), str(row[1]), str(row[4])
        size = rng.choice((1, 1, 1, 2, 2, 3, 5))
        _facts(found, rng, number, name, owner_purpose, size)
        _things(found, rng, number, name, size)
        _money(found, rng, number, size)
        if place % 3 == 0:
            other = numbers[(place * 5 + 7) % len(numbers)]
            if other != number:
                found.flows.append([number, other, None, "台帳データ", "ファイル", "日次", "はい"])
        if place % 11 == 0:
            found.flows.append([None, number, "電子申請サービス", "申請データ", "API", "随時", "はい"])
    return found


def _facts(found: Kartes, rng: random.Random, number: str, name: str, purpose: str, size: int) -> None:
    standard = _STANDARD.get(name, "その他の業務")
    mynumber = name in _STANDARD or "税" in name
    zone = (
        "マイナンバー利用事務系" if mynumber else rng.choice(("LGWAN接続系",) * 4 + ("インターネット接続系",))
    )
    hosting = rng.choice(("庁舎内", "庁舎内", "庁舎内", "データセンター", "クラウド"))
    users = rng.randint(8, 60) * size * size
    renewal = _D(rng.randint(2024, 2029), rng.choice((1, 4, 10)), 1)
    row: Row = [
        number, f"{purpose}\n照会、登録、帳票の印刷を行う。", standard, name.removesuffix("システム"), "運用中",
        rng.choice(("高", "中", "中", "低")), users * rng.randint(20, 300), renewal, users, max(3, users // 4),
        "8時～20時" if size < 5 else "24時間", "はい" if size == 5 else "いいえ", zone, "αモデル",
        "はい" if zone == "インターネット接続系" else "いいえ", rng.choice(("はい", "いいえ")),
        "3B" if mynumber else rng.choice(("3C", "2", "2")), rng.choice(("1", "2")), rng.choice(("1", "2")),
        "はい" if mynumber or size > 1 else "いいえ", "はい" if mynumber else "いいえ", rng.choice(("5年", "10年", "永年")),
        hosting, "本庁舎機械室" if hosting == "庁舎内" else "", "はい" if hosting == "庁舎内" else "いいえ",
        rng.choice(("パッケージ", "パッケージ（改修あり）", "個別開発")), "", rng.randint(1, 4), rng.choice(("はい", "いいえ")),
        rng.choice(("日次", "日次", "週次")), rng.choice(("はい", "いいえ")), rng.choice((4, 8, 24, 72, None)),
        rng.choice(("ID・パスワード", "ICカード", "統合認証")), "はい" if mynumber else "いいえ", rng.choice(("月次", "年次", "随時")),
        rng.choice((6, 12, 36, None)), "移行予定" if name in _STANDARD else "対象外",
        rng.choice(("できる", "条件付きでできる", "できない", "未検討")), f"{rng.randint(2000, 8999)}",
    ]  # fmt: skip
    found.kartes.append(row)
    # A year before: other head counts everywhere, another renewal or class here and there.
    before = list(row)
    before[8] = max(3, users - rng.randint(0, 9))
    before[6] = users * rng.randint(20, 300)
    if rng.random() < 0.3:
        before[7] = _D(renewal.year - 1, renewal.month, 1)
    if rng.random() < 0.2:
        before[37] = "未検討"
    if rng.random() < 0.1:
        before[29] = "週次"
    found.before.append(before)


def _things(found: Kartes, rng: random.Random, number: str, name: str, size: int) -> None:
    stem = name.removesuffix("システム")
    zone = found.kartes[-1][12]
    hosts = [host for host, host_zone in HOSTS if host_zone == zone]
    for role in ("AP", "DB")[: 1 if size == 1 else 2]:
        system, version, ends = rng.choice(_OS)
        cores = rng.choice((2, 4, 8))
        memory, disk = cores * 4, cores * 100
        loads: Row = [
            min(100, round(rng.uniform(0.1, 0.5) * 100 * share)) for share in (0.3, 0.4, 1.6, 1.8, 1, 0.3)
        ]
        loads += [round(memory * rng.uniform(0.4, 0.9)) for _ in BANDS]
        found.servers.append(
            [f"sv{number}-{role.lower()}1", number, role, "本番", "仮想", rng.choice(hosts), zone, system, version, ends,
             cores, memory, disk, disk * 5, *loads]
        )  # fmt: skip
    database, version, ends = rng.choice(_DATABASES)
    found.software.append(
        [number, database, version, "データベース", rng.choice(VENDORS[:4])[0], ends, size * 2, size * 2]
    )
    found.software.append(
        [number, f"{stem}パッケージ"[:60], f"{rng.randint(2, 9)}.{rng.randint(0, 9)}", "業務パッケージ",
         rng.choice(VENDORS[:4])[0], None, 1, 1]
    )  # fmt: skip
    starts = _D(rng.choice((2019, 2020, 2021, 2022)), rng.choice((4, 10)), 1)
    ends = _D(starts.year + 5, starts.month, 1) - datetime.timedelta(days=1)
    yearly = size * size * rng.randint(400, 900) * 1_000
    found.contracts.append(
        [f"{number}-1", number, f"{stem}運用保守業務", "委託", rng.choice(VENDORS[:4])[0], "随意契約", _D(2023, 4, 1),
         _D(2024, 3, 31), "いいえ", yearly]
    )  # fmt: skip
    found.contracts.append(
        [f"{number}-2", number, f"{stem}機器賃貸借", "リース", VENDORS[4][0], "一般競争入札", starts, ends, "はい",
         yearly * 3]
    )  # fmt: skip


def _money(found: Kartes, rng: random.Random, number: str, size: int) -> None:
    run = size * size * rng.randint(500, 1_500) * 1_000
    lease = size * size * rng.randint(150, 600) * 1_000
    build = size * rng.randint(1_000, 4_000) * 1_000 if rng.random() < 0.25 else 0

    def line(year: str, item: str, stage: str, amount: int) -> None:
        if amount:
            file = "決算資料R4.xlsx" if stage == "決算" else f"予算書{year}.xlsx"
            found.money.append([number, year, item, stage, 1, amount, file, 4 + len(found.money)])

    for item, amount in (("U02", run), ("U03", lease), ("S02", build)):
        line("R4", item, "当初", amount)
        line(
            "R4",
            item,
            "決算",
            amount - rng.randint(0, amount // 12_000) * 1_000 - rng.randint(0, 999) if amount else 0,
        )
    for item, amount in (("U02", run), ("U03", lease)):
        line("R5", item, "当初", round(amount * rng.uniform(0.97, 1.12) / 1_000) * 1_000)
    if rng.random() < 0.1:
        line("R5", "S04", "当初", size * rng.randint(2_000, 9_000) * 1_000)
