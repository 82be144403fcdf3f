"""Invented tasks that sixteen departments want digitised: 186 rows of 業務.xlsx, always the same."""

import datetime
import random

from reference_office import DEPARTMENTS

SEED = 186
TASKS = 186

#: 業務, 内容, 頻度, 手順, 情報の形, ツール, 情報の重要さ, 年間件数の幅, 一件の分
KINDS = (
    (
        "申請書の受付と台帳への転記",
        "紙で届く申請書を台帳へ書き写している。",
        "毎日",
        "手順が決まっている",
        "紙",
        "AI-OCR",
        "個人情報",
        (300, 4000),
        8,
    ),
    (
        "照会への回答の取りまとめ",
        "各所属から集めたExcelを一つにまとめている。",
        "毎月",
        "おおむね決まっている",
        "Excelなどの表",
        "ノーコードの申請フォーム",
        "庁内の情報",
        (20, 300),
        45,
    ),
    (
        "支払データの照合",
        "システムの画面と請求書を一件ずつ見比べている。",
        "毎週",
        "手順が決まっている",
        "システムの画面",
        "RPA",
        "庁内の情報",
        (200, 3000),
        6,
    ),
    (
        "問い合わせへの回答文の作成",
        "過去の回答を探しながら文案を書いている。",
        "毎日",
        "そのつど判断する",
        "メール",
        "生成AI",
        "庁内の情報",
        (100, 1500),
        25,
    ),
    (
        "会議録の作成",
        "録音を聞きながら要点を書き起こしている。",
        "毎週",
        "おおむね決まっている",
        "文書ファイル",
        "生成AI",
        "庁内の情報",
        (20, 150),
        150,
    ),
    (
        "統計表の更新と公表",
        "元の表から図表を作り直している。",
        "毎月",
        "手順が決まっている",
        "Excelなどの表",
        "BI",
        "公開できる情報",
        (12, 120),
        120,
    ),
    (
        "施設の予約の受付",
        "電話で受けて台帳に書いている。",
        "毎日",
        "手順が決まっている",
        "電話・窓口",
        "ノーコードの申請フォーム",
        "個人情報",
        (300, 5000),
        7,
    ),
    (
        "通知文の差込みと発送",
        "一覧から宛先を差し込み、封筒に入れている。",
        "年に数回",
        "手順が決まっている",
        "Excelなどの表",
        "RPA",
        "個人情報",
        (100, 6000),
        4,
    ),
    (
        "許認可の進み具合の管理",
        "申請ごとの期限をExcelで追っている。",
        "毎日",
        "おおむね決まっている",
        "Excelなどの表",
        "ワークフロー",
        "個人情報",
        (100, 1500),
        15,
    ),
    (
        "備品と物品の管理",
        "紙の台帳と現物を年に一度突き合わせている。",
        "年に1回",
        "手順が決まっている",
        "紙",
        "パッケージ・システム",
        "庁内の情報",
        (100, 2500),
        5,
    ),
    (
        "研修の申込みと出欠の管理",
        "メールで受けて一覧に書き写している。",
        "年に数回",
        "手順が決まっている",
        "メール",
        "ノーコードの申請フォーム",
        "庁内の情報",
        (50, 900),
        10,
    ),
    (
        "現場写真の整理",
        "撮った写真を案件ごとに分けて名前を付けている。",
        "毎週",
        "おおむね決まっている",
        "文書ファイル",
        "ツール以外（業務の見直し）",
        "庁内の情報",
        (50, 600),
        20,
    ),
)
#: 状態, 支援, 重み
OUTCOMES = (
    ("受付", "", 40),
    ("聞き取り中", "", 20),
    ("支援中", "技術的な支援", 10),
    ("支援中", "提案", 8),
    ("支援中", "システム構築の支援", 5),
    ("完了", "ツールの研修", 8),
    ("完了", "助言", 6),
    ("完了", "技術的な支援", 5),
    ("見送り", "", 10),
)


def need_rows(codes: dict[str, str]) -> list[list[str | int | datetime.date | None]]:
    """Rows of 業務.xlsx: each department asked at least once, 186 in all."""
    rng = random.Random(SEED)
    every = range(len(DEPARTMENTS))
    shares = [*every, *rng.choices(every, k=TASKS - len(DEPARTMENTS))]
    rows: list[list[str | int | datetime.date | None]] = []
    for number, place in enumerate(sorted(shares), 1):
        division = rng.choice(DEPARTMENTS[place][2])[0]
        rows.append(_row(number, codes[division], rng))
    return rows


def _row(number: int, code: str, rng: random.Random) -> list[str | int | datetime.date | None]:
    task, detail, often, steps, medium, tool, secret, span, minutes = rng.choice(KINDS)
    volume = rng.randint(*span)
    hours = max(1, round(volume * minutes / 60))
    state, support, _ = rng.choices(OUTCOMES, weights=[outcome[2] for outcome in OUTCOMES])[0]
    known = rng.random() < 0.9
    finished = state == "完了"
    after = round(hours * rng.uniform(0.3, 0.9)) if finished and known else None
    return [
        "R5",
        number,
        code,
        task,
        detail,
        volume,
        hours if known else None,
        rng.choice(("担当者の申告", "担当者の申告", "記録から集計", "見積り")),
        often,
        steps,
        medium,
        rng.choice(("紙の台帳", "Excel", "Excelとメール", "専用システム")),
        rng.choice(("入力の手間を減らしたい", "転記の間違いをなくしたい", "早く回答できるようにしたい", "")),
        secret,
        "" if state == "受付" else tool,
        state,
        support,
        "費用に見合う効果が見込めないため。" if state == "見送り" else "",
        after,
        "担当者の申告" if after is not None else "",
        datetime.date(2024, rng.randint(1, 3), rng.randint(1, 28)) if finished else None,
    ]
