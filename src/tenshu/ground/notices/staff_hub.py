"""What hangs on the page of a person: that mail does not arrive, for those who may see the address."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.hub import HubSection
from tenshu.ground.notices.models import FailingAddress
from tenshu.ground.office.gates import staff_with_details
from tenshu.ground.office.models import Staff
from tenshu.ground.ui.dates import day_text
from tenshu.ground.ui.parts import Attached


def sections(staff: Staff, user: User, year: FiscalYear) -> Iterator[HubSection]:
    """The address to which nothing is sent, and since when; no section while mail arrives."""
    if not staff.mail or not staff_with_details(user, [staff.pk]):
        return
    failing = FailingAddress.objects.filter(address=staff.mail).first()
    if failing is None:
        return
    since = day_text(timezone.localdate(failing.since), "plain")
    told = f"{failing.address}に、{since}からメールが届きません。"
    if not holds_any(user, EDITORS):
        yield HubSection(
            title="メールの不達", empty=f"{told}アドレスの訂正を事務局に頼んでください。", order=10
        )
        return
    yield HubSection(
        title="メールの不達",
        note="アドレスを直すと、すぐにまた送ります",
        rows=[Attached(f"{failing.address}に届きません", reverse("notices:bounces"), f"{since}から")],
        url=reverse("office:staff-correct", args=[staff.pk]),
        url_label="アドレスを直す",
        order=10,
    )
