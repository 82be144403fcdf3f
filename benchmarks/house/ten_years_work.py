"""Systems with their owners, task forces, sessions with attendance, conferences."""

import datetime
import itertools
import random

from django.db.models import Model
from ten_years_people import People
from ten_years_units import Offices

from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.dx.taskforce.models import (
    Issue,
    IssueState,
    Meeting,
    Membership,
    RoadmapItem,
    Secretariat,
    TargetSystem,
    TaskForce,
    WorkingGroup,
)
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.models import Unit
from tenshu.ground.quantities import Quality
from tenshu.ground.systems.models import Ownership, System
from tenshu.mechanisms.gathering.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    AttendanceState,
    Decision,
    Gathering,
    GatheringKind,
    GatheringState,
)

SYSTEMS, SESSIONS_A_YEAR, GROUPS = 2_000, 2_000, 8
TASKS = [
    "申請",
    "許認可",
    "台帳",
    "予約",
    "会計",
    "人事",
    "文書",
    "統計",
    "調査",
    "施設",
    "契約",
    "給付",
    "相談",
    "検査",
    "地図",
    "防災",
]


def build_work(offices: Offices, people: People, years: list[FiscalYear], share: float, seed: int) -> None:
    """All of it, with its own dice."""
    dice = random.Random(seed + 1)
    systems = _systems(offices, years, round(SYSTEMS * share), dice)
    _sessions(offices, people, years, round(SESSIONS_A_YEAR * share), dice)
    _task_forces(offices, systems, years, share, dice)
    _conferences(offices, years)


def _systems(offices: Offices, years: list[FiscalYear], count: int, dice: random.Random) -> list[System]:
    systems, ownerships = [], []
    for number in range(count):
        line = dice.choice(offices.divisions)
        task = dice.choice(TASKS)
        system = System(
            number=f"{number + 1:04}",
            name=f"{line[-1].name[:2]}{task}システム{number + 1}",
            kana=f"みほんしすてむ{number + 1}",
            owner=line[-1],
            purpose=f"{task}の事務を行う。",
            started_on=dice.choice(years).start,
            ended_on=years[8].end if number % 20 == 0 else None,
            candidate_from=years[2].start if number % 3 else None,
        )
        if system.ended_on and system.candidate_from:
            system.candidate_until = system.ended_on
        if system.ended_on and system.started_on and system.started_on > system.ended_on:
            system.started_on = years[0].start
        systems.append(system)
        ownerships += [
            Ownership(system=system, unit=unit, valid_from=unit.valid_from, valid_until=unit.valid_until)
            for unit in line
        ]
    System.objects.bulk_create(systems, batch_size=1000)
    Ownership.objects.bulk_create(ownerships, batch_size=1000)
    return systems


def _session(
    title: str, host: Unit, day: datetime.date, dice: random.Random, kind: GatheringKind
) -> Gathering:
    return Gathering(
        kind=kind,
        title=title,
        host=host,
        held_on=day,
        state=GatheringState.HELD if day < datetime.date.today() else GatheringState.PLANNED,
        outline="進み具合を確かめ、次の手順を決めた。",
        minutes="一、前回の宿題を確かめた。\n二、日程を決めた。" * 5,
        attendance_count=dice.randint(4, 60),
        attendance_quality=dice.choice(list(Quality)),
    )


def _sessions(
    offices: Offices, people: People, years: list[FiscalYear], a_year: int, dice: random.Random
) -> None:
    sessions: list[Model] = []
    agenda: list[Model] = []
    attendances: list[Model] = []
    decisions: list[Model] = []
    items: list[Model] = []
    for year, number in itertools.product(years, range(a_year)):
        day = year.start + datetime.timedelta(days=dice.randrange(365))
        host = offices.on(dice.choice(offices.divisions), day)
        kind = GatheringKind.TRAINING if number % 5 == 0 else GatheringKind.MEETING
        session = _session(f"{host.name} 第{number + 1}回打合せ", host, day, dice, kind)
        sessions.append(session)
        agenda.append(AgendaItem(gathering=session, order=1, title="進み具合"))
        attendances += [
            Attendance(gathering=session, staff=person, state=AttendanceState.ATTENDED)
            for person in dice.sample(people.staff, 5)
        ]
        decisions.append(Decision(gathering=session, text="次回までに案を作る"))
        done = None if year is years[-1] and number % 40 == 0 else day
        items.append(ActionItem(gathering=session, text="案を作る", owner_unit=host, due=day, done_on=done))
    for rows in (sessions, agenda, attendances, decisions, items):
        type(rows[0])._default_manager.bulk_create(rows, batch_size=1000)


def _task_forces(
    offices: Offices, systems: list[System], years: list[FiscalYear], share: float, dice: random.Random
) -> None:
    force = TaskForce.objects.create(name="見本タスクフォース", valid_from=years[0].start)
    assert offices.secretariat is not None
    Secretariat.objects.create(task_force=force, unit=offices.secretariat)
    groups = [
        WorkingGroup(
            task_force=force, name=f"{TASKS[n]}", order=n, valid_from=years[0].start, migration_year=2030
        )
        for n in range(max(2, round(GROUPS * share)))
    ]
    WorkingGroup.objects.bulk_create(groups)
    rows: list[Model] = []
    spare = iter(dice.sample(systems, min(len(systems), 40 * len(groups))))
    for group in groups:
        lines = dice.sample(offices.divisions, min(10, len(offices.divisions)))
        rows += [
            Membership(working_group=group, unit=line[-1], valid_from=line[-1].valid_from) for line in lines
        ]
        rows += [TargetSystem(working_group=group, system=s) for s in itertools.islice(spare, 40)]
        rows += [
            _issue(group, lines[n % len(lines)][-1], systems, years, n, dice)
            for n in range(max(4, round(100 * share)))
        ]
        rows += [_step(group, years, n) for n in range(round(20 * share) + 1)]
    models: tuple[type[Model], ...] = (Membership, TargetSystem, Issue, RoadmapItem)
    for model in models:
        model._default_manager.bulk_create([row for row in rows if isinstance(row, model)], batch_size=1000)
    _meetings(force, [None, *groups], offices, years, dice)


def _issue(
    group: WorkingGroup,
    unit: Unit,
    systems: list[System],
    years: list[FiscalYear],
    n: int,
    dice: random.Random,
) -> Issue:
    opened = years[n % len(years)].start
    done = n % 4 != 0
    return Issue(
        working_group=group,
        system=dice.choice(systems),
        title=f"認証と帳票の違い {n + 1}",
        owner_unit=unit,
        opened_on=opened,
        due=opened + datetime.timedelta(days=300),
        state=IssueState.DONE if done else IssueState.OPEN,
        done_on=opened + datetime.timedelta(days=200) if done else None,
    )


def _step(group: WorkingGroup, years: list[FiscalYear], n: int) -> RoadmapItem:
    year = years[n % len(years)]
    return RoadmapItem(
        working_group=group, title=f"工程 {n + 1}", starts_on=year.start, ends_on=year.end, done=n % 2 == 0
    )


def _meetings(
    force: TaskForce,
    groups: list[WorkingGroup | None],
    offices: Offices,
    years: list[FiscalYear],
    dice: random.Random,
) -> None:
    pairs = []
    for year, group, number in itertools.product(years, groups, range(6)):
        day = year.start + datetime.timedelta(days=30 + 50 * number)
        host = offices.on(offices.divisions[1], day)
        session = _session(f"{group or force} 第{number + 1}回", host, day, dice, GatheringKind.MEETING)
        pairs.append(
            (session, Meeting(task_force=force, working_group=group, number=number + 1, gathering=session))
        )
    Gathering.objects.bulk_create([session for session, _ in pairs], batch_size=1000)
    Meeting.objects.bulk_create([meeting for _, meeting in pairs], batch_size=1000)


def _conferences(offices: Offices, years: list[FiscalYear]) -> None:
    dice, pairs = random.Random(3), []
    series = [Conference(name=f"全国見本会議{n + 1}", scope=Scope.NATIONAL) for n in range(10)]
    Conference.objects.bulk_create(series)
    for year, conference, season in itertools.product(years, series, ("春", "秋")):
        day = year.start + datetime.timedelta(days=40 if season == "春" else 200)
        host = offices.on(offices.divisions[1], day)
        session = _session(f"{conference} {season}", host, day, dice, GatheringKind.CONFERENCE)
        pairs.append((session, ConferenceSession(conference=conference, gathering=session, season=season)))
    Gathering.objects.bulk_create([session for session, _ in pairs], batch_size=1000)
    ConferenceSession.objects.bulk_create([held for _, held in pairs], batch_size=1000)
