"""The reference year: its files give exactly the published figures, and any change of a file changes them accordingly."""

import datetime
import json
import random
import shutil
from pathlib import Path

import openpyxl
import pytest
from django.db import transaction

from tenshu.config.command_line import main
from tenshu.ground.access.actions import system_user
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange.year_folder import YearFolderError, load_year_folder
from tenshu.ground.office.models import Staff
from tenshu.mechanisms.figures.queries import compute_all

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "examples" / "reference-year"
YEAR = FiscalYear(2023)

#: As published for the reference year, for the rooms that are built. Everything else has no record yet.
PUBLISHED = {
    "karte.editions": (135, "exact", "システム"),
    "karte.settled_systems": (135, "exact", "システム"),
    "karte.budgeted_systems": (135, "exact", "システム"),
    "taskforce.systems": (135, "exact", "システム"),
    "taskforce.working_groups": (4, "exact", "WG"),
    "taskforce.meetings": (3, "exact", "回"),
    "ict_needs.departments": (16, "exact", "部局"),
    "ict_needs.tasks": (186, "exact", "業務"),
    "liaison.national_meetings": (2, "exact", "回"),
    "liaison.regional_meetings": (2, "exact", "回"),
}

#: Figures that the published report does not have; their values are those of the invented records.
OWN = {"ict_needs.hours_saved"}

#: How many systems' kartes were brought up to date: the report tells it in a table, not in a figure.
KARTE = {key for key in PUBLISHED if key.startswith("karte.")}


def load(folder: Path):
    return load_year_folder(folder, acting_user=system_user())


def figures() -> dict[str, int | None]:
    return {value.key: value.as_json()["value"] for value in compute_all(YEAR)}


@pytest.mark.django_db
def test_the_folder_gives_the_published_values_and_qualifiers_and_a_second_load_changes_nothing():
    load(FOLDER)
    found = {value.key: value for value in compute_all(YEAR)}
    for key, (number, qualifier, unit) in PUBLISHED.items():
        assert (found[key].as_json()["value"], found[key].qualifier, found[key].unit) == (
            number,
            qualifier,
            unit,
        )
        assert found[key].rows == number
    assert {key for key, value in found.items() if not value.missing} == set(PUBLISHED) | OWN
    assert Staff.objects.count() == 7_012
    rows = AuditRow.objects.count()
    again = load(FOLDER)
    assert [file for file in again.files if file.did_something] == []
    assert AuditRow.objects.count() == rows


@pytest.mark.django_db
def test_the_kartes_differ_from_year_to_year_and_payments_stand_against_the_settlement():
    load(small_copy_of(FOLDER))
    from tenshu.dx.karte.comparing import Side, compare
    from tenshu.dx.karte.models import CostLine, Edition, Payment
    from tenshu.ground.systems.models import System

    systems = list(System.objects.candidates_on(YEAR.end).order_by("number"))
    assert {(e.fiscal_year, e.system_id) for e in Edition.objects.defer("content")} == {
        (year, system.pk) for year in (2022, 2023) for system in systems
    }
    found = list(compare(systems, Side("R4"), Side("R5"), YEAR))
    changed = {}
    for one in found:
        changed.setdefault((one.difference.part, one.difference.label), set()).add(one.system.number)
    # Every system has another settlement and budget; renewed contracts, moves to the cloud and new owners are few.
    assert len(changed["費用", "金額（円）"]) == 135
    for kind, few, many in (
        (("台帳", "所管"), 2, 20),
        (("カルテ", "設置形態"), 5, 40),
        (("カルテ", "利用する職員"), 30, 90),
        (("契約", "登録"), 40, 110),
    ):
        assert few <= len(changed[kind]) <= many, kind
    paid, settled = {}, {}
    for system, amount in Payment.objects.filter(fiscal_year=2022).values_list("system", "amount"):
        paid[system] = paid.get(system, 0) + amount
    for system, amount in CostLine.objects.filter(fiscal_year=2022, stage="settled").values_list(
        "system", "amount"
    ):
        settled[system] = settled.get(system, 0) + amount
    agree = [system for system in settled if paid.get(system) == settled[system]]
    assert 100 <= len(agree) < 135
    matched = Payment.objects.filter(system__isnull=False)
    assert not matched.filter(rule=None).exists()
    assert 20 <= Payment.objects.filter(system=None).count() <= 150
    # A payment that names a system went to that system.
    for payment in matched.select_related("system"):
        assert payment.description.startswith(payment.system.name.removesuffix("システム"))


@pytest.mark.django_db
def test_the_dated_facts_of_the_published_year_stand_in_the_report():
    load(small_copy_of(FOLDER))
    from tenshu.annual.queries import draft

    text = json.dumps(draft(YEAR).as_json(), ensure_ascii=False)
    for fact in (
        "令和5年8月24日（木）",
        "令和6年1月12日（金）",
        "令和6年3月21日（木）",
        "総務サービス課、企画厚生課、人事課、総務委託物品課、会計総務課、教職員人事課、福利課、学校総務サービス課",
        "税政課（システム、総務、人事、税務企画）、徴税対策課（各税目担当）",
        "生活衛生室環境衛生課、事業管理室事業企画課、危機管理室消防保安課",
        '"R10.1"',
        '"R12.1"',
        '"R8～"',
        '"-"',
        "行政DX企画課、行政DX推進課",
    ):
        assert fact in text


# -- a naive reading of the files, to hold against the product ---------------------------------------------------


def sheet(folder: Path, path: str) -> list[dict[str, object]]:
    page = openpyxl.load_workbook(folder / path).active
    head, *rows = page.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def day(value: object) -> datetime.date | None:
    return value.date() if isinstance(value, datetime.datetime) else value  # type: ignore[return-value]


def by_hand(folder: Path) -> dict[str, int | None]:
    """The figures of the year, counted from the cells."""
    systems = [
        row
        for row in sheet(folder, "02_システム/システム.xlsx")
        if day(row["最適化対象開始日"])
        and day(row["最適化対象開始日"]) <= YEAR.end
        and (day(row["最適化対象終了日"]) or YEAR.end) >= YEAR.end
    ]
    groups = [
        row
        for row in sheet(folder, "03_タスクフォース/WG.xlsx")
        if day(row["開始日"]) <= YEAR.end and (day(row["終了日"]) or YEAR.end) >= YEAR.start
    ]
    meetings = [
        row
        for row in sheet(folder, "03_タスクフォース/会議.xlsx")
        if not row["WG名"] and row["状態"] == "開催済" and day(row["開催日"]) in YEAR
    ]
    scopes = {row["会議体"]: row["範囲"] for row in sheet(folder, "04_他都道府県との連絡調整/会議体.xlsx")}
    held = [
        scopes[row["会議体"]]
        for row in sheet(folder, "04_他都道府県との連絡調整/開催.xlsx")
        if row["状態"] == "開催済" and day(row["開催日"]) in YEAR
    ]
    above = {row["組織コード"]: row["上位組織コード"] for row in sheet(folder, "01_組織・職員/組織.xlsx")}
    needs = [row for row in sheet(folder, "05_業務のICT化/業務.xlsx") if row["年度"] == "R5"]
    numbers = {str(row["番号"]) for row in systems}
    money = [row for row in sheet(folder, "02_システム/費用.xlsx") if str(row["システム番号"]) in numbers]
    editions = [row for row in sheet(folder, "02_システム/カルテ年度版.xlsx") if row["年度"] == "R4"]
    settled = {row["システム番号"] for row in money if (row["年度"], row["段階"]) == ("R4", "決算")}
    budgeted = {row["システム番号"] for row in money if (row["年度"], row["段階"]) == ("R5", "当初")}
    counts = {
        "karte.editions": len({str(row["システム番号"]) for row in editions} & numbers),
        "karte.settled_systems": len(settled),
        "karte.budgeted_systems": len(budgeted),
        "ict_needs.departments": len({department_of(str(row["所属コード"]), above) for row in needs}),
        "ict_needs.tasks": len(needs),
        "taskforce.systems": len(systems),
        "taskforce.working_groups": len(groups),
        "taskforce.meetings": len(meetings),
        "liaison.national_meetings": held.count("全国"),
        "liaison.regional_meetings": held.count("ブロック"),
    }
    return {key: number or None for key, number in counts.items()}


def department_of(code: str, above: dict[object, object]) -> str:
    while above[code]:
        code = str(above[code])
    return code


# -- random changes of a copy --------------------------------------------------------------------------------------


def small_copy_of(folder: Path, to: Path | None = None, *, staff: int = 160) -> Path:
    """A copy with the first ``staff`` members of staff only: quick to load, every figure the same."""
    import tempfile

    copy = to or Path(tempfile.mkdtemp(prefix="tenshu-year-")) / "year"
    shutil.copytree(folder, copy)
    for name in ("職員", "配属"):
        path = copy / "01_組織・職員" / f"{name}.xlsx"
        book = openpyxl.load_workbook(path)
        book.active.delete_rows(staff + 2, book.active.max_row)
        book.save(path)
    return copy


class Editor:
    """Changes a copy of the folder at random, as a clerk might."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, random.Random(seed)

    def edit(self, path: str, change) -> None:
        book = openpyxl.load_workbook(self.folder / path)
        page = book.active
        columns = {cell.value: cell.column for cell in page[1]}
        change(page, columns)
        book.save(self.folder / path)

    def systems(self, page, columns) -> None:
        for row in self.random.sample(range(100, page.max_row + 1), 12):
            last = self.random.choice(
                [None, datetime.date(2024, 3, 30), datetime.date(2024, 3, 31), YEAR.start]
            )
            page.cell(row, columns["最適化対象開始日"]).value = self.random.choice([YEAR.start, YEAR.end])
            page.cell(row, columns["最適化対象終了日"]).value = last and max(
                last, day(page.cell(row, columns["最適化対象開始日"]).value)
            )
        for number in range(self.random.randint(0, 3)):
            page.append(
                [f"9{number:03}", f"増えたシステム{number}", "", "010100", "", None, None, YEAR.start, None]
            )
        # Only rows on which no karte hangs: the others may not go while their karte stands in the folder.
        for row in sorted(self.random.sample(range(140, 160), self.random.randint(0, 3)), reverse=True):
            page.delete_rows(row)

    def groups(self, page, columns) -> None:
        if self.random.random() < 0.5:
            force = page.cell(2, columns["タスクフォース"]).value
            begin = self.random.choice([datetime.date(2022, 4, 1), YEAR.start, YEAR.next.start])
            end = self.random.choice([None, datetime.date(2023, 3, 31), YEAR.start])
            page.append([force, "加わった", 9, "", "R9", begin, end if end and end >= begin else None])

    def sessions(self, page, columns) -> None:
        for row in range(2, page.max_row + 1):
            if self.random.random() < 0.3:
                page.cell(row, columns["状態"]).value = self.random.choice(["予定", "中止", "開催済"])

    def scopes(self, page, columns) -> None:
        for row in range(2, page.max_row + 1):
            if self.random.random() < 0.3:
                page.cell(row, columns["範囲"]).value = self.random.choice(["全国", "ブロック", "その他"])

    def needs(self, page, columns) -> None:
        for row in self.random.sample(range(2, page.max_row + 1), 60):
            page.cell(row, columns["年度"]).value = "R4"
        first = self.random.randint(2, page.max_row - 40)
        page.delete_rows(first, self.random.randint(0, 40))

    def run(self) -> None:
        self.edit("05_業務のICT化/業務.xlsx", self.needs)
        self.edit("02_システム/システム.xlsx", self.systems)
        self.edit("03_タスクフォース/WG.xlsx", self.groups)
        self.edit("03_タスクフォース/会議.xlsx", self.sessions)
        self.edit("04_他都道府県との連絡調整/開催.xlsx", self.sessions)
        self.edit("04_他都道府県との連絡調整/会議体.xlsx", self.scopes)


class _TakenBack(Exception):  # noqa: N818 - no error: it only undoes a load
    pass


@pytest.mark.django_db
@pytest.mark.parametrize("seeds", [range(4), range(4, 8)])
def test_changed_added_and_removed_rows_change_the_figures_accordingly(seeds, tmp_path):
    base = small_copy_of(FOLDER, tmp_path / "base")
    assert by_hand(base) == {key: number for key, (number, _, _) in PUBLISHED.items()}
    for seed in seeds:
        copy = tmp_path / f"seed{seed}"
        shutil.copytree(base, copy)
        Editor(copy, seed).run()
        expected = by_hand(copy)
        try:
            with transaction.atomic():
                load(copy)
                found = {key: value for key, value in figures().items() if key in PUBLISHED}
                assert found == expected, f"seed {seed}"
                raise _TakenBack
        except _TakenBack:
            pass


@pytest.mark.django_db
def test_a_second_load_of_a_changed_folder_changes_just_those_rows(tmp_path):
    copy = small_copy_of(FOLDER, tmp_path / "copy")
    load(copy)
    Editor(copy, 3).edit(
        "03_タスクフォース/会議.xlsx",
        lambda page, columns: setattr(page.cell(2, columns["状態"]), "value", "中止"),
    )
    report = load(copy)
    assert [(file.title, file.added, file.changed) for file in report.files if file.did_something] == [
        ("会議", 0, 1)
    ]
    assert figures()["taskforce.meetings"] == 2
    assert AuditRow.objects.filter(verb="gathering.changed").count() == 1


@pytest.mark.django_db
def test_all_errors_of_all_files_are_told_with_file_sheet_and_cell_and_nothing_is_kept(tmp_path):
    copy = small_copy_of(FOLDER, tmp_path / "copy")

    def spoil(page, columns) -> None:
        page.cell(2, columns["開催日"]).value = "令和5年2月30日"
        page.cell(3, columns["状態"]).value = "たぶん開催"

    editor = Editor(copy, 1)
    editor.edit("03_タスクフォース/会議.xlsx", spoil)
    editor.edit(
        "02_システム/システム.xlsx",
        lambda page, columns: setattr(page.cell(5, columns["所管コード"]), "value", "999999"),
    )
    with pytest.raises(YearFolderError) as refused:
        load(copy)
    lines = "\n".join(refused.value.lines)
    assert "02_システム/システム.xlsx!システム!D5" in lines
    assert "03_タスクフォース/会議.xlsx!会議!G2" in lines
    assert "03_タスクフォース/会議.xlsx!会議!J3" in lines
    assert Staff.objects.count() == 0
    assert all(value is None for value in figures().values())


@pytest.mark.django_db
def test_a_file_that_no_room_knows_is_told_and_left_alone(tmp_path):
    copy = small_copy_of(FOLDER, tmp_path / "copy")
    (copy / "メモ.txt").write_text("覚え書き")
    shutil.copy(copy / "02_システム" / "システム.xlsx", copy / "古いシステム.xlsx")
    report = load(copy)
    assert "古いシステム.xlsx" in report.unknown


@pytest.mark.django_db(transaction=True)
def test_the_figures_command_prints_every_figure_as_json(capsys, tmp_path):
    load(small_copy_of(FOLDER, tmp_path / "copy"))
    assert main(["figures", "--year", "令和5年度", "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["year"] == "R5"
    by_key = {figure["key"]: figure for figure in printed["figures"]}
    inquiries = {key for key in by_key if key.startswith("inquiry.")}
    assert len(by_key) == 26 + len(OWN | KARTE | inquiries)
    assert all(by_key[key]["missing"] for key in inquiries), "the folder of a year carries no inquiry"
    assert by_key["taskforce.systems"] == {
        "key": "taskforce.systems",
        "label": "最適化の対象となりうるシステム",
        "value": 135,
        "qualifier": "exact",
        "unit": "システム",
        "rows": 135,
        "missing": False,
    }
    assert by_key["drill.recipients"]["missing"]
    assert by_key["drill.recipients"]["rows"] == 0


@pytest.mark.django_db(transaction=True)
def test_an_unreadable_year_is_told_in_japanese(capsys):
    assert main(["figures", "--year", "平成百年"]) == 1
    assert "年度として読めません" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_a_missing_folder_is_told_in_japanese(capsys, tmp_path):
    assert main(["load-year", str(tmp_path / "nowhere")]) == 1
    assert "ありません" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_check_finds_nothing_wrong_in_the_reference_year(capsys, tmp_path):
    load(small_copy_of(FOLDER, tmp_path / "copy"))
    assert main(["check", "--year", "R5", "--audit", "--format", "json"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert all({"id", "severity", "title", "findings"} == set(result) for result in results)
    assert [result["id"] for result in results if result["findings"] and result["severity"] == "error"] == []
