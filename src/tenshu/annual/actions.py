"""The writers of the yearly report: free texts, closing of a year, re-issue."""

import hashlib
import json
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.annual.chapters import OUTLINE
from tenshu.annual.models import Edition, Passage
from tenshu.annual.queries import draft, newest_edition
from tenshu.annual.telling import tell_issued
from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import record
from tenshu.ground.audit.writing import change, create
from tenshu.ground.calendar.actions import do_close_year as do_mark_year_closed
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.models import OpenedYear, YearState
from tenshu.mechanisms.figures.actions import do_freeze_figures


@transaction.atomic
def do_write_passage(year: FiscalYear, section: str, text: str, *, acting_user: User) -> Passage:
    """Keep the free text of a section. Raises ``ValidationError`` for an unknown section or a closed year."""
    if section not in {item.number for part in OUTLINE for item in part.sections}:
        raise ValidationError(f"「{section}」という節はありません。")
    if OpenedYear.objects.filter(year=year.year, state=YearState.CLOSED).exists():
        raise ValidationError(f"{year.label}は締め済です。直すときは「訂正として発行する」を使ってください。")
    passage = Passage.objects.select_for_update().filter(year=year.year, section=section).first()
    if passage is None:
        passage = Passage(year=year.year, section=section, text=text, updated_by=acting_user)
        return create(passage, "annual.passage_written", acting_user=acting_user)
    if passage.text != text:
        change(
            passage,
            {"text": text, "updated_by": acting_user, "updated_at": timezone.now()},
            "annual.passage_written",
            acting_user=acting_user,
        )
    return passage


@transaction.atomic
def do_close_year(year: FiscalYear, *, acting_user: User) -> Edition:
    """Close the year: freeze every figure with its row keys and issue the first edition of the report."""
    opened = OpenedYear.objects.select_for_update().filter(year=year.year).first()
    if opened is None:
        raise ValidationError(f"{year.label}は開かれていません。先に年度を開いてください。")
    if opened.is_closed:
        raise ValidationError(
            f"{year.label}は既に締めてあります。直すときは「訂正として発行する」を使ってください。"
        )
    edition = _issue(year, "", acting_user)
    do_mark_year_closed(opened, acting_user=acting_user)
    return edition


@transaction.atomic
def do_reissue(year: FiscalYear, reason: str, *, acting_user: User) -> Edition:
    """Issue a corrected edition of a closed year from the records as they are now. A reason is demanded."""
    if not reason.strip():
        raise ValidationError("訂正の理由を入れてください。")
    opened = OpenedYear.objects.select_for_update().filter(year=year.year, state=YearState.CLOSED).first()
    if opened is None:
        raise ValidationError(
            f"{year.label}は締めていないので、訂正はいりません。記録を直すと報告も変わります。"
        )
    return _issue(year, reason.strip(), acting_user)


def _issue(year: FiscalYear, reason: str, acting_user: User) -> Edition:
    last = newest_edition(year)
    number = last.number + 1 if last else 1
    document = replace(draft(year), state=f"第{number}版").as_json()
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True)
    edition = Edition.objects.create(
        year=year.year,
        number=number,
        document=document,
        document_hash=hashlib.sha256(canonical.encode()).hexdigest(),
        reason=reason,
        issued_at=timezone.now(),
        issued_by=acting_user,
    )
    do_freeze_figures(year, number, acting_user=acting_user, reason=reason)
    record(
        "annual.issued",
        edition,
        after={"number": number, "document_hash": edition.document_hash},
        reason=reason,
        acting_user=acting_user,
    )
    tell_issued(edition, acting_user=acting_user)
    return edition
