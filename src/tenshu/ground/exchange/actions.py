"""The only writers of imports: preview, choose, commit, cancel."""

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit import actions as audit
from tenshu.ground.audit.origin import acting_from, current_origin
from tenshu.ground.exchange.models import (
    ConflictChoice,
    ImportRun,
    PreviewCell,
    PreviewError,
    PreviewLine,
    RunState,
)
from tenshu.ground.exchange.plan import Choices, Plan, Side
from tenshu.ground.exchange.planning import make_plan
from tenshu.ground.exchange.preview import cell_rows, choices_of, error_rows, line_rows
from tenshu.ground.exchange.reading import LARGEST, Book, read_book, refuse_large
from tenshu.ground.exchange.registry import find_table
from tenshu.ground.exchange.spec import RowRefused, TableSpec
from tenshu.ground.files import store
from tenshu.ground.files.actions import clean_name, do_store
from tenshu.ground.files.inspection import inspect_file
from tenshu.ground.files.refusals import FileRefused

if TYPE_CHECKING:
    from django.core.files.base import File


class ImportRefused(Exception):  # noqa: N818 - reads as what happened
    """An import does not go through; nothing was written. The message is for the person."""


class PreviewOutdated(ImportRefused):
    """The records or the file changed since the preview; a new preview is needed."""

    def __init__(self) -> None:
        super().__init__(
            "確かめた後に登録の内容が変わりました。もう一度確かめてください。まだ何も取り込んでいません。"
        )


def do_preview(
    spec: TableSpec, upload: "File[bytes]", *, acting_user: User, replaces: ImportRun | None = None
) -> ImportRun:
    """Keep the file and what importing it would do. ``replaces``: an earlier try, whose choices are kept.

    Raises:
        FileRefused: the file as a whole cannot be taken.
    """
    name = clean_name(upload.name or "")
    refuse_large(upload.size or 0)
    stream = io.BytesIO(upload.read())
    book = read_book(stream.getvalue(), name)
    inspected = inspect_file(stream, name, largest=LARGEST)
    plan = make_plan(book, spec, acting_user)
    with transaction.atomic():
        run = ImportRun(
            spec=spec.name,
            scope=spec.scope,
            title=spec.title,
            stored=do_store(stream, inspected),
            name=name,
            created_by=acting_user,
        )
        if replaces is not None and replaces.spec == spec.name and _give_way(replaces):
            run.replaces = replaces
        _fill(run, plan)
        run.save()
        _write_preview(run, plan)
        if run.replaces is not None:
            _carry_choices(run.replaces, run)
    return run


@transaction.atomic
def do_refresh_preview(run: ImportRun, *, acting_user: User) -> None:
    """Plan anew on the records as they stand; the choices stay.

    Raises:
        ImportRefused: it was carried out or given up meanwhile.
    """
    run = _open_run(run)
    plan = make_plan(book_of(run), spec_of(run), acting_user)
    run.lines.all().delete()
    run.cells.all().delete()
    run.errors.all().delete()
    _fill(run, plan)
    run.save()
    _write_preview(run, plan)


@transaction.atomic
def do_choose(run: ImportRun, chosen: Mapping[tuple[str, str], Side], *, acting_user: User) -> None:
    """Remember which value each conflict takes.

    Raises:
        ImportRefused: it was carried out or given up meanwhile; what was taken stays to be read.
    """
    run = _open_run(run)
    ConflictChoice.objects.bulk_create(
        [
            ConflictChoice(run=run, key_text=key, column=column, side=side, chosen_by=acting_user)
            for (key, column), side in chosen.items()
        ],
        update_conflicts=True,
        unique_fields=["run", "key_text", "column"],
        update_fields=["side", "chosen_by"],
        batch_size=500,
    )


def do_commit(run: ImportRun, *, acting_user: User) -> ImportRun:
    """Carry out what the preview showed: all of it in one transaction under one request id, or nothing.

    Raises:
        PreviewOutdated: carrying it out now would do something else than the preview showed.
        ImportRefused: errors or undecided conflicts are left, or an action refused a row.
    """
    origin, is_outermost = current_origin(), not connection.in_atomic_block
    try:
        with acting_from("import", origin.address) as acting, transaction.atomic():
            if is_outermost:
                _hold_still()
            run = _open_run(run)
            spec = spec_of(run)
            if not spec.may_import(acting_user):
                raise ImportRefused("この表を取り込む権限がありません。")
            plan = make_plan(book_of(run), spec, acting_user)
            choices = choices_of(run)
            _refuse_unready(run, plan, choices)
            apply_plan(plan, choices, acting_user=acting_user)
            run.state, run.request_id = RunState.COMMITTED, acting.request_id
            run.committed_by, run.committed_at = acting_user, timezone.now()
            run.save(update_fields=["state", "request_id", "committed_by", "committed_at"])
            record_commit(run, acting_user=acting_user)
    except RowRefused as refused:
        raise ImportRefused(f"{refused.change.where}：{refused}。まだ何も取り込んでいません。") from refused
    except (IntegrityError, ProtectedError) as error:
        raise ImportRefused(
            "ほかの記録との食い違いがあり、取り込めません。まだ何も取り込んでいません。"
        ) from error
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "40001":
            raise
        raise PreviewOutdated from error
    return run


@transaction.atomic
def do_cancel(run: ImportRun, *, acting_user: User) -> None:
    """Give the import up. The file and the preview stay readable."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state == RunState.PREVIEWED:
        run.state = RunState.CANCELLED
        run.save(update_fields=["state"])
        audit.record("exchange.import.cancelled", run, acting_user=acting_user)


def apply_plan(plan: Plan, choices: Choices, *, acting_user: User) -> None:
    """Hand the changes to the room. Called inside the transaction of the whole import."""
    if changes := plan.changes(choices):
        plan.spec.save(changes, acting_user=acting_user)


def record_commit(run: ImportRun, *, acting_user: User) -> None:
    """The audit row of the import itself, beside those of its rows."""
    after = {"file": run.name, "sha256": run.stored.sha256, **run.counts}
    audit.record("exchange.import.committed", run, after=after, acting_user=acting_user)


def spec_of(run: ImportRun) -> TableSpec:
    """The table of an import. Raises ``ImportRefused`` when the product no longer has it."""
    spec = find_table(run.spec, run.scope)
    if spec is None:
        raise ImportRefused("この表はもうありません。")
    return spec


def book_of(run: ImportRun) -> Book:
    """The stored file of an import, read again."""
    try:
        with store.open_content(run.stored.sha256) as stream:
            return read_book(stream.read(), run.name)
    except (FileNotFoundError, FileRefused) as error:
        raise ImportRefused("保存したファイルを読み出せません。ファイルを選び直してください。") from error


def _open_run(run: ImportRun) -> ImportRun:
    """The import as it stands now, held until the end of the transaction: whoever else wants to change it waits."""
    found = ImportRun.objects.select_for_update().get(pk=run.pk)
    if found.state != RunState.PREVIEWED:
        raise ImportRefused("この取込はもう済んでいるか、取りやめられています。")
    return found


def _give_way(run: ImportRun) -> bool:
    """Mark an earlier try as replaced; False when it was carried out, given up or replaced meanwhile."""
    still = ImportRun.objects.filter(pk=run.pk, state=RunState.PREVIEWED)
    return still.update(state=RunState.REPLACED) == 1


def _refuse_unready(run: ImportRun, plan: Plan, choices: Choices) -> None:
    if plan.digest() != run.digest:
        raise PreviewOutdated
    if plan.errors:
        raise ImportRefused(f"誤りが{len(plan.errors):,}か所あります。Excelを直して選び直してください。")
    if left := plan.unresolved(choices):
        raise ImportRefused(f"どちらを使うか決まっていない衝突が{left:,}か所あります。")


def _hold_still() -> None:
    """On PostgreSQL the plan and the writes see one state of the records; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _fill(run: ImportRun, plan: Plan) -> None:
    run.sheet, run.digest, run.counts = plan.sheet[:100], plan.digest(), plan.counts()
    run.notes, run.sent_at = plan.notes, plan.sent_at


def _write_preview(run: ImportRun, plan: Plan) -> None:
    PreviewLine.objects.bulk_create(line_rows(run, plan), batch_size=1_000)
    PreviewCell.objects.bulk_create(cell_rows(run, plan), batch_size=1_000)
    PreviewError.objects.bulk_create(error_rows(run, plan.errors), batch_size=1_000)


def _carry_choices(old: ImportRun, new: ImportRun) -> None:
    ConflictChoice.objects.bulk_create(
        ConflictChoice(run=new, key_text=c.key_text, column=c.column, side=c.side, chosen_by=c.chosen_by)
        for c in old.choices.all()
    )
