"""The figures of inquiries and their block of the yearly report, against campaigns made by the actions."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.world import YEAR

from tenshu.ground.access.roles import Role
from tenshu.mechanisms.figures.queries import compute, counted_rows, row_snapshot
from tenshu.mechanisms.figures.registry import figure
from tenshu.mechanisms.inquiry.actions import answers, steps
from tenshu.mechanisms.inquiry.models import Campaign, Sheet, SheetState, SheetStep, StepKind
from tenshu.mechanisms.inquiry.report_blocks import BLOCKS
from tenshu.mechanisms.inquiry.tests.building import opened

pytestmark = pytest.mark.django_db

NAMES = ("campaigns", "sheets", "divisions", "handed_in", "in_time", "response_rate", "accepted", "returned",
         "days_to_acceptance")  # fmt: skip


def values(year=YEAR):
    return {name: compute(figure(f"inquiry.{name}"), year).value for name in NAMES}


def hand_in(sheet, world, *, accept=False):
    """Answered by the division, confirmed by its head, accepted by the secretariat."""
    machine = world.house.machine
    question = sheet.campaign.version.questions.get(code="Q1")
    answers.do_save_answer(sheet, question, {"answer": False}, {}, acting_user=machine)
    steps.do_submit(sheet, acting_user=machine)
    steps.do_confirm(sheet, acting_user=world.users[Role.HEAD])
    if accept:
        steps.do_accept(sheet, acting_user=machine)


def test_a_year_without_inquiries_has_nothing_recorded(world):
    assert set(values(YEAR.next).values()) == {None}
    assert BLOCKS["inquiry.campaigns"](YEAR.next) == []


def test_an_opened_inquiry_counts_its_sheets_divisions_and_answers(world):
    campaign = Campaign.objects.get(pk=world.kwargs["campaign_id"])
    sheet = Sheet.objects.get(pk=world.kwargs["sheet_id"])
    hand_in(sheet, world, accept=True)
    now = timezone.now()
    Campaign.objects.filter(pk=campaign.pk).update(opened_at=now - datetime.timedelta(days=12))

    assert values() == {
        "campaigns": 1, "sheets": 6, "divisions": 6, "handed_in": 1, "in_time": 1, "response_rate": Decimal("16.7"),
        "accepted": 1, "returned": None, "days_to_acceptance": 12,
    }  # fmt: skip
    assert [row.pk for row in counted_rows(figure("inquiry.in_time"), YEAR)] == [sheet.pk]
    (line,) = row_snapshot(figure("inquiry.accepted"), YEAR)
    assert line[2][:4] == [campaign.title, "人事課", "人事課", "受理済"]


def test_the_first_time_a_sheet_left_its_division_decides_whether_it_was_in_time(world):
    sheet = Sheet.objects.get(pk=world.kwargs["sheet_id"])
    hand_in(sheet, world)
    left = sheet.steps.get(kind=StepKind.CONFIRMED).at
    Sheet.objects.filter(pk=sheet.pk).update(due_on=timezone.localdate(left))
    assert values()["in_time"] == 1

    steps.do_return(sheet, "数を確かめてください", acting_user=world.house.machine)
    assert (values()["handed_in"], values()["returned"]) == (None, 1)
    steps.do_submit(sheet, acting_user=world.house.machine)
    steps.do_confirm(sheet, acting_user=world.users[Role.HEAD])
    later = left + datetime.timedelta(days=40)
    SheetStep.objects.filter(sheet=sheet, at__gt=left).update(at=later)
    assert values()["in_time"] == 1

    SheetStep.objects.filter(sheet=sheet).update(at=later)
    assert (values()["handed_in"], values()["in_time"]) == (1, None)


def test_what_is_withdrawn_or_not_yet_opened_is_in_no_figure(world):
    sheet = Sheet.objects.get(pk=world.kwargs["sheet_id"])
    steps.do_withdraw(sheet, "重複", acting_user=world.house.machine)
    assert (values()["sheets"], values()["divisions"]) == (5, 5)

    Campaign.objects.update(state="draft")
    assert values()["sheets"] is None


def test_where_no_head_has_to_confirm_the_submission_counts(world):
    campaign, sheet = opened(world, version=world.objects["version"], needs_head=False, fiscal_year=2024)
    question = campaign.version.questions.get(code="Q1")
    answers.do_save_answer(sheet, question, {"answer": False}, {}, acting_user=world.house.machine)
    steps.do_submit(sheet, acting_user=world.house.machine)

    sheet.refresh_from_db()
    assert sheet.state == SheetState.COLLECTING
    assert values(YEAR.next)["in_time"] == 1


def test_the_report_lists_the_inquiries_of_the_year(world):
    hand_in(Sheet.objects.get(pk=world.kwargs["sheet_id"]), world, accept=True)

    (table,) = BLOCKS["inquiry.campaigns"](YEAR)

    assert table.headers == ["照会", "所属", "照会票", "提出", "うち期限内", "受理"]
    assert table.rows == [["ICT化の照会", "6", "6", "1", "1", "1"]]
