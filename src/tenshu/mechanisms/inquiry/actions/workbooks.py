"""Taking a sheet's workbook back: looked through and kept first, then taken as a whole or not at all."""

import io
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create
from tenshu.ground.exchange.reading import LARGEST, Book, read_book
from tenshu.ground.files import store
from tenshu.ground.files.actions import clean_name, do_store
from tenshu.ground.files.inspection import extension_of, inspect_file
from tenshu.ground.files.refusals import FileRefused
from tenshu.mechanisms.inquiry.actions.answers import (
    RowChanges,
    do_change_rows,
    do_save_answers,
    lock_for_answer,
)
from tenshu.mechanisms.inquiry.board import holder_text
from tenshu.mechanisms.inquiry.models import (
    LineKind,
    Sheet,
    SheetStep,
    SheetUpload,
    StepKind,
    UploadLine,
    UploadState,
)
from tenshu.mechanisms.inquiry.queries import may_answer
from tenshu.mechanisms.inquiry.workbook_plan import Plan, PlannedTable
from tenshu.mechanisms.inquiry.workbook_planning import make_plan
from tenshu.mechanisms.questionnaire.models import Question

if TYPE_CHECKING:
    from django.core.files.base import File


class WorkbookOutdated(ValidationError):  # noqa: N818 - reads as what happened
    """Answers changed since the workbook was looked through; it has to be looked at again."""

    def __init__(self) -> None:
        super().__init__(
            "確かめた後に、この照会票の回答が変わりました。もう一度確かめてください。まだ何も取り込んでいません。"
        )


def do_check_workbook(sheet: Sheet, upload: "File[bytes]", *, acting_user: User) -> SheetUpload:
    """Keep the file and what taking it would do; an earlier file of the same person that waits is replaced.

    Raises:
        FileRefused: the file is no workbook of this sheet.
        ValidationError: the sheet cannot be answered now.
    """
    name = clean_name(upload.name or "")
    if extension_of(name) != "xlsx":
        raise FileRefused("この照会票から取り出したExcelブック（.xlsx）を選んでください。")
    stream = io.BytesIO(upload.read())
    with transaction.atomic():
        _lock(sheet, acting_user)
    book = read_book(stream.getvalue(), name)
    inspected = inspect_file(stream, name, largest=LARGEST)
    plan = make_plan(book, sheet)
    with transaction.atomic():
        for earlier in SheetUpload.objects.filter(
            sheet=sheet, created_by=acting_user, state=UploadState.CHECKED
        ):
            earlier.lines.all().delete()
            change(
                earlier,
                {"state": UploadState.REPLACED},
                "inquiry.workbook_replaced",
                acting_user=acting_user,
            )
        kept = SheetUpload(
            sheet=sheet,
            stored=do_store(stream, inspected),
            name=name,
            digest=plan.digest(),
            counts=plan.counts(),
            notes=plan.notes,
            created_by=acting_user,
        )
        create(kept, "inquiry.workbook_checked", acting_user=acting_user)
        _write_lines(kept, plan)
    return kept


@transaction.atomic
def do_check_again(upload: SheetUpload, *, acting_user: User) -> SheetUpload:
    """Look through the kept file again, on the answers as they stand now."""
    upload = (
        SheetUpload.objects.select_for_update(of=("self",))
        .select_related("sheet__campaign")
        .get(pk=upload.pk)
    )
    if upload.state != UploadState.CHECKED:
        raise ValidationError(_NOT_OPEN)
    plan = make_plan(book_of(upload), upload.sheet)
    values = {"digest": plan.digest(), "counts": plan.counts(), "notes": plan.notes}
    change(upload, values, "inquiry.workbook_checked", acting_user=acting_user)
    upload.lines.all().delete()
    _write_lines(upload, plan)
    return upload


@transaction.atomic
def do_take_workbook(upload: SheetUpload, chosen: Collection[str] = (), *, acting_user: User) -> SheetUpload:
    """Save everything that the page showed. ``chosen``: keys of the conflicts that take the workbook's answer.

    Raises:
        WorkbookOutdated: taking it now would do something else than the page showed.
        ValidationError: errors are left, or the sheet cannot be answered now by this person.
    """
    upload = SheetUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != UploadState.CHECKED:
        raise ValidationError(_NOT_OPEN)
    sheet = _lock(upload.sheet, acting_user)
    plan = make_plan(book_of(upload), sheet)
    if plan.digest() != upload.digest:
        raise WorkbookOutdated
    if plan.errors:
        raise ValidationError(
            f"誤りが{len(plan.errors):,}か所あります。Excelを直して選び直してください。まだ何も取り込んでいません。"
        )
    answers = {question: planned.taken(chosen) for question, planned in plan.answers.items()}
    done = do_save_answers(sheet, answers, acting_user=acting_user)
    for question, table in plan.tables.items():
        done += _change_rows(sheet, question, table, chosen, acting_user)
    step = SheetStep(
        sheet=sheet, kind=StepKind.IMPORTED, at=timezone.now(), by=acting_user, comment=upload.name
    )
    create(step, "inquiry.step_added", acting_user=acting_user)
    taken = {"state": UploadState.TAKEN, "taken_at": timezone.now()}
    change(upload, taken, "inquiry.workbook_taken", acting_user=acting_user)
    upload.lines.all().delete()
    return upload


def book_of(upload: SheetUpload) -> Book:
    """The kept file, read again."""
    try:
        with store.open_content(upload.stored.sha256) as stream:
            return read_book(stream.read(), upload.name)
    except (FileNotFoundError, FileRefused) as error:
        raise ValidationError("保存したファイルを読み出せません。ファイルを選び直してください。") from error


_NOT_OPEN = "このExcelは、もう取り込んだか、別のExcelに入れ直されています。"


def _lock(sheet: Sheet, acting_user: User) -> Sheet:
    sheet = lock_for_answer(sheet)
    if not may_answer(acting_user, sheet):
        raise ValidationError(
            f"この照会票は、いま{holder_text(sheet)}が担当しています。Excelの内容は取り込んでいません。"
        )
    return sheet


def _change_rows(
    sheet: Sheet, question: Question, table: PlannedTable, chosen: Collection[str], acting_user: User
) -> int:
    changes = RowChanges(
        added=[*table.added, *(row for key, row in table.added_if_chosen.items() if key in chosen)],
        changed=[(row, planned.taken(chosen)) for row, planned in table.changed],
        removed=[*table.removed, *(row for key, row in table.removed_if_chosen.items() if key in chosen)],
    )
    do_change_rows(sheet, question, changes, acting_user=acting_user)
    return len(changes.added) + len(changes.changed) + len(changes.removed)


def _write_lines(upload: SheetUpload, plan: Plan) -> None:
    lines = [
        UploadLine(
            upload=upload,
            position=position,
            kind=LineKind.ERROR,
            where=error.where[:200],
            label=error.label[:300],
            header=error.header[:200],
            value=error.value,
            wrong=error.wrong,
            message=error.message,
            cure=error.cure,
        )
        for position, error in enumerate(plan.errors)
    ]
    lines += [
        UploadLine(
            upload=upload,
            position=position,
            kind=line.kind,
            where=line.where[:200],
            label=line.label[:300],
            header=line.header[:200],
            before=line.before,
            value=line.after,
            sent=line.sent,
            key=line.key,
        )
        for position, line in enumerate(plan.lines, start=len(lines))
    ]
    UploadLine.objects.bulk_create(lines, batch_size=1_000)
