"""The progress board (進み): where every sheet of a campaign is, who has it now, and the counts above it."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from tenshu.ground.notices.models import Notice
from tenshu.ground.office.models import Unit
from tenshu.ground.ui.parts import Segment
from tenshu.mechanisms.inquiry.models import Sheet, SheetState, SheetStep, StepKind

RETURNS = frozenset({StepKind.RETURNED, StepKind.RETURNED_BY_HEAD, StepKind.REOPENED})
WAY = frozenset({StepKind.OPENED, StepKind.SUBMITTED, StepKind.TAKEN_BACK, StepKind.RESTORED}) | RETURNS
"""Steps that tell whether a sheet that is being answered has come back."""

WORDS = ("受理済", "提出済", "所属長確認中", "入力中", "差戻し", "未着手")
"""The words of the board in the order of its bars."""
KINDS = dict(zip(WORDS, ("done", "submitted", "head", "typing", "back", "none"), strict=True))

FEW = 200
"""Up to so many sheets are asked for by their keys."""


def boarded(sheets: QuerySet[Sheet]) -> QuerySet[Sheet]:
    """Sheets with what the board tells of each: the last move, and whether they came back."""
    return _moved(sheets).select_related(
        "campaign", "respondent__parent__parent__parent", "holder", "holder_unit"
    )


def _moved(sheets: QuerySet[Sheet]) -> QuerySet[Sheet]:
    steps = SheetStep.objects.filter(sheet=OuterRef("pk")).order_by("-at", "-pk")
    return sheets.annotate(
        moved_at=Subquery(steps.values("at")[:1]),
        way=Subquery(steps.filter(kind__in=WAY).values("kind")[:1], output_field=CharField()),
    )


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one sheet is, to be counted."""

    state: str
    due_on: datetime.date
    revision: int
    respondent: Unit
    moved_at: datetime.datetime | None
    way: str | None

    @property
    def word(self) -> str:
        """The status word."""
        return word_of(self.state, self.way, self.revision)


def whole_board(sheets: QuerySet[Sheet]) -> list[Stand]:
    """Where each of ``sheets`` is; two queries, each unit is read once."""
    names = ("state", "due_on", "revision", "respondent", "moved_at", "way")
    found = list(_moved(sheets).order_by().values_list(*names))
    units = Unit.objects.select_related("parent__parent__parent").in_bulk({row[3] for row in found})
    return [
        Stand(state, due_on, revision, units[unit], moved_at, way)
        for state, due_on, revision, unit, moved_at, way in found
    ]


def word_of(state: str, way: str | None, revision: int) -> str:
    """The status word of a sheet: 差戻し while a returned sheet is answered again, 未着手 before the first answer."""
    if state != SheetState.ANSWERING:
        return str(SheetState(state).label)
    if way in RETURNS:
        return "差戻し"
    return "入力中" if revision else "未着手"


def sheet_word(sheet: Sheet) -> str:
    """The status word of one sheet; asks for its way when it was not read along."""
    way = getattr(sheet, "way", None)
    if way is None and sheet.state == SheetState.ANSWERING:
        last = sheet.steps.filter(kind__in=WAY).order_by("-at", "-pk").first()
        way = last.kind if last else None
    return word_of(sheet.state, way, sheet.revision)


def holder_text(sheet: Sheet) -> str:
    """Who has to do the next step."""
    match sheet.state:
        case SheetState.ANSWERING if sheet.holder is not None:
            return sheet.holder.name
        case SheetState.ANSWERING:
            return (sheet.holder_unit or sheet.respondent).name
        case SheetState.CHECKING:
            return f"{sheet.respondent.name}の所属長"
        case SheetState.COLLECTING:
            return "事務局"
    return ""


def is_late(sheet: Sheet | Stand, today: datetime.date | None = None) -> bool:
    """Whether the respondent is past the due date."""
    waits = sheet.state in (SheetState.ANSWERING, SheetState.CHECKING)
    return waits and sheet.due_on < (today or timezone.localdate())


def department_of(unit: Unit) -> Unit:
    """The unit at the top above ``unit``."""
    while unit.parent is not None:
        unit = unit.parent
    return unit


@dataclass(slots=True)
class Tally:
    """Counts by status word of one unit (or of all); withdrawn sheets are in no denominator."""

    unit: Unit | None = None
    counts: Counter[str] = field(default_factory=Counter)
    withdrawn: int = 0
    late: int = 0
    moved_at: datetime.datetime | None = None
    level: int = 0

    @property
    def total(self) -> int:
        """How many are asked."""
        return sum(self.counts.values())

    @property
    def handed_in(self) -> int:
        """How many have left the division."""
        return self.counts["受理済"] + self.counts["提出済"]

    @property
    def segments(self) -> list[Segment]:
        """The parts of the bar in their fixed order."""
        return [Segment(word, self.counts[word], KINDS[word]) for word in WORDS]

    def add(self, word: str, moved_at: datetime.datetime | None, *, late: bool) -> None:
        """Count one sheet."""
        if word == SheetState.WITHDRAWN.label:
            self.withdrawn += 1
            return
        self.counts[word] += 1
        self.late += late
        if moved_at and (self.moved_at is None or moved_at > self.moved_at):
            self.moved_at = moved_at


def tally(stands: Iterable[Stand], opened: int | None = None) -> tuple[Tally, list[Tally]]:
    """Counts of all, and of each department; under the department with key ``opened`` those of its divisions."""
    whole, today = Tally(), timezone.localdate()
    tops: dict[int, Unit] = {}
    departments: dict[int, Tally] = {}
    divisions: dict[int, Tally] = {}
    for stand in stands:
        unit = stand.respondent
        top = tops.get(unit.pk) or tops.setdefault(unit.pk, department_of(unit))
        places = [whole, departments.setdefault(top.pk, Tally(top))]
        if top.pk == opened and unit.pk != top.pk:
            places.append(divisions.setdefault(unit.pk, Tally(unit, level=1)))
        word, late = stand.word, is_late(stand, today)
        for place in places:
            place.add(word, stand.moved_at, late=late)
    rows = []
    for top_tally in sorted(departments.values(), key=_order):
        rows.append(top_tally)
        if top_tally.unit is not None and top_tally.unit.pk == opened:
            rows += sorted(divisions.values(), key=_order)
    return whole, rows


def _order(row: Tally) -> tuple[int, str]:
    return (row.unit.sort_order, row.unit.code) if row.unit is not None else (0, "")


def reminders_of(sheets: Iterable[Sheet]) -> Mapping[int, int]:
    """How often somebody was reminded of each of these sheets, by key of sheet."""
    from tenshu.mechanisms.inquiry.notice_kinds import DUE

    keys = [str(sheet.pk) for sheet in sheets]
    told = Notice.objects.filter(kind=DUE, about_type=ContentType.objects.get_for_model(Sheet))
    # Of thousands it is quicker to count all.
    told = told.filter(about_key__in=keys) if len(keys) <= FEW else told
    counted = told.values_list("about_key").order_by().annotate(n=Count("pk"))
    wanted = frozenset(keys)
    return {int(key): count for key, count in counted if key in wanted}
