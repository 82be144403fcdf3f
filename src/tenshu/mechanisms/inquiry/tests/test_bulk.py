"""Ticked sheets: reminded of, given time, taken out, after a page that says what will happen and what is passed over."""

import pytest
from django.test import Client
from django.urls import reverse

from tenshu.ground.access.roles import Role
from tenshu.ground.notices.models import Notice
from tenshu.mechanisms.inquiry.actions import campaigns, steps
from tenshu.mechanisms.inquiry.models import Campaign, Sheet, SheetState, StepKind
from tenshu.mechanisms.inquiry.notice_kinds import DUE

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(world):
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    return client


@pytest.fixture
def campaign(world):
    return Campaign.objects.get(pk=world.kwargs["campaign_id"])


def url(name, campaign):
    return reverse(f"inquiry:campaign-sheets-{name}", args=[campaign.pk])


def keys_in(response):
    return response.context["form"]["keys"].value()


def sheet_of(campaign, number):
    return campaign.sheets.get(subject_number=number)


def test_the_list_offers_the_actions_only_to_the_secretariat_of_an_open_campaign(world, secretary, campaign):
    page = reverse("inquiry:campaign-detail", args=[campaign.pk])
    shown = secretary.get(page).content.decode()
    assert f'formaction="{url("remind", campaign)}"' in shown
    assert 'name="row"' in shown
    reader, officer = Client(), Client()
    reader.force_login(world.users[Role.AUDITOR])
    officer.force_login(world.users[Role.OFFICER])
    for client in (reader, officer):
        assert 'name="row"' not in client.get(page).content.decode()

    campaigns.do_close_campaign(campaign, acting_user=world.house.machine)

    assert 'name="row"' not in secretary.get(page).content.decode()


def test_what_was_shown_is_done_and_the_rest_is_passed_over_with_its_reason(secretary, campaign, world):
    done, passed = sheet_of(campaign, "0101"), sheet_of(campaign, "0102")
    steps.do_withdraw(passed, "重複", acting_user=world.house.machine)

    page = secretary.get(url("due", campaign), {"row": [done.pk, passed.pk], "which": "ticked"})
    text = page.content.decode()
    assert keys_in(page) == str(done.pk)
    assert "1件は、対象外のため見送ります。" in text
    late = "令和82年7月31日"
    answer = secretary.post(
        url("due", campaign), {"keys": keys_in(page), "due_on": late, "reason": "部局の求め"}, follow=True
    )

    assert "1件の期限を変え、担当に知らせました。" in answer.content.decode()
    done.refresh_from_db()
    passed.refresh_from_db()
    assert (done.due_on.year, passed.due_on.year) == (2100, 2099)
    assert done.steps.filter(kind=StepKind.DUE_CHANGED).get().comment == "部局の求め"


def test_all_that_match_are_all_of_the_filter_and_no_other(secretary, campaign, world):
    department = world.house.units["01"]
    page = secretary.get(url("withdraw", campaign), {"which": "all", "department": department.pk})
    wanted = {sheet.pk for sheet in campaign.sheets.all() if sheet.attributes["部局"] == department.name}
    assert 0 < len(wanted) < campaign.sheets.count()
    assert {int(key) for key in keys_in(page).split(",")} == wanted

    missing = secretary.post(url("withdraw", campaign), {"keys": keys_in(page), "reason": ""})
    assert missing.status_code == 422
    assert "対象外にする照会票" in missing.content.decode()
    secretary.post(url("withdraw", campaign), {"keys": keys_in(page), "reason": "今年は求めない"})

    taken = campaign.sheets.filter(state=SheetState.WITHDRAWN)
    assert set(taken.values_list("pk", flat=True)) == wanted


def test_a_sheet_that_moved_on_in_between_is_passed_over_and_told(secretary, campaign, world):
    first, second = sheet_of(campaign, "0101"), sheet_of(campaign, "0102")
    page = secretary.get(url("remind", campaign), {"row": [first.pk, second.pk]})
    Sheet.objects.filter(pk=second.pk).update(state=SheetState.COLLECTING)

    answer = secretary.post(
        url("remind", campaign), {"keys": keys_in(page), "text": "お急ぎください"}, follow=True
    )

    assert "1件は、その間に状態が変わっていたため、見送りました。" in answer.content.decode()
    told = Notice.objects.filter(kind=DUE)
    assert {int(notice.about_key) for notice in told} == {first.pk}
    assert told.first().body == "お急ぎください"


def test_nothing_chosen_and_nothing_possible_are_told(secretary, campaign, world):
    nothing = secretary.get(url("remind", campaign))
    assert "照会票を選んでいません" in nothing.content.decode()
    assert secretary.post(url("remind", campaign), {"keys": ""}).status_code == 422

    campaigns.do_close_campaign(campaign, acting_user=world.house.machine)
    closed = secretary.get(url("withdraw", campaign), {"which": "all"}).content.decode()

    assert "照会が受付中ではないため" in closed


def test_sheets_of_another_campaign_are_never_touched(secretary, campaign, world):
    from tenshu.mechanisms.inquiry.tests.building import opened

    _, foreign = opened(world, version=world.objects["version"])
    page = secretary.get(url("withdraw", campaign), {"row": [foreign.pk]})
    assert "照会票を選んでいません" in page.content.decode()

    secretary.post(url("withdraw", campaign), {"keys": str(foreign.pk), "reason": "誤り"})

    foreign.refresh_from_db()
    assert foreign.state == SheetState.ANSWERING
