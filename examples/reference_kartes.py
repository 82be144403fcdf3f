"""Kartes and things of the 135 systems of the reference year: all invented, the same for the same seed.

The kartes stand as the R5 edition has them; ``before`` are those of the R4 edition, in which some facts were other.
"""

import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from reference_money import (
    ITEMS,
    PAYMENT_HEADERS,
    RULE_HEADERS,
    Money,
    add_money,
    finish_payments,
)

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


type Offices = dict[str, tuple[str, str]]
"""Code of a division → its department and its name."""


@dataclass
class Kartes:
    """Rows of every file."""

    kartes: list[Row] = field(default_factory=list)
    before: list[Row] = field(default_factory=list)
    """The kartes of R4."""
    owners: list[tuple[str, str]] = field(default_factory=list)
    """Of each karte the owner's code, the year before and now."""
    servers: list[Row] = field(default_factory=list)
    software: list[Row] = field(default_factory=list)
    contracts: list[Row] = field(default_factory=list)
    flows: list[Row] = field(default_factory=list)
    money: Money = field(default_factory=Money)


def make_kartes(systems: list[list[Cell]], offices: Offices, rng: random.Random) -> Kartes:
    """Everything about the candidate systems (those with a day in the eighth column that still holds)."""
    found = Kartes()
    # Generators of their own, so that what was does not change what is.
    past, paying = random.Random(rng.random()), random.Random(rng.random())
    candidates = [row for row in systems if row[7] is not None and row[8] is None]
    numbers = [str(row[0]) for row in candidates]
    for place, row in enumerate(candidates):
        number, name, owner, purpose = str(row[0]), str(row[1]), str(row[3]), str(row[4])
        size = rng.choice((1, 1, 1, 2, 2, 3, 5))
        _facts(found, rng, number, name, purpose, size)
        was = _owner_before(owner, offices, past)
        found.owners.append((was, owner))
        found.before.append(_year_before(found.kartes[-1], past))
        _things(found, rng, number, name, size)
        add_money(found.money, paying, number, name, size, (offices[was], offices[owner]))
        if place % 3 == 0:
            other = numbers[(place * 5 + 7) % len(numbers)]
            if other != number:
                found.flows.append([number, other, None, "台帳データ", "ファイル", "日次", "はい"])
        if place % 11 == 0:
            found.flows.append([None, number, "電子申請サービス", "申請データ", "API", "随時", "はい"])
    finish_payments(found.money, paying, [offices[now] for _, now in found.owners])
    return found


def edition_rows(made: Kartes, offices: Offices) -> list[Row]:
    """Rows of カルテ年度版.xlsx: 年度, 確認した人, 所管コード, and the facts; R4 first."""
    rows: list[Row] = []
    for year, place, kartes in (("R4", 0, made.before), ("R5", 1, made.kartes)):
        for karte, owners in zip(kartes, made.owners, strict=True):
            code = owners[place]
            rows.append([year, f"{offices[code][1]}長（見本）", code, *karte])
    return rows


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


def _owner_before(owner: str, offices: Offices, past: random.Random) -> str:
    """Who owned the system in R4: now and then another division of the same department."""
    others = [code for code, office in offices.items() if office[0] == offices[owner][0] and code != owner]
    return past.choice(others) if others and past.random() < 0.05 else owner


def _year_before(now: Row, past: random.Random) -> Row:
    """The karte of R4: some have moved to the cloud since, some are better protected, head counts moved."""
    row = dict(zip(KARTE_HEADERS, now, strict=True))
    users, cases = int(str(row["利用する職員（名）"])), int(str(row["年間処理件数（件）"]))
    if past.random() < 0.4:
        row["利用する職員（名）"] = max(3, users + past.choice((-9, -6, -4, -2, 2, 3)))
    if past.random() < 0.6:
        row["年間処理件数（件）"] = max(1, round(cases * past.uniform(0.92, 1.05)))
    if row["設置形態"] == "クラウド" and past.random() < 0.6:
        row |= {
            "設置形態": "庁舎内",
            "設置場所": "本庁舎機械室",
            "仮想化": "はい",
            "ライフサイクル": "更改中",
        }
    if past.random() < 0.2 and isinstance(row["更改予定日"], _D):
        row["更改予定日"] = row["更改予定日"].replace(year=row["更改予定日"].year - 1)
    if row["機器の集約"] != "未検討" and past.random() < 0.2:
        row["機器の集約"] = "未検討"
    if row["多要素認証"] == "はい" and past.random() < 0.3:
        row["多要素認証"] = "いいえ"
    if row["切り離したバックアップ"] == "はい" and past.random() < 0.25:
        row["切り離したバックアップ"] = "いいえ"
    if row["修正プログラムの適用"] == "月次" and past.random() < 0.15:
        row["修正プログラムの適用"] = "年次"
    if past.random() < 0.1:
        row["内線"] = f"{past.randint(2000, 8999)}"
    return list(row.values())


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
    yearly = size * size * rng.randint(400, 900) * 1_000
    _contract(found, rng, number, f"{stem}運用保守業務", rng.choice((1, 1, 3, 3)), yearly, 1)
    _contract(found, rng, number, f"{stem}機器賃貸借", 5, yearly * 3, 2)


def _year(year: int) -> str:
    return f"R{year - 2018}" if year > 2018 else f"H{year - 1988}"


def _contract(
    found: Kartes, rng: random.Random, number: str, name: str, years: int, amount: int, branch: int
) -> None:
    """The contract that runs in R5; and the one before it, where that ended with R4."""
    first = 2023 - rng.randrange(years)
    kind, method = ("委託", "随意契約") if branch == 1 else ("リース", "一般競争入札")
    vendor = rng.choice(VENDORS[:4])[0] if branch == 1 else VENDORS[4][0]
    for begin, share in ((first - years, 0.97), (first, 1)):
        if begin + years < 2023:
            continue  # over before R4 ended: nobody keeps it here
        last = _D(begin + years, 3, 31)
        found.contracts.append(
            [f"{_year(begin)}-{number}-{branch}", number, name, kind, vendor, method, _D(begin, 4, 1), last,
             "はい" if years > 1 else "いいえ", round(amount * share / 1_000) * 1_000]
        )  # fmt: skip


def karte_files(made: Kartes, offices: Offices) -> list[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]]:
    """Title, headings and rows of every file of the folder."""
    return [
        ("事業者", ("事業者名", "かな", "担当部署"), VENDORS),
        (
            "収容ホスト",
            ("ホスト名", "ネットワーク", "設置場所", "CPUコア数", "メモリ（GB）", "ディスク（GB）", "IOPS上限", "サポート終了日"),
            [(*host, "本庁舎機械室", 48, 384, 20_000, 60_000, _D(2026, 9, 30)) for host in HOSTS],
        ),
        ("カルテ", KARTE_HEADERS, made.kartes),
        (
            "サーバ",
            (
                *SERVER_HEADERS,
                *(f"CPU使用率 {hours}（%）" for hours in BANDS),
                *(f"メモリ使用量 {hours}（GB）" for hours in BANDS),
            ),
            made.servers,
        ),
        (
            "ソフトウェア",
            ("システム番号", "ソフトウェア名", "版", "種類", "提供者", "サポート終了日", "保有ライセンス数", "使用ライセンス数"),
            made.software,
        ),
        (
            "契約",
            (
                "契約番号", "システム番号", "契約名", "種類", "相手方", "契約の方式", "開始日", "終了日",
                "長期継続契約", "契約金額（円）",
            ),
            made.contracts,
        ),
        (
            "データ連携",
            ("渡す側のシステム番号", "受け取る側のシステム番号", "庁外の相手", "データ", "方法", "頻度", "個人情報を含む"),
            made.flows,
        ),
        (
            "経費区分",
            ("コード", "経費", "経費区分", "順番", "適用開始年度"),
            [(*item, order, "R1") for order, item in enumerate(ITEMS, start=1)],
        ),
        (
            "費用",
            ("システム番号", "年度", "経費コード", "段階", "枝番", "金額（円）", "出どころのファイル", "出どころの行"),
            made.money.lines,
        ),
        ("照合の規則", RULE_HEADERS, made.money.rules),
        ("支払い", PAYMENT_HEADERS, made.money.payments),
        (
            "充足度の規則",
            ("項目", "重み", "段階", "該当なしを認める", "適用開始年度"),
            [(*rule, "R4") for rule in RULES],
        ),
        (
            "カルテ年度版",
            ("年度", "確認した人", "所管コード", *KARTE_HEADERS),
            edition_rows(made, offices),
        ),
    ]  # fmt: skip
