"""The year folder (年度フォルダ): every file that the rooms name, in order, all of it or nothing."""

import io
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.origin import acting_from
from tenshu.ground.exchange.actions import apply_plan, record_commit
from tenshu.ground.exchange.models import ImportRun, RunState
from tenshu.ground.exchange.plan import Plan
from tenshu.ground.exchange.planning import make_plan
from tenshu.ground.exchange.reading import LARGEST, Book, read_book
from tenshu.ground.exchange.registry import year_files
from tenshu.ground.exchange.spec import RowRefused, YearFile
from tenshu.ground.files.actions import clean_name, do_store
from tenshu.ground.files.inspection import inspect_file
from tenshu.ground.files.refusals import FileRefused

type Progress = Callable[[str, int, int], None]
"""Called with the path of the file that comes next, the files done, and all files."""

_SUFFIXES = (".xlsx", ".csv")


@dataclass(frozen=True, slots=True)
class FolderProblem:
    """One thing to mend: file!sheet!cell, what is wrong, how to mend it."""

    file: str
    where: str
    message: str
    cure: str = ""

    def __str__(self) -> str:
        place = f"{self.file}!{self.where}" if self.where else self.file
        return f"{place}: {self.message}" + (f"（{self.cure}）" if self.cure else "")


class YearFolderError(Exception):
    """Nothing of the folder was taken in. ``problems`` lists all that has to be mended, of all files."""

    def __init__(self, problems: Sequence[FolderProblem]) -> None:
        super().__init__(f"{len(problems):,}か所の誤りがあります。何も取り込んでいません。")
        self.problems = list(problems)

    @property
    def lines(self) -> list[str]:
        """The problems as lines of text: file!sheet!cell: what (cure)."""
        return [str(problem) for problem in self.problems]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one table of the folder did, in rows."""

    path: str
    title: str
    added: int
    changed: int
    removed: int
    same: int

    def __str__(self) -> str:
        done = f"追加 {self.added:,}、変更 {self.changed:,}、削除 {self.removed:,}、同じ {self.same:,}"
        return f"{self.path}（{self.title}）: {done}"

    @property
    def did_something(self) -> bool:
        """Whether any row was written."""
        return bool(self.added or self.changed or self.removed)


@dataclass
class Report:
    """What loading a folder did: by file, and what was left aside."""

    files: list[FileReport] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """What was done, as lines of text."""
        aside = [f"{path}: この年度フォルダの表ではないため読んでいません" for path in self.unknown]
        return [*map(str, self.files), *self.notes, *aside]


def load_year_folder(folder: Path, *, acting_user: User, progress: Progress | None = None) -> Report:
    """Bring in every file of ``folder`` that a room names, through the same plan as an upload.

    One transaction over the whole folder. A second run changes nothing. Files that no room knows are
    reported and left alone.

    Raises:
        YearFolderError: errors; all of all files are listed, nothing was written.
    """
    if not folder.is_dir():
        raise YearFolderError([FolderProblem(str(folder), "", "フォルダがありません", "場所を確かめる")])
    loading = _Loading(folder, acting_user)
    with acting_from("import"), transaction.atomic():
        wanted = year_files()
        for done, file in enumerate(wanted):
            if progress is not None:
                progress(file.path, done, len(wanted))
            loading.load(file)
        if loading.problems:
            raise YearFolderError(loading.problems)
        loading.keep_files()
    if progress is not None:
        progress("", len(wanted), len(wanted))
    loading.report.unknown = loading.unknown_files(wanted)
    return loading.report


class _Loading:
    """One run over a folder."""

    def __init__(self, folder: Path, acting_user: User) -> None:
        self.folder, self.acting_user = folder, acting_user
        self.report = Report()
        self.problems: list[FolderProblem] = []
        self.found = {unicodedata.normalize("NFC", str(p.relative_to(folder))): p for p in _files_in(folder)}
        self._books: dict[str, Book] = {}
        self._done: list[tuple[str, Plan]] = []
        self._refused: set[str] = set()

    def load(self, file: YearFile) -> None:
        """Plan and carry out one table; what is wrong with it goes to ``problems``."""
        path = self._path_of(file)
        if path is None:
            self.report.absent.append(file.path)
            if file.required:
                self.problems.append(FolderProblem(file.path, "", "ファイルがありません", "ファイルを置く"))
            return
        try:
            plan = make_plan(
                self._book(path), file.spec, self.acting_user, sheet=file.sheet, check_rights=False
            )
        except FileRefused as refused:
            if path not in self._refused:
                self.problems.append(FolderProblem(path, "", refused.message))
            return
        self._note_problems(path, plan)
        self._apply(path, plan)

    def keep_files(self) -> None:
        """Record every table that changed something as an import of its file."""
        for path, plan in self._done:
            content = io.BytesIO(self.found[path].read_bytes())
            try:
                inspected = inspect_file(content, path, largest=LARGEST)
            except FileRefused as refused:  # its table was read; what else it holds is not kept in the house
                raise YearFolderError([FolderProblem(path, "", refused.message)]) from refused
            run = ImportRun(
                spec=plan.spec.name,
                scope=plan.spec.scope,
                title=plan.spec.title,
                stored=do_store(content, inspected),
                name=clean_name(path),
                sheet=plan.sheet[:100],
                state=RunState.COMMITTED,
                digest=plan.digest(),
                counts=plan.counts(),
                notes=plan.notes,
                created_by=self.acting_user,
                committed_by=self.acting_user,
                committed_at=timezone.now(),
            )
            run.save()
            record_commit(run, acting_user=self.acting_user)

    def unknown_files(self, wanted: Sequence[YearFile]) -> list[str]:
        """Tables in the folder that no room asked for."""
        known = {path for file in wanted if (path := self._path_of(file))}
        return sorted(path for path in self.found if path.endswith(_SUFFIXES) and path not in known)

    def _path_of(self, file: YearFile) -> str | None:
        """The file itself, or the same table in the other format."""
        stem = str(Path(file.path).with_suffix(""))
        candidates = [file.path, *(stem + suffix for suffix in _SUFFIXES)]
        return next((path for path in candidates if path in self.found), None)

    def _book(self, path: str) -> Book:
        if path not in self._books:
            try:
                self._books[path] = read_book(self.found[path].read_bytes(), path)
            except FileRefused as refused:
                if path not in self._refused:
                    self.problems.append(FolderProblem(path, "", refused.message))
                    self._refused.add(path)
                raise
        return self._books[path]

    def _note_problems(self, path: str, plan: Plan) -> None:
        self.problems += [
            FolderProblem(
                path, error.where, _with_value(error.header, error.value, error.message), error.cure
            )
            for error in plan.errors
        ]
        self.problems += [
            FolderProblem(
                path, cell.where, "渡した後に画面でも直されています", "画面から取り込んで、使う値を選ぶ"
            )
            for row in plan.rows
            for cell in row.conflicts()
        ]
        self.report.notes += [f"{path}: {note}" for note in plan.notes]

    def _apply(self, path: str, plan: Plan) -> None:
        """Carry the plan out. With errors, its good rows still serve the files behind that refer to them."""
        try:
            with transaction.atomic():
                apply_plan(plan, {}, acting_user=self.acting_user)
        except RowRefused as refused:
            self.problems.append(
                FolderProblem(path, refused.change.where, refused.problem.message, refused.problem.cure)
            )
            return
        except (IntegrityError, ProtectedError):
            self.problems.append(
                FolderProblem(path, plan.sheet, "ほかの記録と食い違う行があります", "番号と日付を確かめる")
            )
            return
        counts = plan.counts()
        added, changed, removed = counts["added_rows"], counts["changed_rows"], counts["removed_rows"]
        report = FileReport(path, plan.spec.title, added, changed, removed, counts["same_rows"])
        self.report.files.append(report)
        if report.did_something:
            self._done.append((path, plan))


def _files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~$"))]


def _with_value(header: str, value: str, message: str) -> str:
    said = f"「{header}」{value}：" if header and value else f"「{header}」：" if header else ""
    return f"{said}{message}"
