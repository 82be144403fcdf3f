"""A small office with one record of every kind, and one person for each role, made by the actions themselves."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tenshu.annual.actions import do_close_year
from tenshu.dx.ict_needs.actions import do_add_need
from tenshu.dx.ict_needs.models import Need
from tenshu.dx.karte import actions as karte
from tenshu.dx.karte.models import Payment
from tenshu.dx.karte.tests.building import karte_of_everything, payment
from tenshu.dx.liaison.actions import do_add_conference, do_plan_session
from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.dx.taskforce import actions as taskforce
from tenshu.dx.taskforce.models import (
    Issue,
    Meeting,
    Membership,
    RoadmapItem,
    TaskForce,
    WorkingGroup,
)
from tenshu.ground.access.actions import do_create_account, do_grant_role
from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.api.actions import do_issue_token
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.calendar.actions import do_add_closure, do_open_year
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange.actions import do_preview
from tenshu.ground.files.actions import attach
from tenshu.ground.jobs.tests.sample_state import sample_jobs
from tenshu.ground.notices.models import Bounce, FailingAddress, Mail, MailState
from tenshu.ground.notices.sending import notify
from tenshu.ground.office.actions import do_set_duty
from tenshu.ground.office.actions.reorganisation import do_add_step, do_plan_reorganisation
from tenshu.ground.office.models import OfficeProfile, ReorganisationStep, StepKind, UnitDutyKind
from tenshu.ground.office.tests.building import START, House
from tenshu.ground.quantities import Quality
from tenshu.ground.sign_on.actions.sessions import begin_session
from tenshu.ground.systems.models import System
from tenshu.ground.systems.sheets import SYSTEM_TABLE
from tenshu.ground.webhooks.actions import do_add_endpoint, do_test
from tenshu.ground.webhooks.models import Endpoint
from tenshu.mechanisms.gathering import actions as gathering
from tenshu.mechanisms.gathering.models import (
    ActionItem,
    Attendance,
    Gathering,
    GatheringKind,
    GatheringState,
)
from tenshu.mechanisms.inquiry.actions.answers import RowChanges, do_change_rows
from tenshu.mechanisms.inquiry.actions.hearings import do_flag, do_set_rule
from tenshu.mechanisms.inquiry.actions.substitutes import do_name_substitute
from tenshu.mechanisms.inquiry.models import Substitute
from tenshu.mechanisms.inquiry.tests.building import opened, published
from tenshu.mechanisms.questionnaire import actions as questionnaires

PASSWORD = "mihon-no-aikotoba-1"
YEAR = FiscalYear(2023)
DAY = datetime.date(2023, 8, 24)


@dataclass
class World:
    """The office, its accounts by role, and an example of every URL keyword."""

    house: House
    users: dict[Role, User] = field(default_factory=dict)
    kwargs: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)

    def example(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Values for the keywords of a URL; raises ``KeyError`` for a keyword without an example."""
        return {name: self.kwargs[name] for name in names}


def build_world() -> World:
    """One office: 人事課 (head, officer), 環境衛生課 (staff), 行政DX推進課 (secretariat, security)."""
    house = House.build()
    machine = house.machine
    OfficeProfile.objects.create(name="見本県")
    do_open_year(YEAR, acting_user=machine)
    world = World(house)
    _people(world)
    _records(world)
    return world


def _people(world: World) -> None:
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


def _records(world: World) -> None:
    house, machine = world.house, world.house.machine
    own, other = house.units["0101"], house.units["020101"]
    secretariat = house.units["0102"]
    system = System.objects.create(
        number="0007", name="総務事務システム", owner=own, candidate_from=YEAR.start, started_on=START
    )
    neighbour = System.objects.create(
        number="0042", name="許認可システム", owner=other, candidate_from=YEAR.start
    )
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
    conference = do_add_conference(Conference(name="全国見本会議", scope=Scope.NATIONAL), acting_user=machine)
    session = do_plan_session(
        ConferenceSession(conference=conference, season="春"),
        _session("全国見本会議 春", secretariat, GatheringKind.CONFERENCE),
        acting_user=machine,
    )
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
    world.objects |= {
        "system": system,
        "group": group,
        "force": force,
        "issue": issue,
        "own_meeting": own_meeting,
        "session": session,
        "own": own,
        "other": other,
        "meeting": meeting,
    }
    person = house.staff["1003"]
    world.kwargs |= {
        "unit_id": own.pk,
        "staff_id": person.pk,
        "post_id": person.posts.get().pk,
        "duty_id": house.units["010201"].duties.get().pk,
        "system_id": system.pk,
        "task_force_id": force.pk,
        "group_id": group.pk,
        "membership_id": member.pk,
        "issue_id": issue.pk,
        "roadmap_item_id": step.pk,
        "conference_id": conference.pk,
        "session_id": session.pk,
        "meeting_id": task_meeting.pk,
        "gathering_id": own_meeting.pk,
        "attendance_id": attendance.pk,
        "decision_id": decision.pk,
        "action_id": action.pk,
        "attachment_id": attachment.pk,
        "figure_key": "taskforce.systems",
        "form": "json",
        "section_slug": "1-1",
        "table_name": "systems",
        "kind": "open",
        "part": "errors",
    }
    _karte(world, system, neighbour)
    _questionnaire(world)
    _inquiry(world)
    _need(world)
    _plan(world)
    _sign_on(world)
    _import_run(world)
    _edition(world)
    _mail(world)
    world.kwargs["job_id"] = sample_jobs().pk


def _need(world: World) -> None:
    need = Need(fiscal_year=YEAR.year, unit=world.house.units["0101"], task="見本の業務", hours=120)
    world.kwargs["need_id"] = do_add_need(need, acting_user=world.house.machine).pk


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
        "karte_edition_id": second.pk,
    }


def _questionnaire(world: World) -> None:
    machine = world.house.machine
    version = published(machine, "ICT")
    draft = questionnaires.do_copy_version(version, YEAR.next.year, acting_user=machine)
    world.objects["version"] = version
    world.kwargs |= {
        "questionnaire_id": version.questionnaire_id,
        "version_id": draft.pk,
        "question_id": draft.questions.first().pk,
    }


def _inquiry(world: World) -> None:
    """An open campaign to all divisions; the sheet is that of 人事課 and has one row."""
    machine = world.house.machine
    campaign, sheet = opened(world, version=world.objects["version"])
    questions = {question.code: question.pk for question in world.objects["version"].questions.all()}
    (row,) = do_change_rows(
        sheet,
        world.objects["version"].questions.get(code="Q3"),
        RowChanges(added=[("", {"task": "旅費の精算", "hours": 240})]),
        acting_user=machine,
    )
    world.kwargs |= {
        "campaign_id": campaign.pk,
        "sheet_id": sheet.pk,
        "asked_id": questions["Q1"],
        "table_question_id": questions["Q3"],
        "file_question_id": questions["Q6"],
        "answer_row_id": row.pk,
        "hearing_rule_id": do_set_rule(campaign, "Q1＝はい", "困っている業務を聞く", acting_user=machine).pk,
        "substitute_id": _substitute(world).pk,
        "hearing_need_id": do_flag(sheet, "件数を確かめる", acting_user=machine).pk,
    }


def _substitute(world: World) -> Substitute:
    """Somebody who once stood in for the head of 人事課."""
    named = Substitute(
        unit=world.objects["own"],
        staff=world.house.staff["1003"],
        valid_from=DAY,
        valid_until=DAY,
        reason="出張",
    )
    return do_name_substitute(named, acting_user=world.house.machine)


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


def _plan(world: World) -> None:
    user = world.users[Role.SECRETARIAT]
    plan = do_plan_reorganisation("令和81年4月の組織改正", datetime.date(2099, 4, 1), acting_user=user)
    step = ReorganisationStep(
        plan=plan, kind=StepKind.RENAME, unit=world.house.units["020101"], name="環境衛生推進課"
    )
    do_add_step(step, acting_user=user)
    world.kwargs |= {"plan_id": plan.pk, "step_id": step.pk}


def _sign_on(world: World) -> None:
    """A session and a passkey of one person, which are nobody else's business; and no identity provider."""
    spare = User.objects.get(pk=world.kwargs["user_id"])
    session = begin_session(
        spare, "mihon", address="192.0.2.1", user_agent="Mozilla/5.0 (Windows) Firefox/140"
    )
    passkey = Authenticator.objects.create(
        user=spare, type=Authenticator.Type.WEBAUTHN, data={"name": "予備の鍵", "credential": {}}
    )
    world.kwargs |= {
        "open_session_id": session.pk,
        "passkey_id": passkey.pk,
        "provider_id": "kencho",
        "organization_slug": "kencho",
    }


def _import_run(world: World) -> None:
    text = "番号,名称,所管コード\r\n0099,見本システム,0101\r\n"
    upload = SimpleUploadedFile("システム.csv", text.encode("utf-8-sig"))
    run = do_preview(SYSTEM_TABLE, upload, acting_user=world.users[Role.SECRETARIAT])
    world.kwargs["run_id"] = run.pk


def _edition(world: World) -> None:
    """The year before is closed, so that an issued edition exists."""
    do_open_year(YEAR.previous, acting_user=world.house.machine)
    world.kwargs["edition_id"] = do_close_year(YEAR.previous, acting_user=world.users[Role.SECRETARIAT]).pk


def _mail(world: World) -> None:
    """A notice that became a mail and did not arrive."""
    head = world.users[Role.HEAD]
    notify([head], kind="notices.trouble", title="見本の知らせ", body="見本です。", url="/notices/")
    mail = Mail.objects.create(
        message_id="<mihon@example.jp>",
        person=head,
        address="1002@example.jp",
        kind="notices.trouble",
        subject="【天守】見本の知らせ",
        body="見本です。\n",
        state=MailState.BOUNCED,
        due_at=timezone.now(),
        answer="550 5.1.1 User unknown",
    )
    Bounce.objects.create(
        report_id="<report@example.jp>",
        mail=mail,
        address=mail.address,
        status="5.1.1",
        diagnosis="550 5.1.1 User unknown",
    )
    failing = FailingAddress.objects.create(address=mail.address, reason=mail.answer)
    world.kwargs |= {"mail_id": mail.pk, "failing_id": failing.pk}
    endpoint, _ = do_add_endpoint(
        Endpoint(name="庁内ポータル", url="https://example.jp/hook", events=["calendar.year.closed"]),
        acting_user=world.users[Role.SECRETARIAT],
    )
    delivery = do_test(endpoint, acting_user=world.users[Role.SECRETARIAT])
    world.kwargs |= {"endpoint_id": endpoint.pk, "delivery_id": delivery.pk}
