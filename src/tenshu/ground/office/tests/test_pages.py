import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.office.actions import do_add_step, do_hire, do_plan_reorganisation, do_rename_unit
from tenshu.ground.office.models import (
    Post,
    ReorganisationPlan,
    ReorganisationStep,
    Staff,
    StepKind,
    Unit,
    UnitDuty,
    UnitKind,
)
from tenshu.ground.office.queries import unit_on
from tenshu.ground.office.tests.building import START, House, day

APRIL = day("2024-04-01")


@pytest.fixture
def client(house: House) -> Client:
    return signed_in(house, "secretary")


def signed_in(house: House, persona: str) -> Client:
    client = Client()
    client.force_login(house.account(persona), "tenshu.ground.access.backends.LockingBackend")
    return client


def page(client: Client, url: str, **query: str) -> str:
    response = client.get(url, query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_tree_shows_departments_and_opens_one(house: House, client: Client) -> None:
    closed = page(client, "/office/")
    assert "健康部" in closed
    assert "環境衛生課" not in closed
    assert "環境衛生課" in page(client, "/office/", open="02")
    assert "環境衛生課" in page(client, "/office/", open="all")


def test_the_tree_is_shown_as_of_a_day_written_in_wareki(
    house: House, client: Client, secretary: User
) -> None:
    do_rename_unit(house.units["02"], APRIL, name="健康医療部", acting_user=secretary)
    assert "健康医療部" not in page(client, "/office/", day="R6.3.31")
    assert "健康医療部" in page(client, "/office/", day="令和6年4月1日")
    assert "という日はありません" in client.get("/office/", {"day": "R6.2.30"}).content.decode()


def test_a_unit_is_found_by_a_part_of_its_name(house: House, client: Client) -> None:
    found = page(client, "/office/", q="衛生")
    assert "環境衛生課" in found
    assert "人事課" not in found


def test_a_unit_tells_its_people_and_its_line(house: House, client: Client, secretary: User) -> None:
    new = do_rename_unit(house.units["0101"], APRIL, name="人財課", acting_user=secretary)
    now = page(client, reverse("office:unit-detail", args=[new.pk]))
    assert "例田 太郎" in now
    assert "総務部 人事課 → 総務部 人財課" in now
    assert "終わった組織です" in page(client, reverse("office:unit-detail", args=[house.units["0101"].pk]))


@pytest.mark.parametrize("words", ["ためしやま", "タメシヤマ", "ﾀﾒｼﾔﾏ", "試山 三郎", "１００４"])
def test_a_person_is_found_however_the_name_is_typed(house: House, client: Client, words: str) -> None:
    found = page(client, "/office/staff/", q=words)
    assert "試山 三郎" in found
    assert "例田 太郎" not in found


def test_staff_are_filtered_by_department_and_view(house: House, client: Client, secretary: User) -> None:
    do_hire(number="2001", name="無属 花子", joined_on=START, acting_user=secretary)
    health = page(client, "/office/staff/", department="02")
    assert "試山 三郎" in health
    assert "例田 太郎" not in health
    assert "無属 花子" in page(client, "/office/staff/", view="none")


def test_the_list_of_staff_goes_out_as_excel(house: House, client: Client) -> None:
    response = client.get("/office/staff/", {"out": "xlsx"})
    assert response.status_code == 200
    assert response["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.parametrize(("persona", "own", "other"), [
    ("secretary", True, True), ("officer", True, False), ("staff", False, True),
])  # fmt: skip
def test_mail_is_shown_to_colleagues_and_the_secretariat_only(
    house: House, persona: str, own: bool, other: bool
) -> None:
    client = signed_in(house, persona)
    shown = {
        number: f"{number}@example.jp" in page(client, f"/office/staff/{house.staff[number].pk}/")
        for number in ("1002", "1004")
    }
    assert shown == {"1002": own, "1004": other}


def test_nobody_filters_the_whole_office_by_employment_without_the_right(house: House) -> None:
    assert "任用区分" in page(signed_in(house, "secretary"), "/office/staff/")
    assert "任用区分" not in page(signed_in(house, "officer"), "/office/staff/")


@pytest.mark.parametrize(("persona", "tree", "people", "change"), [
    ("secretary", 200, 200, 200), ("head", 200, 200, 403), ("officer", 200, 200, 403),
    ("staff", 200, 200, 403), ("auditor", 200, 404, 404), ("stranger", 404, 404, 404),
])  # fmt: skip
def test_who_opens_what(house: House, persona: str, tree: int, people: int, change: int) -> None:
    client = signed_in(house, persona)
    staff = house.staff["1003"].pk
    assert client.get("/office/").status_code == tree
    assert client.get(f"/office/staff/{staff}/").status_code == people
    assert client.get(f"/office/staff/{staff}/transfer/").status_code == change
    assert client.post(f"/office/staff/{staff}/retire/", {"last_day": "R6.3.31"}).status_code in (change, 302)
    assert (Staff.objects.get(pk=staff).left_on is not None) == (persona == "secretary")


def test_the_secretariat_opens_a_unit(house: House, client: Client) -> None:
    values = {
        "valid_from": "R6.4.1",
        "kind": "division",
        "parent": "総務部",
        "code": "0103",
        "name": "財政課",
    }
    assert client.post("/office/units/new/", values).status_code == 302
    assert unit_on("0103", APRIL).parent == house.units["01"]  # type: ignore[union-attr]


def test_a_refused_unit_keeps_what_was_typed_and_says_what_to_mend(house: House, client: Client) -> None:
    values = {"valid_from": "R6.4.1", "kind": "division", "parent": "衛生", "code": "0101", "name": "財政課"}
    response = client.post("/office/units/new/", values)
    text = response.content.decode()
    assert response.status_code == 422
    assert "020101 健康部 生活衛生室 環境衛生課" in text
    assert "財政課" in text
    taken = client.post("/office/units/new/", {**values, "parent": "01"}).content.decode()
    assert "組織コード0101は同じ期間に人事課が使っています" in taken


def test_the_secretariat_renames_corrects_and_ends_a_unit(house: House, client: Client) -> None:
    unit = house.units["0101"]
    rename = {"on": "R6.4.1", "name": "人財課", "kana": "", "parent": "01", "code": "0101"}
    assert client.post(f"/office/units/{unit.pk}/rename/", rename).status_code == 302
    new = unit_on("0101", APRIL)
    assert new is not None
    correct = {"name": "人材課", "kana": "", "sort_order": "1", "reason": "誤記"}
    assert client.post(f"/office/units/{new.pk}/correct/", correct).status_code == 302
    end = {"valid_until": "R7.3.31", "main": "0102", "second": "", "third": ""}
    assert client.post(f"/office/units/{new.pk}/end/", end).status_code == 302
    assert house.post("1003").unit == house.units["0102"]


def test_a_duty_is_set_and_ended(house: House, client: Client) -> None:
    unit = house.units["0101"]
    values = {"kind": "security", "valid_from": "R6.4.1"}
    assert client.post(f"/office/units/{unit.pk}/duties/new/", values).status_code == 302
    duty = UnitDuty.objects.get(kind="security")
    assert client.post(f"/office/duties/{duty.pk}/end/", {"last_day": "R7.3.31"}).status_code == 302
    duty.refresh_from_db()
    assert duty.valid_until == day("2025-03-31")


def test_a_person_is_hired_corrected_moved_made_officer_and_retired(house: House, client: Client) -> None:
    hire = {"number": "2001", "name": "新田 春子", "kana": "にった はるこ", "employment": "regular",
            "joined_on": "R5.4.1", "unit": "0101", "rank": "member", "title": "主事"}  # fmt: skip
    assert client.post("/office/staff/new/", hire).status_code == 302
    staff = Staff.objects.get(number="2001")
    correct = {"name": "新田 夏子", "kana": "", "employment": "regular"}
    assert client.post(f"/office/staff/{staff.pk}/correct/", correct).status_code == 302
    move = {"valid_from": "R6.4.1", "unit": "環境衛生課", "rank": "member", "title": "主査"}
    assert client.post(f"/office/staff/{staff.pk}/transfer/", move).status_code == 302
    post = house.post("2001")
    assert client.post(f"/office/posts/{post.pk}/officer/", {"on": "R6.10.1"}).status_code == 302
    assert client.post(f"/office/staff/{staff.pk}/retire/", {"last_day": "R7.3.31"}).status_code == 302
    spans = Post.objects.filter(staff=staff).order_by("valid_from")
    assert [(p.unit.name, str(p.valid_from), str(p.valid_until), p.is_officer) for p in spans] == [
        ("人事課", "2023-04-01", "2024-03-31", False),
        ("環境衛生課", "2024-04-01", "2024-09-30", False),
        ("環境衛生課", "2024-10-01", "2025-03-31", True),
    ]
    text = page(client, f"/office/staff/{staff.pk}/")
    assert "新田 夏子" in text
    assert "退職" in text


def test_a_reorganisation_is_prepared_seen_and_carried_out(house: House, client: Client) -> None:
    client.post("/office/reorganisations/new/", {"title": "令和6年4月の組織改正", "on": "R6.4.1"})
    plan = ReorganisationPlan.objects.get()
    here = f"/office/reorganisations/{plan.pk}/"
    rename = {"unit": "0101", "name": "人財課"}
    assert client.post(f"{here}steps/rename/", rename).status_code == 302
    assert client.post(f"{here}steps/move/", {"unit": "0102", "parent_code": "99"}).status_code == 302
    assert "このままでは実施できません" in page(client, here)
    assert client.post(f"{here}carry-out/").status_code == 422
    wrong = ReorganisationStep.objects.get(kind=StepKind.MOVE)
    assert client.post(f"/office/reorganisation-steps/{wrong.pk}/remove/").status_code == 302
    text = page(client, here)
    assert "総務部 人財課" in text
    assert unit_on("0101", APRIL) == house.units["0101"]
    assert "実施する" in page(client, f"{here}carry-out/")
    assert client.post(f"{here}carry-out/").status_code == 302
    assert unit_on("0101", APRIL).name == "人財課"  # type: ignore[union-attr]
    assert client.post(f"{here}steps/rename/", rename).status_code == 403


def test_every_page_of_the_room_opens_for_the_secretariat(
    house: House, client: Client, secretary: User
) -> None:
    plan = do_plan_reorganisation("改正", APRIL, acting_user=secretary)
    step = ReorganisationStep(plan=plan, kind=StepKind.RENAME, unit=house.units["0101"], name="人財課")
    do_add_step(step, acting_user=secretary)
    unit, staff, post = house.units["0101"].pk, house.staff["1003"].pk, house.post("1003").pk
    duty = UnitDuty.objects.get().pk
    for path in (
        "units/new/", *(f"units/{unit}/{verb}/" for verb in ("correct", "rename", "end", "duties/new")),
        f"duties/{duty}/end/", "staff/new/",
        *(f"staff/{staff}/{verb}/" for verb in ("correct", "transfer", "retire")),
        f"posts/{post}/end/", f"posts/{post}/officer/", "reorganisations/", "reorganisations/new/",
        *(f"reorganisations/{plan.pk}/{part}" for part in ("", "withdraw/", "carry-out/")),
        *(f"reorganisations/{plan.pk}/steps/{kind}/" for kind in StepKind.values),
        f"reorganisation-steps/{step.pk}/remove/",
    ):  # fmt: skip
        page(client, f"/office/{path}")


@pytest.mark.parametrize("path", ["/office/?open=all", "/office/staff/", "/office/units/{unit}/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    house: House, client: Client, secretary: User, path: str
) -> None:
    path = path.format(unit=house.units["0102"].pk)
    counts = []
    for size in (10, 100):
        for number in range(size):
            unit = Unit.objects.create(
                code=f"9{size:03}{number:03}",
                kind=UnitKind.GROUP,
                name=f"班{size}-{number}",
                parent=house.units["0102"],
                valid_from=START,
            )
            staff = Staff.objects.create(number=f"9{size:03}{number:03}", name="試料 花子")
            Post.objects.create(staff=staff, unit=unit, valid_from=START, rank="head", is_officer=True)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 35
