import pytest
from django.core.exceptions import ValidationError

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.office.actions import do_correct_unit, do_end_unit, do_open_unit, do_rename_unit
from tenshu.ground.office.lineage import current_units, lineage, with_predecessors
from tenshu.ground.office.models import Post, Unit, UnitDuty, UnitKind
from tenshu.ground.office.queries import Organisation, unit_on
from tenshu.ground.office.tests.building import START, House, day

APRIL = day("2024-04-01")
MARCH_31 = day("2024-03-31")


def test_a_renamed_division_ends_and_is_followed_by_the_new_one(house: House, secretary: User) -> None:
    new = do_rename_unit(house.units["0101"], APRIL, name="人財課", acting_user=secretary)
    assert unit_on("0101", MARCH_31) == house.units["0101"]
    assert unit_on("0101", APRIL) == new
    assert (new.name, new.parent) == ("人財課", house.units["01"])
    assert [s.successor for s in lineage(house.units["0101"]).successions] == [new]


def test_people_follow_a_renamed_division_and_their_past_stays(house: House, secretary: User) -> None:
    new = do_rename_unit(house.units["0101"], APRIL, name="人財課", acting_user=secretary)
    posts = Post.objects.filter(staff__number="1003").order_by("valid_from")
    assert [(p.unit, p.valid_from, p.valid_until, p.is_officer) for p in posts] == [
        (house.units["0101"], START, MARCH_31, True),
        (new, APRIL, None, True),
    ]


def test_everything_below_a_renamed_department_follows_it(house: House, secretary: User) -> None:
    new = do_rename_unit(house.units["02"], APRIL, name="健康医療部", acting_user=secretary)
    organisation = Organisation.on(APRIL)
    assert [u.name for u in organisation.path(organisation.by_code["020101"].pk)] == [
        "健康医療部",
        "生活衛生室",
        "環境衛生課",
    ]
    assert organisation.below(new.pk) == {new.pk, *(organisation.by_code[c].pk for c in ("0201", "020101"))}
    assert house.post("1004").unit == organisation.by_code["020101"]


def test_a_duty_follows_the_renamed_unit(house: House, secretary: User) -> None:
    do_rename_unit(house.units["0102"], APRIL, name="デジタル推進課", acting_user=secretary)
    assert [d.unit.name for d in UnitDuty.objects.as_of(APRIL)] == ["デジタル推進課"]
    assert [d.unit.name for d in UnitDuty.objects.as_of(MARCH_31)] == ["行政DX推進課"]


def test_a_unit_that_begins_on_the_day_of_its_renaming_is_changed_in_place(
    house: House, secretary: User
) -> None:
    new = do_rename_unit(house.units["0101"], APRIL, name="人財課", acting_user=secretary)
    assert do_rename_unit(new, APRIL, name="人材課", acting_user=secretary) == new
    assert Unit.objects.filter(code="0101").count() == 2


def test_merging_hands_people_to_the_main_successor(house: House, secretary: User) -> None:
    do_end_unit(
        house.units["0101"],
        MARCH_31,
        successors=[house.units["0102"], house.units["0201"]],
        acting_user=secretary,
    )
    assert house.post("1003").unit == house.units["0102"]
    assert current_units([house.units["0101"].pk], APRIL) == {house.units["0101"].pk: house.units["0102"]}
    assert with_predecessors([house.units["0201"].pk]) == {house.units["0201"].pk, house.units["0101"].pk}


def test_an_abolished_unit_ends_its_posts(house: House, secretary: User) -> None:
    do_end_unit(house.units["020101"], MARCH_31, acting_user=secretary)
    assert house.post("1004").valid_until == MARCH_31


def test_a_unit_with_standing_units_below_cannot_end_alone(house: House, secretary: User) -> None:
    with pytest.raises(ValidationError, match="推進グループ"):
        do_end_unit(house.units["0102"], MARCH_31, acting_user=secretary)
    assert Unit.objects.get(pk=house.units["0102"].pk).valid_until is None


def test_a_successor_must_stand_on_the_next_day(house: House, secretary: User) -> None:
    do_end_unit(house.units["020101"], day("2023-03-31"), acting_user=secretary)
    house.units["020101"].refresh_from_db()
    with pytest.raises(ValidationError, match="引き継げません"):
        do_end_unit(house.units["0101"], MARCH_31, successors=[house.units["020101"]], acting_user=secretary)


@pytest.mark.parametrize(
    ("code", "kind", "parent", "message"),
    [
        ("0101", UnitKind.DIVISION, "01", "0101"),
        ("0103", UnitKind.GROUP, "01", "上位組織にできません"),
        ("03", UnitKind.DEPARTMENT, "01", "上位組織にできません"),
        ("0103", UnitKind.DIVISION, None, "上位組織にできません"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused(
    house: House, secretary: User, code: str, kind: str, parent: str | None, message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        do_open_unit(
            code=code,
            kind=kind,
            name="新課",
            parent=house.units[parent] if parent else None,
            valid_from=APRIL,
            acting_user=secretary,
        )


def test_a_parent_must_stand_as_long_as_the_unit(house: House, secretary: User) -> None:
    with pytest.raises(ValidationError, match="期間"):
        do_open_unit(
            code="0103",
            kind=UnitKind.DIVISION,
            name="新課",
            parent=house.units["01"],
            valid_from=day("2017-04-01"),
            acting_user=secretary,
        )


def test_a_correction_changes_the_name_on_all_days_and_is_recorded(house: House, secretary: User) -> None:
    do_correct_unit(house.units["0101"], name="人事第一課", reason="誤記", acting_user=secretary)
    assert unit_on("0101", START).name == "人事第一課"  # type: ignore[union-attr]
    row = AuditRow.objects.get(verb="office.unit.corrected")
    assert (row.before, row.after, row.reason) == ({"name": "人事課"}, {"name": "人事第一課"}, "誤記")


def test_a_correction_without_a_difference_leaves_no_record(house: House, secretary: User) -> None:
    do_correct_unit(house.units["0101"], name="人事課", acting_user=secretary)
    assert not AuditRow.objects.filter(verb="office.unit.corrected").exists()


def test_every_change_of_a_renaming_is_recorded(house: House, secretary: User) -> None:
    earlier = AuditRow.objects.count()
    do_rename_unit(house.units["0101"], APRIL, name="人財課", acting_user=secretary)
    verbs = sorted(AuditRow.objects.order_by("pk").values_list("verb", flat=True)[earlier:])
    assert verbs == [
        "office.post.begun",
        "office.post.begun",
        "office.post.ended",
        "office.post.ended",
        "office.unit.ended",
        "office.unit.opened",
        "office.unit.succeeded",
    ]
