"""The yearly refresh (時点修正): an inquiry whose sheet is the karte itself; accepting it writes the edition of the year."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from tenshu.dx.karte.actions import do_begin_kartes, do_freeze_edition
from tenshu.dx.karte.completeness import MISSING, judge, rules_of, standings
from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System
from tenshu.mechanisms.inquiry.contents import Gap
from tenshu.mechanisms.inquiry.models import Campaign, Sheet, StepKind


class KarteContent:
    """The karte of a system. What is asked are the rules of completeness of the campaign's year."""

    key = "karte"
    label = "システムカルテ"

    def faults(self, campaign: Campaign) -> Sequence[str]:
        """The subjects have to be systems, and there have to be rules that say what is asked."""
        faults = []
        if campaign.subject_kind != "system":
            faults.append("システムカルテの照会の対象は、システムにしてください。")
        if not rules_of(FiscalYear(campaign.fiscal_year)):
            faults.append("この年度の充足度の規則がありません。カルテの「区分・規則」で登録してください。")
        return faults

    def opened(self, campaign: Campaign, sheets: Sequence[Sheet], *, acting_user: User) -> None:
        """Begin the kartes that are not there yet."""
        systems = list(System.objects.filter(pk__in=[sheet.subject for sheet in sheets]))
        do_begin_kartes(systems, acting_user=acting_user)

    def gaps(self, sheet: Sheet) -> Iterable[Gap]:
        """Required items that are neither filled nor said not to apply."""
        for one in judge(sheet.subject, FiscalYear(sheet.campaign.fiscal_year)):
            if one.level == 1 and one.state == MISSING:
                yield Gap(f"{one.label}：まだ書いていません。", one.item)

    def accepted(self, sheet: Sheet, *, acting_user: User) -> None:
        """Freeze the edition of the campaign's year, with who confirmed the sheet."""
        system = System.objects.get(pk=sheet.subject)
        year = FiscalYear(sheet.campaign.fiscal_year)
        do_freeze_edition(system, year, confirmed_by=_confirmed_by(sheet), acting_user=acting_user)

    def reopened(self, sheet: Sheet, *, acting_user: User) -> None:
        """Editions never change: the one that was written stays, the next acceptance writes a further one."""

    def page(self, sheet: Sheet) -> str:
        """The page that says what is missing and leads to the forms."""
        return reverse("karte:completeness-detail", args=[sheet.subject])

    def workbook(self, sheet: Sheet) -> str:
        """The kartes' own table, which a division brings in for its systems."""
        return reverse("exchange:table-import", args=["kartes"])

    def progress(self, sheets: Sequence[Sheet]) -> dict[int, tuple[int, int]]:
        """Items that are settled, of all that the rules ask."""
        found: dict[int, tuple[int, int]] = {}
        for year in {sheet.campaign.fiscal_year for sheet in sheets}:
            of_year = [sheet for sheet in sheets if sheet.campaign.fiscal_year == year]
            rules = rules_of(FiscalYear(year))
            standing = standings({sheet.subject for sheet in of_year}, FiscalYear(year))
            for sheet in of_year:
                states = [standing[sheet.subject].state(rule) for rule in rules]
                found[sheet.pk] = (len(states) - states.count(MISSING), len(states))
        return found


def _confirmed_by(sheet: Sheet) -> str:
    """Who confirmed: the head (or substitute), else whoever handed the sheet in."""
    for kind in (StepKind.CONFIRMED, StepKind.SUBMITTED):
        step = sheet.steps.filter(kind=kind).select_related("by").order_by("-at", "-pk").first()
        if step is not None:
            return f"{step.by.display_name}（{step.get_kind_display()}）"
    return ""


CONTENTS = [KarteContent()]
