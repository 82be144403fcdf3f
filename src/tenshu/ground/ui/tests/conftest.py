"""The gallery under real URLs, and a person who may see it."""

import datetime
from pathlib import Path

import pytest

from tenshu.ground.access.models import RoleGrant, User
from tenshu.ground.access.table import Rule, permission_table
from tenshu.ground.calendar.models import OpenedYear
from tenshu.ground.office.models import OfficeProfile, Post, Staff, Unit, UnitDuty

LONG_AGO = datetime.date(2019, 4, 1)


@pytest.fixture
def gallery(settings):
    """The gallery's URLs, open to everybody while the test runs (they are no URLs of the product)."""
    settings.ROOT_URLCONF = "tenshu.ground.ui.tests.gallery"
    folder = str(Path(__file__).parent / "templates")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder]}]
    table = permission_table()
    names = ["gallery-gallery", "gallery-chart_page", "gallery-confirm", "gallery-sign_in", "gallery-broken"]
    table.update({name: Rule(name, public=True) for name in names})
    yield settings
    for name in names:
        del table[name]


@pytest.fixture
def person(db):
    """見本 花子 of the secretariat, with an office of 3 departments and 45 divisions."""
    OfficeProfile.objects.create(name="見本県")
    OpenedYear.objects.create(year=2022, state="closed", closed_at="2023-04-12T08:00:00Z")
    OpenedYear.objects.create(year=2023)
    departments = [
        Unit.objects.create(
            code=f"{n}00", kind="department", name=name, kana=kana, valid_from=LONG_AGO, sort_order=n
        )
        for n, (name, kana) in enumerate(
            [("総務部", "そうむぶ"), ("福祉部", "ふくしぶ"), ("財務部", "ざいむぶ")], start=1
        )
    ]
    for n in range(45):
        Unit.objects.create(
            code=f"{n + 1000}",
            kind="division",
            name=f"見本{n + 1}課",
            kana=f"みほん{n + 1:02d}か",
            parent=departments[n % 3],
            valid_from=LONG_AGO,
            sort_order=n * 1000 * 7,
        )
    unit = Unit.objects.create(
        code="9", kind="division", name="行政DX推進課", valid_from=LONG_AGO, parent=departments[0]
    )
    UnitDuty.objects.create(unit=unit, kind="secretariat", valid_from=LONG_AGO)
    staff = Staff.objects.create(number="1", name="見本 花子", kana="みほん はなこ")
    Post.objects.create(staff=staff, unit=unit, title="主査", valid_from=LONG_AGO)
    user = User.objects.create(login_name="hanako", display_name="見本 花子", staff=staff)
    user.set_password("mihon-no-aikotoba")
    user.save()
    RoleGrant.objects.create(user=user, role="security", valid_from=LONG_AGO)
    return user
