"""Closing a year, correcting its report, and figures that move afterwards are told to those responsible."""

import pytest
from tests.world import YEAR

from tenshu.annual.actions import do_close_year, do_reissue, do_write_passage
from tenshu.annual.watching import tell_of_differences
from tenshu.ground.access.roles import Role
from tenshu.ground.jobs.tasks import JobRun
from tenshu.ground.notices.models import MailFate, Notice
from tenshu.ground.systems.models import System


@pytest.fixture
def closed(world):
    """The year, closed by the secretary; the head wrote a text of its report."""
    do_write_passage(YEAR, "1(1)", "背景", acting_user=world.users[Role.HEAD])
    Notice.objects.all().delete()
    return do_close_year(YEAR, acting_user=world.users[Role.SECRETARIAT])


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("person__login_name", flat=True))


def names(world, *roles):
    return {world.users[role].login_name for role in roles}


def test_closing_tells_the_top_and_the_writers_but_not_whoever_did_it(closed, world):
    people = told("annual.closed")
    assert people >= names(world, Role.EXECUTIVE, Role.HEAD)
    assert not people & names(world, Role.SECRETARIAT, Role.OFFICER, Role.STAFF)
    notice = Notice.objects.filter(kind="annual.closed").first()
    assert notice.title == "令和5年度を締めました"
    assert f"editions/{closed.pk}/" in notice.url


def test_a_correction_is_told_with_its_reason(closed, world):
    do_reissue(YEAR, "二重に登録していたため", acting_user=world.users[Role.SECURITY])
    notice = Notice.objects.filter(kind="annual.corrected", person=world.users[Role.SECRETARIAT]).get()
    assert "第2版" in notice.title
    assert "二重に登録していたため" in notice.body


def test_figures_that_moved_are_told_once_and_settled_by_a_correction(closed, world):
    tell_of_differences.func(JobRun())
    assert told("annual.differs") == set()
    System.objects.filter(number="0007").update(candidate_from=None)
    for _ in range(2):
        tell_of_differences.func(JobRun())
    rows = Notice.objects.filter(kind="annual.differs")
    assert rows.count() == len(set(rows.values_list("person"))) > 0
    assert "→" in rows[0].body
    do_reissue(YEAR, "対象を外した", acting_user=world.users[Role.SECRETARIAT])
    assert set(rows.values_list("fate", flat=True)) <= {MailFate.SETTLED, MailFate.IN_APP}
    tell_of_differences.func(JobRun())
    assert rows.count() == len(set(rows.values_list("person")))
