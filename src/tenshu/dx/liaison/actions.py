"""The writers of conferences with other bodies."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tenshu.dx.liaison.models import Conference, ConferenceSession
from tenshu.dx.liaison.queries import sessions_in
from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.gathering.actions import do_change_gathering, do_plan_gathering
from tenshu.mechanisms.gathering.models import Gathering


def do_add_conference(conference: Conference, *, acting_user: User) -> Conference:
    """Register a series of conferences."""
    return create(conference, "liaison.conference_added", acting_user=acting_user)


def do_change_conference(conference: Conference, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change a series."""
    return change(conference, values, "liaison.conference_changed", acting_user=acting_user)


@transaction.atomic
def do_plan_session(
    session: ConferenceSession, gathering: Gathering, *, acting_user: User
) -> ConferenceSession:
    """Enter one conference of a series. Raises ``ValidationError`` when the year has this one already."""
    _refuse_second(session, gathering.held_on)
    do_plan_gathering(gathering, acting_user=acting_user)
    session.gathering = gathering
    return create(session, "liaison.session_planned", acting_user=acting_user)


@transaction.atomic
def do_change_session(
    session: ConferenceSession, values: Mapping[str, Any], held: Mapping[str, Any], *, acting_user: User
) -> bool:
    """Change which conference it is (``values``) and what, when and where (``held``)."""
    wanted = ConferenceSession(pk=session.pk, **values)
    _refuse_second(wanted, held["held_on"])
    changed = change(session, values, "liaison.session_changed", acting_user=acting_user)
    return do_change_gathering(session.gathering, held, acting_user=acting_user) or changed


def do_report_back(session: ConferenceSession, report: str, *, acting_user: User) -> bool:
    """Write down what was brought home (復命)."""
    return change(session, {"report_back": report}, "liaison.reported_back", acting_user=acting_user)


def _refuse_second(session: ConferenceSession, held_on: datetime.date) -> None:
    year = FiscalYear.containing(held_on)
    same = sessions_in(year).filter(conference=session.conference, season=session.season)
    if same.exclude(pk=session.pk).exists():
        raise ValidationError(
            {"season": f"{session.conference}の{year.label}{session.season}は、もう登録されています。"}
        )
