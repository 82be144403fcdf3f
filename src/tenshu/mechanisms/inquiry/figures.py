"""The figures of inquiries, from the sheets of the year's campaigns; withdrawn sheets are in none.

Handed in (提出) means: it has left the division. Where a head has to confirm that is the confirmation, else the submission;
of a sheet that came back the first time counts.
"""

from collections.abc import Callable
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from tenshu.engines.japanese import format_wareki
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.quantities import Quality
from tenshu.mechanisms.figures.measures import Outcome, count_distinct, share_percent
from tenshu.mechanisms.figures.registry import Figure, RowColumn
from tenshu.mechanisms.inquiry.board import RETURNS
from tenshu.mechanisms.inquiry.models import Campaign, Sheet, SheetState, SheetStep, StepKind
from tenshu.mechanisms.inquiry.queries import VISIBLE

HANDED_IN = frozenset({SheetState.COLLECTING, SheetState.ACCEPTED})
IN_TIME = Q(left_at__date__lte=F("due_on"))
"""Of ``sheets_of``: whether it left the division on the due date or before."""


def campaigns_of(year: FiscalYear) -> QuerySet[Campaign]:
    """The campaigns of the year that were opened."""
    return Campaign.objects.filter(fiscal_year=year.year, state__in=VISIBLE)


def sheets_of(year: FiscalYear) -> QuerySet[Sheet]:
    """The sheets of the year that somebody has to answer, with ``left_at``: when it first left the division."""
    left = SheetStep.objects.filter(sheet=OuterRef("pk")).filter(
        Q(kind=StepKind.CONFIRMED) | Q(kind=StepKind.SUBMITTED, sheet__campaign__needs_head=False)
    )
    return (
        Sheet.objects.filter(campaign__fiscal_year=year.year, campaign__state__in=VISIBLE)
        .exclude(state=SheetState.WITHDRAWN)
        .annotate(left_at=Subquery(left.order_by("at", "pk").values("at")[:1]))
    )


def handed_in(year: FiscalYear) -> QuerySet[Sheet]:
    """Those that stand at the secretariat or were accepted."""
    return sheets_of(year).filter(state__in=HANDED_IN)


def in_time(year: FiscalYear) -> QuerySet[Sheet]:
    """Those of them that left the division on the due date or before."""
    return handed_in(year).filter(IN_TIME)


def accepted(year: FiscalYear) -> QuerySet[Sheet]:
    """Those that were accepted."""
    return sheets_of(year).filter(state=SheetState.ACCEPTED)


def returned(year: FiscalYear) -> QuerySet[Sheet]:
    """Those that came back at least once, from the head or from the secretariat."""
    back = SheetStep.objects.filter(sheet=OuterRef("pk"), kind__in=RETURNS - {StepKind.REOPENED})
    return sheets_of(year).filter(Exists(back))


def median_days(rows: "QuerySet[Any]") -> Outcome:
    """The median of the days from the opening of the campaign to the acceptance of each sheet."""
    moments = rows.filter(accepted_at__isnull=False, campaign__opened_at__isnull=False).order_by()
    days = [
        (timezone.localdate(accepted_at) - timezone.localdate(opened_at)).days
        for opened_at, accepted_at in moments.values_list("campaign__opened_at", "accepted_at")
    ]
    value = Decimal(str(median(days))) if days else None
    return Outcome(value, Quality.EXACT, len(days))


def _day(moment: Any) -> str:
    return format_wareki(timezone.localdate(moment)) if moment else ""


_SHEET = (
    RowColumn("照会", lambda sheet: sheet.campaign.title, sort="campaign__title", search="campaign__title"),
    RowColumn("対象", lambda sheet: sheet.subject_name, sort="subject_name", search="subject_name"),
    RowColumn("回答所属", lambda sheet: sheet.respondent.name, sort="respondent__name", search="respondent__name"),
    RowColumn("状態", lambda sheet: sheet.get_state_display(), sort="state"),
    RowColumn("期限", lambda sheet: format_wareki(sheet.due_on), sort="due_on"),
    RowColumn("提出した日", lambda sheet: _day(sheet.left_at), sort="left_at"),
    RowColumn("受理した日", lambda sheet: _day(sheet.accepted_at), sort="accepted_at"),
)  # fmt: skip
"""The columns in which a sheet stands behind a figure."""


def _of_sheets(
    key: str,
    label: str,
    unit: str,
    row: str,
    definition: str,
    rows: Callable[[FiscalYear], "QuerySet[Sheet]"],
    **more: Any,
) -> Figure:
    return Figure(
        key=f"inquiry.{key}",
        label=label,
        unit=unit,
        row=row,
        definition=definition,
        rows=rows,
        columns=_SHEET,
        select=("campaign", "respondent"),
        link=lambda sheet: reverse("inquiry:sheet-detail", args=[sheet.pk]),
        **more,
    )


_LEFT = "提出した日は、はじめて所属を離れた日（所属長の確認を経る照会では、確認した日）とする。"

FIGURES = [
    Figure(
        key="inquiry.campaigns",
        label="照会",
        unit="件",
        row="年度の照会",
        definition="年度の照会のうち、開始したものの数。準備中のものは数えない。",
        rows=campaigns_of,
        columns=(
            RowColumn("照会", lambda campaign: campaign.title, sort="title", search="title"),
            RowColumn(
                "とりまとめ", lambda campaign: campaign.host.name, sort="host__name", search="host__name"
            ),
            RowColumn("状態", lambda campaign: campaign.get_state_display(), sort="state"),
            RowColumn("開始した日", lambda campaign: _day(campaign.opened_at), sort="opened_at"),
            RowColumn("期限", lambda campaign: format_wareki(campaign.due_on), sort="due_on"),
        ),
        select=("host",),
        link=lambda campaign: reverse("inquiry:campaign-detail", args=[campaign.pk]),
    ),
    _of_sheets(
        "sheets",
        "照会票",
        "件",
        "年度の照会票",
        "年度に開始した照会の照会票の数。対象外にしたものは数えない。",
        sheets_of,
    ),
    _of_sheets(
        "divisions",
        "照会した所属",
        "所属",
        "年度の照会票",
        "年度の照会で、回答を求めた所属の数。いくつ照会票があっても、一つの所属は一度だけ数える。",
        sheets_of,
        measure=count_distinct("respondent"),
    ),
    _of_sheets(
        "handed_in",
        "提出された照会票",
        "件",
        "提出済か受理済の照会票",
        "照会票のうち、提出済か受理済のものの数。差し戻して回答し直しているものは数えない。",
        handed_in,
    ),
    _of_sheets(
        "in_time",
        "期限内に提出された照会票",
        "件",
        "期限の日までに提出された照会票",
        f"提出済か受理済の照会票のうち、期限の日までに提出されたものの数。{_LEFT}",
        in_time,
    ),
    _of_sheets(
        "response_rate",
        "照会の回答率",
        "%",
        "年度の照会票",
        "照会票のうち、提出済か受理済のものの割合。",
        sheets_of,
        measure=share_percent(Q(state__in=HANDED_IN)),
    ),
    _of_sheets(
        "accepted", "受理した照会票", "件", "受理済の照会票", "照会票のうち、受理済のものの数。", accepted
    ),
    _of_sheets(
        "returned",
        "差し戻した照会票",
        "件",
        "差し戻したことのある照会票",
        "照会票のうち、所属長か事務局が一度でも差し戻したものの数。",
        returned,
    ),
    _of_sheets(
        "days_to_acceptance",
        "開始から受理までの日数",
        "日",
        "受理済の照会票",
        "受理した照会票の、照会を開始した日から受理した日までの日数の中央値。",
        accepted,
        measure=median_days,
    ),
]
