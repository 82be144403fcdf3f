"""The accounts of the office: one person for each role, and what hangs on them."""

import datetime

from tenshu.ground.access.actions import do_create_account, do_grant_role
from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.api.actions import do_issue_token
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.calendar.actions import do_add_closure
from tenshu.ground.office.actions import do_set_duty
from tenshu.ground.office.models import UnitDutyKind
from tenshu.ground.office.tests.building import START
from tests.world.frame import PASSWORD, World


def add_people(world: World) -> None:
    """One account for each role, and a spare one with a token and a granted role."""
    house, machine = world.house, world.house.machine
    house.unit("010203", "group", "監理グループ", "0102")
    house.person("security", "1005", "例橋 冬彦", "れいばし ふゆひこ", "010203")
    house.person("executive", "1006", "試山 春也", "ためしやま はるや", "020101")
    do_set_duty(house.units["010203"], UnitDutyKind.SECURITY, START, acting_user=machine)
    # The groups stand below the secretariat's division: the security group's member is a member of the
    # secretariat too, so the duty is laid on the group 推進グループ alone.
    duty = house.units["0102"].duties.get()
    duty.unit = house.units["010201"]
    duty.save()
    for role, persona in (
        (Role.SECRETARIAT, "secretary"),
        (Role.SECURITY, "security"),
        (Role.EXECUTIVE, "executive"),
        (Role.HEAD, "head"),
        (Role.OFFICER, "officer"),
        (Role.STAFF, "staff"),
        (Role.AUDITOR, "auditor"),
    ):
        user = house.account(persona)
        user.set_password(PASSWORD)
        user.save()
        world.users[role] = user
    grant = do_grant_role(
        world.users[Role.EXECUTIVE],
        Role.EXECUTIVE,
        valid_from=START,
        valid_until=None,
        reason="見本",
        acting_user=machine,
    )
    spare = do_create_account("spare", "予備 花子", PASSWORD, acting_user=machine)
    closing = datetime.date(2098, 8, 13)
    closure = do_add_closure("庁舎の停電", closing, closing, every_year=False, acting_user=machine)
    first_row = AuditRow.objects.order_by("pk").values_list("pk", flat=True)[0]
    secretary = world.users[Role.SECRETARIAT]
    token, _ = do_issue_token(secretary, "見本の照合", ["systems:read"], days=30, acting_user=secretary)
    world.kwargs |= {
        "token_id": token.pk,
        "user_id": spare.pk,
        "grant_id": grant.pk,
        "row_id": first_row,
        "closure_id": closure.pk,
    }
    # A name is part of what a page says: the two without one get theirs here.
    for persona, name in (("auditor", "外部 監査人"), ("stranger", "予備 太郎")):
        User.objects.filter(pk=house.accounts[persona].pk).update(display_name=name)
        house.accounts[persona].display_name = name
