"""What the rooms keep: task forces, conferences, sessions, kartes, needs."""

import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tenshu.dx.ict_needs.actions import do_add_need
from tenshu.dx.ict_needs.models import Need
from tenshu.dx.karte import actions as karte
from tenshu.dx.karte.models import CompletenessRule, Payment
from tenshu.dx.karte.tests.building import karte_of_everything, payment
from tenshu.dx.liaison.actions import do_add_conference, do_plan_session
from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.dx.taskforce import actions as taskforce
from tenshu.dx.taskforce.models import Issue, Meeting, Membership, RoadmapItem, TaskForce, WorkingGroup
from tenshu.ground.files.actions import attach
from tenshu.ground.office.tests.building import START
from tenshu.ground.quantities import Quality
from tenshu.ground.systems.models import System
from tenshu.mechanisms.gathering import actions as gathering
from tenshu.mechanisms.gathering.models import (
    ActionItem,
    Attendance,
    Gathering,
    GatheringKind,
    GatheringState,
)
from tests.world.frame import DAY, YEAR, World


def add_records(world: World) -> None:
    """Two systems, and one of each that hangs on them and on the divisions."""
    house = world.house
    own, other = house.units["0101"], house.units["020101"]
    system = System.objects.create(
        number="0007", name="総務事務システム", owner=own, candidate_from=YEAR.start, started_on=START
    )
    neighbour = System.objects.create(
        number="0042", name="許認可システム", owner=other, candidate_from=YEAR.start
    )
    person = house.staff["1003"]
    world.objects |= {"system": system, "own": own, "other": other}
    world.kwargs |= {
        "unit_id": own.pk,
        "staff_id": person.pk,
        "post_id": person.posts.get().pk,
        "duty_id": house.units["010201"].duties.get().pk,
        "system_id": system.pk,
        "figure_key": "taskforce.systems",
        "form": "json",
        "section_slug": "1-1",
        "table_name": "systems",
        "kind": "open",
        "part": "errors",
    }
    _task_force(world, system)
    _conference(world)
    _own_meeting(world)
    _karte(world, system, neighbour)


def _task_force(world: World, system: System) -> None:
    """A task force with its group, an issue, a step and a meeting."""
    house, machine = world.house, world.house.machine
    own, secretariat = world.objects["own"], house.units["0102"]
    force = taskforce.do_set_up_task_force(
        TaskForce(name="見本タスクフォース", valid_from=YEAR.start), [secretariat], acting_user=machine
    )
    group = taskforce.do_set_up_group(
        WorkingGroup(task_force=force, name="総務", valid_from=YEAR.start), acting_user=machine
    )
    member = taskforce.do_add_member(
        Membership(working_group=group, unit=own, part="人事", valid_from=YEAR.start), acting_user=machine
    )
    taskforce.do_set_targets(group, [system], acting_user=machine)
    issue = taskforce.do_open_issue(
        Issue(
            working_group=group,
            title="認証が分かれている",
            owner_unit=own,
            opened_on=DAY,
            due=datetime.date(2099, 3, 31),
        ),
        acting_user=machine,
    )
    step = taskforce.do_add_roadmap_item(
        RoadmapItem(
            working_group=group, title="要件の整理", starts_on=DAY, ends_on=datetime.date(2024, 3, 31)
        ),
        acting_user=machine,
    )
    meeting = _session("第1回会議", secretariat)
    task_meeting = taskforce.do_plan_meeting(
        Meeting(task_force=force, number=1), meeting, acting_user=machine
    )
    world.objects |= {"group": group, "force": force, "issue": issue, "meeting": meeting}
    world.kwargs |= {
        "task_force_id": force.pk,
        "group_id": group.pk,
        "membership_id": member.pk,
        "issue_id": issue.pk,
        "roadmap_item_id": step.pk,
        "meeting_id": task_meeting.pk,
    }


def _conference(world: World) -> None:
    """A series of conferences with one of them."""
    machine, secretariat = world.house.machine, world.house.units["0102"]
    conference = do_add_conference(Conference(name="全国見本会議", scope=Scope.NATIONAL), acting_user=machine)
    session = do_plan_session(
        ConferenceSession(conference=conference, season="春"),
        _session("全国見本会議 春", secretariat, GatheringKind.CONFERENCE),
        acting_user=machine,
    )
    world.objects["session"] = session
    world.kwargs |= {"conference_id": conference.pk, "session_id": session.pk}


def _own_meeting(world: World) -> None:
    """A session of 人事課 with everything that may hang on one."""
    machine, own = world.house.machine, world.objects["own"]
    own_meeting = gathering.do_plan_gathering(_session("人事課の打合せ", own), acting_user=machine)
    gathering.do_set_agenda(own_meeting, [("進め方", "人事課")], acting_user=machine)
    (attendance,) = gathering.do_invite(own_meeting, [Attendance(unit=own)], acting_user=machine)
    decision = gathering.do_add_decision(own_meeting, "月に一度開く", acting_user=machine)
    action = gathering.do_add_action_item(
        ActionItem(gathering=own_meeting, text="案を作る", owner_unit=own), acting_user=machine
    )
    attachment = attach(
        own_meeting, SimpleUploadedFile("資料.txt", "見本の資料です。\n".encode()), acting_user=machine
    )
    world.objects["own_meeting"] = own_meeting
    world.kwargs |= {
        "gathering_id": own_meeting.pk,
        "attendance_id": attendance.pk,
        "decision_id": decision.pk,
        "action_id": action.pk,
        "attachment_id": attachment.pk,
    }


def _karte(world: World, system: System, neighbour: System) -> None:
    machine = world.house.machine
    made = karte_of_everything(system, neighbour, machine)
    karte.do_import_payments([payment("総務事務システム")], acting_user=machine)
    first, second = (
        karte.do_freeze_edition(system, year, confirmed_by="例田 太郎", acting_user=machine)
        for year in (YEAR.previous, YEAR)
    )
    world.objects["karte_editions"] = (first, second)
    world.kwargs |= {
        "thing": "server",
        "thing_id": made["server"].pk,
        "register": "vendor",
        "entry_id": made["vendor"].pk,
        "section_name": "business",
        "item": "renewal_on",
        "payment_id": Payment.objects.get().pk,
        **{f"{key}_id": made[key].pk for key in ("server", "software", "contract", "environment")},
        **{f"{key}_id": made[key].pk for key in ("vendor", "host")},
        "dependency_id": made["flow"].pk,
        "cost_id": made["lines"][0].pk,
        "cost_item_id": made["run"].pk,
        "matching_rule_id": made["rule"].pk,
        "completeness_rule_id": CompletenessRule.objects.order_by("pk")[0].pk,
        "karte_edition_id": second.pk,
    }


def add_need(world: World) -> None:
    need = Need(fiscal_year=YEAR.year, unit=world.house.units["0101"], task="見本の業務", hours=120)
    world.kwargs["need_id"] = do_add_need(need, acting_user=world.house.machine).pk


def _session(title: str, host: Any, kind: GatheringKind = GatheringKind.MEETING) -> Gathering:
    return Gathering(
        kind=kind,
        title=title,
        host=host,
        held_on=DAY,
        state=GatheringState.HELD,
        outline="各WGの日程を示した。",
        attendance_count=20,
        attendance_quality=Quality.APPROXIMATE,
    )
