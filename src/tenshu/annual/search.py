"""What of the yearly report can be found: the free texts of its sections."""

import functools

from django.db.models import QuerySet
from django.urls import reverse

from tenshu.annual.chapters import OUTLINE
from tenshu.annual.models import Passage
from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.search.sources import SearchSource, SearchText


@functools.cache
def _titles() -> dict[str, str]:
    return {section.number: section.title for part in OUTLINE for section in part.sections}


def _text(passage: Passage) -> SearchText:
    title = f"{passage.section} {_titles().get(passage.section, '')}"
    return SearchText(title.strip(), passage.text, on=FiscalYear(passage.year).end)


def _url(passage: Passage) -> str:
    slug = passage.section.replace("(", "-").rstrip(")")
    return f"{reverse('annual:report')}?nendo={FiscalYear(passage.year).short}#s{slug}"


def _all(user: User) -> QuerySet[Passage]:
    return Passage.objects.all()


SOURCES = [
    SearchSource(
        key="passage",
        label="年次報告の本文",
        model=Passage,
        rows=Passage.objects.all,
        text=_text,
        url=_url,
        under=lambda passage: f"{FiscalYear(passage.year).label} 年次報告",
        opens="annual:report",
        visible=_all,
        icon="book",
        order=70,
    )
]
