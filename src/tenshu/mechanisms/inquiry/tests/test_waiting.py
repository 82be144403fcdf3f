"""What waits for whom: the list of things to do and the number in the menu say the same."""

import datetime

import pytest

from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.mechanisms.inquiry.actions import answers, steps
from tenshu.mechanisms.inquiry.models import Campaign, Sheet, SheetState, Substitute
from tenshu.mechanisms.inquiry.queries import waiting_count, waiting_for

pytestmark = pytest.mark.django_db


def agreed(users):
    """How many wait for each, by the list and by the count."""
    fresh = {role: User.objects.get(pk=user.pk) for role, user in users.items()}
    counts = {role: waiting_count(user) for role, user in fresh.items()}
    assert counts == {role: len(waiting_for(user)) for role, user in fresh.items()}
    return {role: count for role, count in counts.items() if count}


def test_the_menu_counts_what_the_list_holds_in_every_state(world):
    campaign = Campaign.objects.get(pk=world.kwargs["campaign_id"])
    sheet = Sheet.objects.get(pk=world.kwargs["sheet_id"])
    machine = world.house.machine
    assert agreed(world.users)[Role.OFFICER] >= 1

    officer = world.users[Role.OFFICER]
    steps.do_delegate(sheet, officer.staff, acting_user=machine)
    assert agreed(world.users)[Role.OFFICER] >= 1
    steps.do_hand_back(sheet, acting_user=machine)
    answers.do_save_answer(
        sheet, campaign.version.questions.get(code="Q1"), {"answer": False}, {}, acting_user=machine
    )
    steps.do_submit(sheet, acting_user=machine)
    assert agreed(world.users)[Role.HEAD] == 1
    steps.do_confirm(sheet, acting_user=world.users[Role.HEAD])
    assert agreed(world.users)[Role.SECRETARIAT] == 1
    steps.do_accept(sheet, acting_user=machine)
    assert Role.HEAD not in agreed(world.users)


def test_a_substitute_is_counted_as_the_head_is(world):
    sheet = Sheet.objects.get(pk=world.kwargs["sheet_id"])
    Sheet.objects.filter(pk=sheet.pk).update(state=SheetState.CHECKING)
    staff = world.users[Role.STAFF].staff
    assert Role.STAFF not in agreed(world.users)

    Substitute.objects.create(
        unit=sheet.respondent,
        staff=staff,
        valid_from=datetime.date(2020, 4, 1),
        valid_until=None,
        reason="出張",
    )

    assert agreed(world.users)[Role.STAFF] == 1
