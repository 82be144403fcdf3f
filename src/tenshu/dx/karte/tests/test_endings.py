import datetime

import pytest
from django.utils import timezone

from tenshu.dx.karte import actions
from tenshu.dx.karte.endings import ends_of, step_of, tell_endings
from tenshu.dx.karte.tests.conftest import Case
from tenshu.ground.jobs.tasks import JobRun
from tenshu.ground.notices.models import Notice


@pytest.mark.parametrize(
    ("days", "step"),
    [(-1, None), (0, 31), (31, 31), (32, 183), (183, 183), (184, 365), (365, 365), (366, None)],
)
def test_an_end_is_told_of_a_year_half_a_year_and_a_month_ahead(days: int, step: int | None) -> None:
    assert step_of(days) == step


def test_contracts_notice_periods_and_support_end(case: Case) -> None:
    actions.do_change_thing(
        case.made["contract"], {"notice_on": datetime.date(2023, 12, 28)}, acting_user=case.user
    )
    found = sorted((str(ahead.on), ahead.what) for ahead in ends_of(datetime.date(2023, 6, 1)))
    assert [what for _, what in found] == [
        "契約「総務事務システム運用保守」の更新の申出期限",
        "契約「総務事務システム運用保守」",
        "データベース「見本データベース 12」のサポート",
        "サーバのOS「総務1号機 見本OS 8」のサポート",
    ]


def test_the_officer_of_the_owner_is_told_once_a_step(case: Case) -> None:
    soon = timezone.localdate() + datetime.timedelta(days=100)
    actions.do_change_thing(case.made["contract"], {"ends_on": soon}, acting_user=case.user)
    for _ in range(2):
        tell_endings.func(JobRun())
    notice = Notice.objects.get()
    assert notice.person == case.house.account("officer")
    assert notice.title.startswith("総務事務システム：契約「総務事務システム運用保守」が")
    assert notice.due == soon
    later = soon - datetime.timedelta(days=80)
    actions.do_change_thing(case.made["contract"], {"ends_on": later}, acting_user=case.user)
    tell_endings.func(JobRun())
    assert Notice.objects.count() == 2
