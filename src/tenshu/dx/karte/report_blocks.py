"""What the kartes tell in the yearly report."""

from django.db.models import Count, Sum

from tenshu.dx.karte.figures import budget_lines, previous_editions, settled_lines
from tenshu.dx.karte.models.choices import CostSection
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.amounts import number_text, thousand_yen
from tenshu.mechanisms.reporting.content import Block, ReportTable


def _edition(year: FiscalYear) -> list[Block]:
    """The edition that was brought up to date, the settlement and the budget that were confirmed."""
    rows = []
    editions = previous_editions(year).count()
    if editions:
        rows.append([f"{year.previous}版の時点修正", number_text(editions), "", "", ""])
    for name, lines in (
        (f"{year.previous}決算の確認", settled_lines(year)),
        (f"{year}予算の確認", budget_lines(year)),
    ):
        found = lines.order_by().aggregate(systems=Count("system", distinct=True), sum=Sum("amount"))
        if not found["systems"]:
            continue
        parts = dict(lines.order_by().values_list("item__section").annotate(s=Sum("amount")))
        amounts = [parts.get(section) for section in (CostSection.OPERATION, CostSection.DEVELOPMENT)]
        rows.append(
            [
                name,
                number_text(found["systems"]),
                *("" if amount is None else number_text(thousand_yen(amount)) for amount in amounts),
                number_text(thousand_yen(found["sum"])),
            ]
        )
    headers = ["確認したもの", "システム", "運用等経費（千円）", "整備経費（千円）", "合計（千円）"]
    caption = "カルテの時点修正と、決算・予算の確認"
    return [ReportTable(caption, headers, rows, numeric=[1, 2, 3, 4])] if rows else []


BLOCKS = {"karte.edition": _edition}
