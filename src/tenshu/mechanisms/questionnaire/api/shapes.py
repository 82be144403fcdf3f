"""The shapes of questionnaires, versions and questions, and the way to one that is to be changed."""

import datetime
from typing import Annotated, Any

from pydantic import Field

from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.routes import ApiRequest, Routes
from tenshu.ground.api.values import PLAIN, Body, FiscalYearOut, LongText, OneOf, Out, Text, Year
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import opened_years
from tenshu.mechanisms.questionnaire.models import (
    Question,
    QuestionAncestry,
    QuestionKind,
    Questionnaire,
    QuestionnaireVersion,
    Relation,
    VersionState,
)
from tenshu.mechanisms.questionnaire.notation import columns_text, options_text
from tenshu.mechanisms.questionnaire.queries import access_version

ROUTES = Routes("questionnaires", "質問票")

Code = Annotated[str, Field(max_length=20), PLAIN]
KindWord = Annotated[str, OneOf(QuestionKind)]
Key = Annotated[int, Field(ge=1, le=2**62)]


class QuestionnaireOut(Out):
    """A questionnaire; ``subject_kind`` is what it asks about."""

    id: int
    code: str
    title: str
    subject_kind: str
    purpose: str

    @classmethod
    def of(cls, row: Questionnaire) -> "QuestionnaireOut":
        """The questionnaire as it is answered."""
        same = {name: getattr(row, name) for name in ("code", "title", "subject_kind", "purpose")}
        return cls(id=row.pk, **same)


class VersionOut(Out):
    """A version; once published it never changes, and ``digest`` tells so."""

    id: int
    questionnaire: QuestionnaireOut
    year: FiscalYearOut
    number: int
    introduction: str
    state: Annotated[str, OneOf(VersionState)]
    published_at: datetime.datetime | None
    digest: str

    @classmethod
    def of(cls, row: QuestionnaireVersion) -> "VersionOut":
        """The version as it is answered."""
        same = {name: getattr(row, name) for name in ("number", "introduction", "state", "digest")}
        return cls(
            id=row.pk,
            questionnaire=QuestionnaireOut.of(row.questionnaire),
            year=FiscalYearOut.of(FiscalYear(row.fiscal_year)),
            published_at=row.published_at,
            **same,
        )


class ChoiceOut(Out):
    """A choice: what is stored, how it reads, its score."""

    value: str
    label: str
    score: float | None


class ColumnOut(Out):
    """A column of a table question; ``name`` is its key in a row."""

    name: str
    header: str
    kind: KindWord
    required: bool
    unit: str
    options: list[ChoiceOut]


class AncestorOut(Out):
    """A question of an earlier version from which a question comes."""

    question_id: int
    relation: Annotated[str, OneOf(Relation)]


class QuestionOut(Out):
    """A question of a version."""

    id: int
    version_id: int
    order: int
    code: str
    section: str
    text: str
    help: str
    evidence: str
    kind: KindWord
    required: bool
    condition: str
    weight: float
    note: bool
    options: list[ChoiceOut]
    columns: list[ColumnOut]
    references: dict[str, Any]
    ancestors: list[AncestorOut]

    @classmethod
    def of(cls, row: Question, ancestors: list[QuestionAncestry]) -> "QuestionOut":
        """The question as it is answered."""
        same = {name: getattr(row, name) for name in _SAME}
        settings = row.settings
        return cls(
            id=row.pk,
            weight=float(row.weight),
            note=bool(settings.get("note")),
            options=_choices(settings),
            columns=[
                ColumnOut(
                    name=told["name"],
                    header=told["header"],
                    kind=told["kind"],
                    required=bool(told.get("required")),
                    unit=told.get("unit", ""),
                    options=_choices(told),
                )
                for told in settings.get("columns", [])
            ],
            ancestors=[AncestorOut(question_id=a.ancestor_id, relation=a.relation) for a in ancestors],
            **same,
        )


_SAME = (
    "version_id", "order", "code", "section", "text", "help", "evidence", "kind", "required", "condition",
    "references",
)  # fmt: skip


def _choices(told: Any) -> list[ChoiceOut]:
    return [
        ChoiceOut(value=option["value"], label=option["label"], score=option.get("score"))
        for option in told.get("options", [])
    ]


class QuestionnairePatch(Body):
    """What may be changed: published versions keep their own words."""

    title: Text | None = None
    purpose: LongText | None = None


class QuestionnaireIn(QuestionnairePatch):
    """A new questionnaire; ``subject_kind`` cannot be changed later."""

    code: Code
    title: Text
    subject_kind: Annotated[str, Field(max_length=40), PLAIN]


class VersionIn(Body):
    """The year of a new version; its questions are those of the newest published one."""

    year: Year


class VersionPatch(Body):
    """Year and introduction of a draft."""

    year: Year | None = None
    introduction: LongText | None = None


Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\r\n|｜]+$"), PLAIN]


class ChoiceIn(Body):
    """A choice; one whose label stays keeps its stored value."""

    label: Word
    score: Annotated[float, Field(ge=-1_000_000, le=1_000_000)] | None = None


class ColumnIn(Body):
    """A column of a table; one whose heading stays keeps its name."""

    header: Word
    kind: KindWord
    required: bool = False
    unit: Annotated[str, Field(max_length=20, pattern=r"^[^\r\n|｜]*$"), PLAIN] = ""
    options: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\r\n|｜/／]+$"), PLAIN]],
        Field(max_length=200),
    ] = []


class QuestionPatch(Body):
    """What may be changed in a question of a draft; options and columns are given whole."""

    code: Code | None = None
    section: Text | None = None
    text: LongText | None = None
    help: LongText | None = None
    evidence: LongText | None = None
    kind: KindWord | None = None
    required: bool | None = None
    condition: Annotated[str, Field(max_length=1000), PLAIN] | None = None
    weight: Annotated[int, Field(ge=0, le=9_999)] | None = None
    note: bool | None = None
    options: Annotated[list[ChoiceIn], Field(max_length=500)] | None = None
    columns: Annotated[list[ColumnIn], Field(max_length=100)] | None = None

    def typed(self) -> dict[str, Any]:
        """What is given, as an author would type it into the form of the page."""
        given = self.model_dump(exclude_unset=True)
        if "options" in given:
            given["options"] = options_text({"options": given["options"] or []})
        if "columns" in given:
            columns = [
                told | {"options": [{"label": label} for label in told.get("options", [])]}
                for told in given["columns"] or []
            ]
            given["columns"] = columns_text({"columns": columns})
        return given


class QuestionIn(QuestionPatch):
    """A new question at the end of a draft."""

    code: Code
    text: LongText
    kind: KindWord


class OrderIn(Body):
    """All questions of a draft in their new order."""

    questions: Annotated[list[Key], Field(max_length=5_000)]


class AncestorsIn(Body):
    """The questions of the version before from which a question comes; none: it is new."""

    ancestors: Annotated[list[Key], Field(max_length=100)]
    relation: Annotated[str, OneOf(Relation)] = Relation.REWORDED.value


def around(year: FiscalYear) -> FiscalYear:
    """The opened year nearest to ``year``: a version may be made for it, and for the years beside it."""
    opened = [row.fiscal_year for row in opened_years()]
    return min(opened, key=lambda one: abs(one.year - year.year), default=year)


def locked_version(request: ApiRequest, version_id: int) -> QuestionnaireVersion:
    """The version to be changed, locked and as the asker has read it."""
    access_version(request.person, version_id, "write")
    rows = QuestionnaireVersion.objects.select_for_update(of=("self",)).select_related("questionnaire")
    version = rows.get(pk=version_id)
    unchanged_since(request, lambda: VersionOut.of(version))
    return version
