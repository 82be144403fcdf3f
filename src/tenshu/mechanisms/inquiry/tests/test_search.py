"""A campaign is found by those whom it asks, once it asks them; questionnaires by those who write or read them."""

from tests.world import World

from tenshu.ground.access.roles import Role
from tenshu.ground.search.tests.asking import found
from tenshu.mechanisms.inquiry.actions.campaigns import do_change_campaign, do_open_campaign
from tenshu.mechanisms.inquiry.tests.building import campaign_of, published
from tenshu.mechanisms.questionnaire import actions as questionnaires


def test_who_is_asked_finds_the_campaign_when_it_is_open(world: World) -> None:
    machine, hit = world.house.machine, "inquiry 帳票の棚卸し"
    version = published(machine, code="FIND")
    campaign = campaign_of(version, world.house.units["0102"], machine, title="帳票の棚卸し")
    assert found(world.users[Role.SECRETARIAT], "帳票の棚卸し") == [hit]
    assert found(world.users[Role.HEAD], "帳票の棚卸し") == []
    do_open_campaign(campaign, acting_user=machine)
    assert found(world.users[Role.HEAD], "帳票の棚卸し") == [hit]
    assert found(world.house.account("stranger"), "帳票の棚卸し") == []


def test_a_campaign_is_found_by_its_letter(world: World) -> None:
    machine = world.house.machine
    version = published(machine, code="FIND")
    campaign = campaign_of(version, world.house.units["0102"], machine, letter="かんきつ類の担当に伺います。")
    assert found(world.users[Role.SECRETARIAT], "かんきつ類") == ["inquiry ICT化の照会"]
    do_change_campaign(campaign, {"letter": "ぶどうの担当に伺います。"}, acting_user=machine)
    assert found(world.users[Role.SECRETARIAT], "かんきつ類") == []


def test_a_questionnaire_is_found_by_the_questions_of_its_newest_version(world: World) -> None:
    machine, secretary = world.house.machine, world.users[Role.SECRETARIAT]
    version = published(machine, code="FIND")
    assert "questionnaire 業務のICT化" in found(secretary, "どの手段を望みますか")
    following = questionnaires.do_add_version(version.questionnaire, 2024, acting_user=machine)
    questionnaires.do_add_question(
        following, {"code": "Q1", "text": "べつの問いです。", "kind": "text"}, acting_user=machine
    )
    assert "questionnaire 業務のICT化" in found(secretary, "べつの問いです")
    assert found(world.users[Role.HEAD], "べつの問いです") == []
