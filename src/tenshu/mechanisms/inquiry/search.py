"""What of the inquiries can be found: the campaigns, with their letter, for those whom they ask and for readers."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import READERS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.search.sources import SearchSource, SearchText
from tenshu.mechanisms.inquiry.models import Campaign
from tenshu.mechanisms.inquiry.queries import campaigns_for

ASKED = "inquiry"
"""A campaign asks thousands of units and people, and hands sheets on: the mark is wide, the gate decides each hit."""


def _rows() -> QuerySet[Campaign]:
    return Campaign.objects.select_related("host")


def _text(campaign: Campaign) -> SearchText:
    return SearchText(campaign.title, campaign.letter, on=FiscalYear(campaign.fiscal_year).start)


def _under(campaign: Campaign) -> str:
    return f"{FiscalYear(campaign.fiscal_year)}　{campaign.host.name}　{campaign.get_state_display()}"


def _marks_of(user: User) -> Iterable[str] | None:
    return None if holds_any(user, READERS) else (ASKED,)


SOURCES = [
    SearchSource(
        key="inquiry",
        label="照会",
        model=Campaign,
        rows=_rows,
        text=_text,
        url=lambda campaign: reverse("inquiry:campaign-detail", args=[campaign.pk]),
        under=_under,
        opens="inquiry:campaign-detail",
        visible=campaigns_for,
        marks=lambda campaign: (ASKED,),
        marks_of=_marks_of,
        order=30,
    )
]
