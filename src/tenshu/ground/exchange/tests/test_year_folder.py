"""The year folder: every table at once, or none."""

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.exchange.models import ImportRun
from tenshu.ground.exchange.tests.bringing_in import workbook
from tenshu.ground.exchange.year_folder import Report, YearFolderError, load_year_folder
from tenshu.ground.office.models import Staff, Unit
from tenshu.ground.systems.models import System

pytestmark = pytest.mark.django_db

UNITS = [
    ["組織コード", "区分", "名称", "上位組織コード", "開始日"],
    ["01", "部局", "総務部", None, "H30.4.1"],
    ["0101", "所属", "人事課", "01", "H30.4.1"],
]
STAFF = [["職員番号", "氏名"], ["1001", "見本 花子"], ["1002", "例田 太郎"]]
POSTS = [["職員番号", "組織コード", "職位", "開始日"], ["1001", "0101", "所属長", "R5.4.1"]]
SYSTEMS = [["番号", "名称", "所管コード", "運用開始日"], ["S001", "給与システム", "0101", "H20.4.1"]]


@pytest.fixture
def machine(db: None) -> User:
    return User.objects.create(login_name="machine", display_name="天守", is_machine=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small year with units, people and systems that refer to each other."""
    write(tmp_path, "組織", UNITS)
    write(tmp_path, "職員", STAFF)
    write(tmp_path, "配属", POSTS)
    write(tmp_path, "システム", SYSTEMS)
    return tmp_path


def path_of(title: str) -> str:
    from tenshu.ground.exchange.registry import year_files

    return next(file.path for file in year_files() if file.spec.title == title)


def write(folder: Path, title: str, rows: list[list[Any]]) -> None:
    path = folder / path_of(title)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(workbook(rows, sheet=title))


def refused(folder: Path, machine: User) -> list[str]:
    with pytest.raises(YearFolderError) as error:
        load_year_folder(folder, acting_user=machine)
    return error.value.lines


def counts(report: Report) -> dict[str, tuple[int, int, int]]:
    return {file.title: (file.added, file.changed, file.same) for file in report.files}


def test_a_folder_fills_an_empty_office_in_order(folder: Path, machine: User) -> None:
    report = load_year_folder(folder, acting_user=machine)
    assert counts(report) == {"組織": (2, 0, 0), "職員": (2, 0, 0), "配属": (1, 0, 0), "システム": (1, 0, 0)}
    assert Unit.objects.get(code="0101").parent == Unit.objects.get(code="01")
    assert System.objects.get().owner.code == "0101"
    assert ImportRun.objects.filter(state="committed").count() == 4
    assert AuditRow.objects.values("request_id").distinct().count() == 1


def test_loading_it_again_changes_nothing(folder: Path, machine: User) -> None:
    load_year_folder(folder, acting_user=machine)
    before = AuditRow.objects.count()
    report = load_year_folder(folder, acting_user=machine)
    assert not any(file.did_something for file in report.files)
    assert AuditRow.objects.count() == before


def test_all_errors_of_all_files_are_told_at_once_and_nothing_is_written(folder: Path, machine: User) -> None:
    write(folder, "組織", [*UNITS, ["0102", "室課", "無名課", "01", "H30.4.31"]])
    write(folder, "職員", [["職員番号", "氏名", "採用日"], ["1001", "見本 花子", "R9.3.32"]])
    write(folder, "システム", [*SYSTEMS, ["S002", "予約システム", "0999", None]])
    (folder / path_of("配属")).write_bytes(b"PK\x03\x04 broken")
    lines = refused(folder, machine)
    text = "\n".join(lines)
    assert len(lines) == 5
    for place in ("組織!B4", "組織!E4", "職員!C2", "システム!C3"):
        assert f"!{place}: " in text
    assert f"{path_of('配属')}: " in text
    assert not Unit.objects.exists()
    assert not Staff.objects.exists()
    assert not AuditRow.objects.exists()


def test_a_changed_file_changes_exactly_its_rows(folder: Path, machine: User) -> None:
    load_year_folder(folder, acting_user=machine)
    write(folder, "職員", [["職員番号", "氏名"], ["1001", "見本 桜"], ["1003", "仮名 次郎"]])
    report = load_year_folder(folder, acting_user=machine)
    assert counts(report)["職員"] == (1, 1, 0)
    assert Staff.objects.get(number="1002").name == "例田 太郎"


def test_unknown_tables_are_reported_and_left_alone(folder: Path, machine: User) -> None:
    (folder / "99_その他").mkdir()
    (folder / "99_その他" / "覚書.xlsx").write_bytes(workbook([["x"]]))
    (folder / "~$組織.xlsx").write_bytes(b"lock")
    report = load_year_folder(folder, acting_user=machine)
    assert report.unknown == ["99_その他/覚書.xlsx"]
    assert any("覚書.xlsx" in line for line in report.lines)


def test_a_table_may_be_a_csv_as_well(folder: Path, machine: User) -> None:
    path = folder / path_of("職員")
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    lines = [",".join(str(cell.value) for cell in row) for row in book.worksheets[0].iter_rows()]
    path.with_suffix(".csv").write_bytes("\r\n".join(lines).encode("cp932"))
    path.unlink()
    assert counts(load_year_folder(folder, acting_user=machine))["職員"] == (2, 0, 0)


def test_progress_is_told_file_by_file(folder: Path, machine: User) -> None:
    told: list[tuple[str, int, int]] = []
    load_year_folder(folder, acting_user=machine, progress=lambda *step: told.append(step))
    assert told[0][1] == 0
    assert told[-1][1] == told[-1][2] == len(told) - 1


def test_a_file_whose_table_is_right_and_that_holds_something_else_is_named(
    folder: Path, machine: User
) -> None:
    path = folder / path_of("職員")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/embeddings/oleObject1.bin", "Ole10Native".encode("utf-16-le"))
    (line,) = refused(folder, machine)
    assert path.name in line
    assert "埋め込まれて" in line
    assert not Staff.objects.exists()
