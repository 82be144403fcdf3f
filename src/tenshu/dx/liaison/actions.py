"""The writers of conferences with other bodies."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tenshu.dx.liaison.models import Conference, ConferenceSession
from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create
from tenshu.mechanisms.gathering.actions import do_plan_gathering
from tenshu.mechanisms.gathering.models import Gathering


def do_add_conference(conference: Conference, *, acting_user: User) -> Conference:
    """Register a series of conferences."""
    return create(conference, "liaison.conference_added", acting_user=acting_user)


def do_change_conference(conference: Conference, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change a series."""
    return change(conference, values, "liaison.conference_changed", acting_user=acting_user)


@transaction.atomic
def do_plan_session(session: ConferenceSession, gathering: Gathering, *, acting_user: User) -> ConferenceSession:
    """Enter one conference of a series."""
    do_plan_gathering(gathering, acting_user=acting_user)
    session.gathering = gathering
    return create(session, "liaison.session_planned", acting_user=acting_user)


def do_change_session(session: ConferenceSession, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change a conference, above all its report back."""
    return change(session, values, "liaison.session_changed", acting_user=acting_user)
