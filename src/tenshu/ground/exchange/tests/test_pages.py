"""Importing through the pages, by persona."""

import io
import re

import openpyxl
import pytest
from django.test import Client

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.exchange.models import ImportRun, RunState
from tenshu.ground.exchange.tests.bringing_in import edited, uploaded, workbook
from tenshu.ground.office.models import Staff
from tenshu.ground.office.tests.building import House

pytestmark = pytest.mark.django_db
STAFF = "/imports/office-staff/"


@pytest.fixture
def desk(client: Client, secretary: User) -> Client:
    """The secretariat's browser."""
    client.force_login(secretary)
    return client


def exported(desk: Client) -> bytes:
    response = desk.get(f"{STAFF}export/")
    assert response.status_code == 200
    return response.content


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def preview(desk: Client, content: bytes, name: str = "職員.xlsx", path: str = STAFF) -> ImportRun:
    response = desk.post(path, {"file": uploaded(content, name)})
    assert response.status_code == 302, text_of(response)
    return ImportRun.objects.latest("pk")


def commit(desk: Client, run: ImportRun) -> str:
    return text_of(desk.post(f"/imports/runs/{run.pk}/commit/", follow=True))


def test_a_changed_cell_is_previewed_and_written_only_on_commit(desk: Client) -> None:
    run = preview(desk, edited(exported(desk), {"B3": "例田 次郎"}))
    page = text_of(desk.get(f"/imports/runs/{run.pk}/"))
    assert "まだ何も取り込んでいません" in page
    assert "例田 太郎" in page
    assert "例田 次郎" in page
    assert "職員!B3" in page
    assert Staff.objects.get(number="1002").name == "例田 太郎"

    assert "取り込みました" in commit(desk, run)
    assert Staff.objects.get(number="1002").name == "例田 次郎"


def test_the_same_file_brought_in_twice_changes_nothing(desk: Client) -> None:
    content = edited(exported(desk), {"B3": "例田 次郎"})
    commit(desk, preview(desk, content))
    before = AuditRow.objects.count()
    run = preview(desk, content)
    assert "変わるところはありません" in text_of(desk.get(f"/imports/runs/{run.pk}/"))
    assert AuditRow.objects.count() == before


def test_everything_that_an_import_writes_carries_one_request_id(desk: Client) -> None:
    run = preview(desk, edited(exported(desk), {"B2": "見本 桜", "B3": "例田 次郎"}))
    commit(desk, run)
    run.refresh_from_db()
    rows = AuditRow.objects.filter(request_id=run.request_id)
    assert rows.count() == 3
    assert set(rows.values_list("channel", flat=True)) == {"import"}


def test_all_errors_are_listed_with_their_cells_and_nothing_can_be_committed(desk: Client) -> None:
    content = edited(exported(desk), {"E2": "正社員", "F3": "R9.3.32", "F4": "昭和六十年"})
    run = preview(desk, content)
    page = text_of(desk.get(f"/imports/runs/{run.pk}/"))
    for cell in ("職員!E2", "職員!F3", "職員!F4"):
        assert cell in page
    assert "誤りが 3か所あります" in page
    assert "誤りが3か所" in commit(desk, run)
    run.refresh_from_db()
    assert run.state == RunState.PREVIEWED


def test_the_marked_workbook_shows_the_wrong_cells_and_can_be_brought_in_when_mended(desk: Client) -> None:
    run = preview(desk, edited(exported(desk), {"F3": "R9.3.32", "B2": "見本 桜"}))
    marked = desk.get(f"/imports/runs/{run.pk}/marked/")
    assert "attachment" in marked["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(marked.content))
    assert book["職員"]["F3"].fill.fgColor.rgb == "00FDEEEE"
    assert "ありません" in book["職員"]["F3"].comment.text
    assert book["誤りの一覧"]["A2"].value == "職員!F3"

    mended = edited(marked.content, {"F3": "R5.4.1"}, sheet="職員")
    again = preview(desk, mended, path=f"{STAFF}?replaces={run.pk}")
    assert again.counts["errors"] == 0
    assert again.counts["changed_cells"] == 2
    run.refresh_from_db()
    assert run.state == RunState.REPLACED


def test_a_value_changed_on_both_sides_is_a_conflict_to_decide(desk: Client, house: House) -> None:
    content = edited(exported(desk), {"B3": "例田 二郎", "B4": "仮名 新"})
    Staff.objects.filter(number="1002").update(name="例田 三郎")
    run = preview(desk, content)
    assert run.counts["conflicts"] == 1
    assert "衝突が1か所" in commit(desk, run)

    page = text_of(desk.get(f"/imports/runs/{run.pk}/conflicts/"))
    assert "例田 太郎" in page
    assert "例田 三郎" in page
    field = re.search(r'name="(conflict-\d+)"', page)
    assert field
    desk.post(f"/imports/runs/{run.pk}/choose/", {field[1]: "theirs"})
    assert "取り込みました" in commit(desk, run)
    assert Staff.objects.get(number="1002").name == "例田 二郎"
    assert Staff.objects.get(number="1003").name == "仮名 新"


def test_keeping_ours_leaves_the_record(desk: Client) -> None:
    content = edited(exported(desk), {"B3": "例田 二郎"})
    Staff.objects.filter(number="1002").update(name="例田 三郎")
    run = preview(desk, content)
    desk.post(f"/imports/runs/{run.pk}/choose/", {"rest": "ours"})
    commit(desk, run)
    assert Staff.objects.get(number="1002").name == "例田 三郎"


def test_choices_stay_when_the_file_is_mended(desk: Client) -> None:
    content = edited(exported(desk), {"B3": "例田 二郎", "F4": "R9.3.32"})
    Staff.objects.filter(number="1002").update(name="例田 三郎")
    run = preview(desk, content)
    desk.post(f"/imports/runs/{run.pk}/choose/", {"rest": "theirs"})
    again = preview(desk, edited(content, {"F4": None}), path=f"{STAFF}?replaces={run.pk}")
    assert "取り込みました" in commit(desk, again)
    assert Staff.objects.get(number="1002").name == "例田 二郎"


def test_a_record_that_changed_after_the_preview_stops_the_commit(desk: Client) -> None:
    run = preview(desk, edited(exported(desk), {"B3": "例田 二郎"}))
    Staff.objects.filter(number="1002").update(name="例田 三郎")
    page = commit(desk, run)
    assert "もう一度確かめてください" in page
    assert Staff.objects.get(number="1002").name == "例田 三郎"
    run.refresh_from_db()
    assert run.counts["conflicts"] == 1


def test_a_row_that_the_file_lacks_is_not_removed(desk: Client) -> None:
    before = Staff.objects.count()
    book = openpyxl.load_workbook(io.BytesIO(exported(desk)))
    book["職員"].delete_rows(3)
    out = io.BytesIO()
    book.save(out)
    run = preview(desk, out.getvalue())
    assert run.counts["removed_rows"] == 0
    commit(desk, run)
    assert Staff.objects.count() == before


def test_a_file_that_is_no_table_is_refused_beside_the_field(desk: Client) -> None:
    response = desk.post(STAFF, {"file": uploaded(b"%PDF-1.7", "職員.xlsx")})
    assert response.status_code == 422
    assert "中身がExcelブックではありません" in text_of(response)
    assert not ImportRun.objects.exists()


def test_giving_up_keeps_the_preview_but_not_the_right_to_commit(desk: Client) -> None:
    run = preview(desk, edited(exported(desk), {"B3": "例田 二郎"}))
    desk.post(f"/imports/runs/{run.pk}/cancel/")
    assert "取りやめ" in commit(desk, run)
    assert Staff.objects.get(number="1002").name == "例田 太郎"


@pytest.mark.parametrize(
    ("persona", "path", "expected"),
    [
        ("secretary", STAFF, 200),
        ("staff", STAFF, 404),
        ("staff", f"{STAFF}export/", 404),
        ("staff", "/imports/office-units/", 403),
        ("staff", "/imports/office-units/export/", 200),
        ("stranger", "/imports/no-such-table/", 404),
    ],
)
def test_a_table_opens_as_far_as_its_rights_go(
    client: Client, house: House, persona: str, path: str, expected: int
) -> None:
    client.force_login(house.account(persona))
    assert client.get(path).status_code == expected


def test_an_import_of_another_person_is_not_found(client: Client, desk: Client, house: House) -> None:
    run = preview(desk, edited(exported(desk), {"B3": "例田 二郎"}))
    client.force_login(house.account("officer"))
    for path in ("", "file/", "marked/"):
        assert client.get(f"/imports/runs/{run.pk}/{path}").status_code == 404
    assert client.post(f"/imports/runs/{run.pk}/commit/").status_code == 404


def test_the_upload_page_explains_every_column(desk: Client) -> None:
    page = text_of(desk.get(STAFF))
    assert "任用区分" in page
    assert "何が変わるか確かめる" in page


def test_a_hand_made_file_adds_rows(desk: Client) -> None:
    content = workbook([["氏名", "職員番号"], ["見本 新人", "１２３４"]], sheet="職員")
    run = preview(desk, content)
    assert run.counts["added_rows"] == 1
    assert "見本 新人" in text_of(desk.get(f"/imports/runs/{run.pk}/added/"))
    commit(desk, run)
    assert Staff.objects.get(number="1234").name == "見本 新人"


def test_the_history_lists_imports(desk: Client) -> None:
    preview(desk, edited(exported(desk), {"B3": "例田 二郎"}))
    page = text_of(desk.get("/imports/"))
    assert "職員.xlsx" in page
    assert "確かめ中" in page
