"""The systems of the reference year: 135 candidates for optimisation and 26 others, all invented."""

import datetime
import random

_APRIL = datetime.date(2023, 4, 1)

#: Systems that working groups name: number → (name, kana, owner).
NAMED = {
    7: ("総務事務システム", "そうむじむしすてむ", "総務サービス課"),
    8: ("人事給与システム", "じんじきゅうよしすてむ", "人事課"),
    11: ("福利厚生システム", "ふくりこうせいしすてむ", "企画厚生課"),
    15: ("会計事務支援システム", "かいけいじむしえんしすてむ", "会計総務課"),
    19: ("物品・委託契約システム", "ぶっぴんいたくけいやくしすてむ", "総務委託物品課"),
    23: ("税務情報システム", "ぜいむじょうほうしすてむ", "税政課"),
    24: ("自動車税納付照会システム", "じどうしゃぜいのうふしょうかいしすてむ", "徴税対策課"),
    31: ("公有財産管理システム", "こうゆうざいさんかんりしすてむ", "財産活用課"),
    42: ("環境衛生許認可システム", "かんきょうえいせいきょにんかしすてむ", "生活衛生室環境衛生課"),
    43: ("公衆浴場台帳システム", "こうしゅうよくじょうだいちょうしすてむ", "生活衛生室環境衛生課"),
    44: ("旅館業台帳システム", "りょかんぎょうだいちょうしすてむ", "生活衛生室環境衛生課"),
    47: ("消防保安許認可システム", "しょうぼうほあんきょにんかしすてむ", "危機管理室消防保安課"),
    52: ("建設業許可システム", "けんせつぎょうきょかしすてむ", "事業管理室事業企画課"),
    58: ("生活保護システム", "せいかつほごしすてむ", "社会援護課"),
    59: ("児童扶養手当システム", "じどうふようてあてしすてむ", "家庭支援課"),
    63: ("療育手帳システム", "りょういくてちょうしすてむ", "障がい福祉室"),
    71: ("道路台帳システム", "どうろだいちょうしすてむ", "交通戦略室交通計画課"),
    78: ("港湾施設予約システム", "こうわんしせつよやくしすてむ", "港営課"),
    84: ("文化施設予約システム", "ぶんかしせつよやくしすてむ", "府民文化総務課"),
    85: ("事業進捗管理システム", "じぎょうしんちょくかんりしすてむ", "事業調整室事業企画課"),
    90: ("学校総務サービスシステム", "がっこうそうむさーびすしすてむ", "学校総務サービス課"),
}
_KINDS = (
    ("台帳システム", "だいちょうしすてむ"),
    ("申請受付システム", "しんせいうけつけしすてむ"),
    ("統計集計システム", "とうけいしゅうけいしすてむ"),
    ("文書管理システム", "ぶんしょかんりしすてむ"),
    ("補助金管理システム", "ほじょきんかんりしすてむ"),
    ("情報提供システム", "じょうほうていきょうしすてむ"),
)
CANDIDATES, OTHERS = 135, 26


def system_rows(codes: dict[str, str], rng: random.Random) -> list[list[str | datetime.date | None]]:
    """Rows of システム.xlsx: 番号, 名称, かな, 所管コード, 目的, 運用開始日, 終了日, 対象開始日, 対象終了日."""
    from reference_office import DEPARTMENTS

    kana = {name: reading for _, _, divisions in DEPARTMENTS for name, reading in divisions}
    divisions = list(codes)
    rows: list[list[str | datetime.date | None]] = []
    used: set[str] = set()
    for number in range(1, CANDIDATES + OTHERS + 1):
        if number in NAMED:
            name, reading, owner = NAMED[number]
        else:
            name, reading, owner = _invented(number, divisions, kana, used)
        used.add(name)
        started = datetime.date(rng.randint(2008, 2021), rng.choice([4, 10]), 1)
        candidate = number <= CANDIDATES
        # Beside the candidates: systems that stopped being one before the year began, and ones never considered.
        was = datetime.date(2021, 4, 1) if not candidate and number % 3 == 0 else None
        rows.append(
            [
                f"{number:04}",
                name,
                reading,
                codes[owner],
                f"{owner}の{name.removesuffix('システム')}の業務を支える。",
                started,
                None,
                _APRIL if candidate else was,
                None if candidate or was is None else datetime.date(2023, 3, 31),
            ]
        )
    return rows


def _invented(
    number: int, divisions: list[str], kana: dict[str, str], used: set[str]
) -> tuple[str, str, str]:
    for step in range(len(divisions) * len(_KINDS)):
        owner = divisions[(number * 7 + step) % len(divisions)]
        kind, kind_kana = _KINDS[(number + step) % len(_KINDS)]
        stem = owner.removesuffix("課").removesuffix("室")
        if f"{stem}{kind}" not in used:
            return f"{stem}{kind}", f"{kana[owner]}{kind_kana}", owner
    raise RuntimeError("too few names")
