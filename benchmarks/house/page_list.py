"""The list and hub pages that are measured, with the rows of the home's own office in their addresses."""

from django.urls import reverse
from django.utils import timezone

from tenshu.dx.taskforce.models import Issue, WorkingGroup
from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.models import Staff, Unit
from tenshu.ground.systems.models import System
from tenshu.mechanisms.gathering.models import Gathering


def pages() -> dict[str, str]:
    """Address by label; the department is the biggest one, the closed year the one before the last."""
    today = timezone.localdate()
    standing = Unit.objects.as_of(today)
    department = standing.filter(kind="department").order_by("code")[0]
    division = standing.filter(parent=department).order_by("code")[0]
    group = WorkingGroup.objects.order_by("pk")[0]
    system = System.objects.filter(wg_targets__working_group=group).order_by("pk")[0]
    person = Staff.objects.order_by("pk")[Staff.objects.count() // 3]
    session = Gathering.objects.order_by("-held_on", "pk")[10]
    year = FiscalYear.containing(today)
    systems, staff, audit = (
        reverse("systems:system-list"),
        reverse("office:staff-list"),
        reverse("audit:row-list"),
    )
    return {
        "home": reverse("home:tasks"),
        "home: changes": reverse("home:changes"),
        "systems": systems,
        "systems: search": f"{systems}?q=許認可",
        "systems: sorted by name": f"{systems}?sort=-name",
        "systems: all, last page": f"{systems}?view=all&page=9999",
        "systems: a department's": f"{systems}?department={department.code}",
        "system hub": reverse("systems:system-detail", args=[system.pk]),
        "office tree": reverse("office:unit-tree"),
        "office tree: all opened": f"{reverse('office:unit-tree')}?open=all",
        "office tree: as of another day": f"{reverse('office:unit-tree')}?day={year.previous.previous.start}",
        "unit: huge department": reverse("office:unit-detail", args=[department.pk]),
        "unit: division": reverse("office:unit-detail", args=[division.pk]),
        "staff": staff,
        "staff: search by kana": f"{staff}?q=みほん",
        "staff: search by number": f"{staff}?q={person.number}",
        "staff: sorted by name, page 20": f"{staff}?sort=name&page=20",
        "staff: a department's": f"{staff}?department={department.code}",
        "staff: left": f"{staff}?view=left",
        "staff: without a post": f"{staff}?view=none",
        "person": reverse("office:staff-detail", args=[person.pk]),
        "figures": reverse("figures:figure-list"),
        "figures of a closed year": f"{reverse('figures:figure-list')}?nendo={year.previous.short}",
        "figure": f"{reverse('figures:figure-detail', args=['taskforce.systems'])}?nendo={year.short}",
        "annual report": f"{reverse('annual:report')}?nendo={year.short}",
        "annual report of a closed year": f"{reverse('annual:report')}?nendo={year.previous.short}",
        "annual: gaps": f"{reverse('annual:gap-list')}?nendo={year.short}",
        "annual: years side by side": reverse("annual:year-compare"),
        "sessions": reverse("gathering:gathering-list"),
        "sessions: search": f"{reverse('gathering:gathering-list')}?q=第1",
        "session": reverse("gathering:gathering-detail", args=[session.pk]),
        "task forces": reverse("taskforce:overview"),
        "task forces: group": reverse("taskforce:group-detail", args=[group.pk]),
        "task forces: issues": reverse("taskforce:issue-list"),
        "task forces: issue": reverse("taskforce:issue-detail", args=[Issue.objects.order_by("pk")[0].pk]),
        "task forces: meetings": reverse("taskforce:meeting-list"),
        "task forces: roadmap": reverse("taskforce:roadmap"),
        "liaison": reverse("liaison:overview"),
        "liaison: conferences": reverse("liaison:conference-list"),
        "record": audit,
        "record: search": f"{audit}?q=見本",
        "record: search for a rare word": f"{audit}?q=決して出ない語",
        "record: one month": f"{audit}?since={year.previous.start}&until={year.previous.start.replace(day=30)}",
        "record: last page": f"{audit}?page=99999",
        "record: row": reverse("audit:row-detail", args=[AuditRow.objects.order_by("-pk")[3].pk]),
        "accounts": reverse("access:user-list"),
        "accounts: search": f"{reverse('access:user-list')}?q=見本",
        "account": reverse("access:user-detail", args=[User.objects.order_by("-pk")[0].pk]),
        "imports": reverse("exchange:run-list"),
    }
