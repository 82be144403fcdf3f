"""Writes ``examples/reference-year``: a made-up but complete year in the files that an office keeps.

Everything is invented and looks it; the names of divisions, working groups and dates follow the published
report of the reference year. The same seed writes the same values. Run: python examples/make_reference_year.py
"""

import csv
import datetime
import random
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from reference_kartes import karte_files, make_kartes
from reference_needs import need_rows
from reference_office import DEPARTMENTS, GIVEN_NAMES, RANK_TITLES, SURNAMES
from reference_records import (
    ACTIONS,
    AGENDA,
    CONFERENCES,
    DECISIONS,
    GROUPS,
    ISSUES,
    MEETINGS,
    ROADMAP,
    SESSIONS,
    TARGETS,
    TASK_FORCE,
)
from reference_systems import system_rows

SEED = 5
FOLDER = Path(__file__).parent / "reference-year"
START = datetime.date(2023, 4, 1)
FOUNDED = datetime.date(2020, 4, 1)
STAFF = 7_012

type Cell = str | int | datetime.date | None
type Rows = Sequence[Sequence[Cell]]


def write_xlsx(path: str, sheet: str, headers: Sequence[str], rows: Rows) -> None:
    """A plain workbook as a clerk would keep it: headings in bold, dates as dates."""
    target = FOLDER / path
    target.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_numbers": False})
    book.set_properties({"created": datetime.datetime(2024, 4, 1), "author": "見本県"})
    page = book.add_worksheet(sheet)
    bold = book.add_format({"bold": True, "bg_color": "#e8f1fe"})
    day = book.add_format({"num_format": "yyyy/m/d"})
    for column, header in enumerate(headers):
        page.write_string(0, column, header, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date):
                page.write_datetime(number, column, value, day)
            elif isinstance(value, int):
                page.write_number(number, column, value)
            elif value:
                page.write_string(number, column, value)
    page.freeze_panes(1, 0)
    page.set_column(0, len(headers) - 1, 18)
    book.close()


def write_csv(path: str, headers: Sequence[str], rows: Rows) -> None:
    """CSV as Excel saves it in Japan: UTF-8 with a mark, CRLF."""
    target = FOLDER / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(headers)
        writer.writerows(rows)


def units() -> tuple[list[list[Cell]], dict[str, str]]:
    """Rows of 組織.xlsx, and the code of every division by name."""
    rows: list[list[Cell]] = []
    codes: dict[str, str] = {}
    for number, (department, kana, divisions) in enumerate(DEPARTMENTS, start=1):
        code = f"{number:02}0000"
        rows.append([code, "部局", department, kana, None, number * 1000, FOUNDED, None])
        for place, (division, division_kana) in enumerate(divisions, start=1):
            own = f"{number:02}{place:02}00"
            codes[division] = own
            rows.append(
                [own, "所属", division, division_kana, code, number * 1000 + place * 10, FOUNDED, None]
            )
            if division == "行政DX推進課":
                for group, name in enumerate(("推進グループ", "基盤グループ", "監理グループ"), start=1):
                    rows.append(
                        [
                            f"{own[:4]}{group:02}",
                            "グループ",
                            name,
                            "",
                            own,
                            number * 1000 + place * 10 + group,
                            FOUNDED,
                            None,
                        ]
                    )
    return rows, codes


def staff_and_posts(codes: dict[str, str], rng: random.Random) -> tuple[list[list[Cell]], list[list[Cell]]]:
    """Rows of 職員.xlsx and 配属.xlsx: one head and one or two officers a division, the rest members."""
    names = [(s, sk, g, gk) for s, sk in SURNAMES for g, gk in GIVEN_NAMES]
    rng.shuffle(names)
    divisions = list(codes.values())
    staff: list[list[Cell]] = []
    posts: list[list[Cell]] = []
    for index in range(STAFF):
        surname, surname_kana, given, given_kana = names[index % len(names)]
        number = f"{100001 + index}"
        joined = datetime.date(rng.randint(1985, 2022), 4, 1) if index >= 446 else START
        kind = rng.choices(["常勤", "再任用", "任期付", "会計年度任用"], [82, 6, 3, 9])[0]
        unit = divisions[index % len(divisions)]
        place = index // len(divisions)
        if unit == codes["行政DX推進課"] and place >= 8:
            unit = f"{unit[:4]}{1 + place % 3:02}"
        rank, title = (
            RANK_TITLES[place] if place < len(RANK_TITLES) else ("職員", rng.choice(["主査", "主事", "技師"]))
        )
        officer = "○" if place in (2, 3) else ""
        # Heads, officers and members of the first places are old hands: they were there before the year began.
        since = (
            max(joined, datetime.date(2023 - rng.randint(0, 3), 4, 1))
            if place >= 4
            else datetime.date(2021, 4, 1)
        )
        if place < 4:
            joined, kind = datetime.date(rng.randint(1988, 2015), 4, 1), "常勤"
        mail = f"s{number}@pref.mihon.example"
        staff.append([number, f"{surname} {given}", f"{surname_kana} {given_kana}", mail, kind, joined, None])
        posts.append([number, unit, rank, title, officer, "", max(since, joined), None])
    return staff, posts


def main() -> None:
    """Write every file of the folder."""
    rng = random.Random(SEED)
    unit_rows, codes = units()
    staff, posts = staff_and_posts(codes, rng)
    write_csv("00_年度/年度.csv", ["年度"], [["R5"]])
    write_csv("00_年度/団体.csv", ["団体名"], [["見本県"]])
    people = "01_組織・職員"
    write_xlsx(
        f"{people}/組織.xlsx",
        "組織",
        ["組織コード", "区分", "名称", "かな", "上位組織コード", "並び順", "開始日", "終了日"],
        unit_rows,
    )
    monitoring = f"{codes['行政DX推進課'][:4]}03"
    duties: Rows = [
        [codes["行政DX企画課"], "事務局", FOUNDED, None],
        [codes["行政DX推進課"], "事務局", FOUNDED, None],
        [monitoring, "情報セキュリティの監理", FOUNDED, None],
    ]
    write_xlsx(f"{people}/所掌.xlsx", "所掌", ["組織コード", "所掌", "開始日", "終了日"], duties)
    write_xlsx(
        f"{people}/職員.xlsx",
        "職員",
        ["職員番号", "氏名", "氏名かな", "メール", "任用区分", "採用日", "退職日"],
        staff,
    )
    write_xlsx(
        f"{people}/配属.xlsx",
        "配属",
        ["職員番号", "組織コード", "職位", "職名", "システム担当者", "兼務", "開始日", "終了日"],
        posts,
    )
    systems = system_rows(codes, rng)
    write_xlsx(
        "02_システム/システム.xlsx",
        "システム",
        [
            "番号",
            "名称",
            "かな",
            "所管コード",
            "目的",
            "運用開始日",
            "運用終了日",
            "最適化対象開始日",
            "最適化対象終了日",
        ],
        systems,
    )
    # A generator of its own: what follows stays the same whatever the kartes ask of theirs.
    write_kartes([list(row) for row in systems], codes, random.Random(SEED))
    write_task_force(codes)
    write_liaison(codes)
    write_ict_needs(codes)
    write_records(codes)


def write_kartes(systems: list[list[Cell]], codes: dict[str, str], rng: random.Random) -> None:
    """02_システム: kartes, what hangs on systems, money and payments, and the editions of R4 and R5."""
    department = {division: name for name, _, divisions in DEPARTMENTS for division, _ in divisions}
    offices = {code: (department[name], name) for name, code in codes.items()}
    for title, headers, rows in karte_files(make_kartes(systems, offices, rng), offices):
        write_xlsx(f"02_システム/{title}.xlsx", title, headers, rows)


def write_task_force(codes: dict[str, str]) -> None:
    """03_タスクフォース."""
    folder = "03_タスクフォース"
    name, purpose, secretariat = TASK_FORCE
    write_xlsx(
        f"{folder}/タスクフォース.xlsx",
        "タスクフォース",
        ["名称", "目的", "開始日", "終了日"],
        [[name, purpose, START, None]],
    )
    write_xlsx(
        f"{folder}/事務局.xlsx",
        "事務局",
        ["タスクフォース", "組織コード", "順番"],
        [[name, codes[unit], order] for order, unit in enumerate(secretariat, start=1)],
    )
    write_xlsx(
        f"{folder}/WG.xlsx",
        "WG",
        ["タスクフォース", "WG名", "順番", "課題の概要", "移行時期", "開始日", "終了日"],
        [
            [name, g.name, order, g.problem, g.migration, START, None]
            for order, g in enumerate(GROUPS, start=1)
        ],
    )
    write_xlsx(
        f"{folder}/WG構成所属.xlsx",
        "WG構成所属",
        ["WG名", "組織コード", "担当の範囲", "順番", "開始日", "終了日"],
        [
            [group.name, codes[unit], part, order, START, None]
            for group in GROUPS
            for order, (unit, part) in enumerate(group.members, start=1)
        ],
    )
    write_xlsx(
        f"{folder}/WG対象システム.xlsx",
        "WG対象システム",
        ["WG名", "システム番号"],
        [list(row) for row in TARGETS],
    )
    write_xlsx(
        f"{folder}/会議.xlsx",
        "会議",
        [
            "タスクフォース",
            "WG名",
            "年度",
            "回",
            "件名",
            "開催所属コード",
            "開催日",
            "開催形式",
            "場所",
            "状態",
            "概要",
            "議事録",
            "出席者数",
        ],
        [[name, m[0], "R5", m[1], m[2], codes[m[3]], *m[4:]] for m in MEETINGS],
    )
    write_xlsx(
        f"{folder}/課題.xlsx",
        "課題",
        ["WG名", "課題", "内容", "システム番号", "状態", "担当所属コード", "登録日", "期限", "解決日"],
        [[i[0], i[1], i[2], i[3], i[4], codes[i[5]], *i[6:]] for i in ISSUES],
    )
    write_xlsx(
        f"{folder}/ロードマップ.xlsx",
        "ロードマップ",
        ["WG名", "システム番号", "工程", "開始日", "終了日", "完了"],
        [list(row) for row in ROADMAP],
    )


def write_liaison(codes: dict[str, str]) -> None:
    """04_他都道府県との連絡調整."""
    folder = "04_他都道府県との連絡調整"
    write_xlsx(
        f"{folder}/会議体.xlsx",
        "会議体",
        ["会議体", "範囲", "主催", "目的"],
        [list(row) for row in CONFERENCES],
    )
    write_xlsx(
        f"{folder}/開催.xlsx",
        "開催",
        [
            "会議体",
            "年度",
            "時期",
            "件名",
            "開催所属コード",
            "開催日",
            "開催形式",
            "場所",
            "状態",
            "概要",
            "出席者数",
            "復命",
        ],
        [[s[0], "R5", s[1], s[2], codes[s[3]], *s[4:]] for s in SESSIONS],
    )


def write_ict_needs(codes: dict[str, str]) -> None:
    """05_業務のICT化."""
    write_xlsx(
        "05_業務のICT化/業務.xlsx",
        "ICT化の要望",
        [
            "年度",
            "番号",
            "所属コード",
            "業務名",
            "内容",
            "年間件数（件）",
            "年間時間（時間）",
            "時間の根拠",
            "頻度",
            "手順",
            "情報の形",
            "いま使っている道具",
            "希望",
            "情報の重要さ",
            "ツールの種類",
            "状態",
            "支援の種類",
            "判断の理由",
            "支援後の年間時間（時間）",
            "支援後の時間の根拠",
            "完了日",
        ],
        need_rows(codes),
    )


def write_records(codes: dict[str, str]) -> None:
    """90_会議の記録."""
    folder = "90_会議の記録"
    write_xlsx(
        f"{folder}/議題.xlsx",
        "議題",
        ["会議・研修の件名", "順番", "議題", "説明者"],
        [list(row) for row in AGENDA],
    )
    write_xlsx(
        f"{folder}/決定事項.xlsx",
        "決定事項",
        ["会議・研修の件名", "決定事項"],
        [list(row) for row in DECISIONS],
    )
    write_xlsx(
        f"{folder}/宿題.xlsx",
        "宿題",
        ["会議・研修の件名", "すること", "担当所属コード", "期限", "完了日"],
        [[a[0], a[1], codes[a[2]], *a[3:]] for a in ACTIONS],
    )


if __name__ == "__main__":
    main()
