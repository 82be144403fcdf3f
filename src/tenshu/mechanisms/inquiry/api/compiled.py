"""What the sheets of a campaign said: a line a sheet, the rows of a table question, counts."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict

from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import OneOf, Out, UnitRef
from tenshu.mechanisms.inquiry.api.shapes import ROUTES
from tenshu.mechanisms.inquiry.compiling import Counted, Line, Summed, compiled, counts, sums, table_lines
from tenshu.mechanisms.inquiry.models import SheetState
from tenshu.mechanisms.inquiry.queries import access_campaign, question_of
from tenshu.mechanisms.questionnaire.models import QuestionKind

ONE = "/campaigns/{int:campaign_id}"
Scope = Literal["accepted", "handed", "all"]


class CompiledQuery(Paging):
    """Which sheets count: accepted, handed in and accepted, or all."""

    scope: Scope = "handed"


class ScopeQuery(BaseModel):
    """Which sheets count."""

    model_config = ConfigDict(extra="forbid")

    scope: Scope = "handed"


class LineOut(Out):
    """One sheet with its answers by code of question; ``rows`` counts the rows of its tables."""

    sheet_id: int
    subject_number: str
    subject_name: str
    department: str
    respondent: UnitRef
    state: Annotated[str, OneOf(SheetState)]
    answers: dict[str, dict[str, Any]]
    rows: dict[str, int]


class TableLineOut(Out):
    """One row of a table, with the sheet from which it is."""

    sheet_id: int
    subject_number: str
    subject_name: str
    department: str
    values: dict[str, Any]


class DepartmentCount(Out):
    """The counts of one department, by label."""

    department: str
    counts: dict[str, int]


class CountedOut(Out):
    """How a question with choices was answered by those who are asked it."""

    question_id: int
    code: str
    text: str
    asked: int
    counts: dict[str, int]
    departments: list[DepartmentCount]

    @classmethod
    def of(cls, one: Counted) -> "CountedOut":
        """The counts as they are answered."""
        by_department = [
            DepartmentCount(department=name, counts=dict(found)) for name, found in one.by_department.items()
        ]
        return cls(
            question_id=one.question.pk,
            code=one.question.code,
            text=one.question.text,
            asked=one.asked,
            counts={label: one.whole[label] for label in one.labels},
            departments=by_department,
        )


class SummedOut(Out):
    """A question about numbers: how many said one, and their sum."""

    question_id: int
    code: str
    text: str
    count: int
    total: int

    @classmethod
    def of(cls, one: Summed) -> "SummedOut":
        """The sum as it is answered."""
        question = one.question
        return cls(
            question_id=question.pk, code=question.code, text=question.text, count=one.count, total=one.total
        )


class CountsOut(Out):
    """The compiled counts of a campaign."""

    sheets: int
    counted: list[CountedOut]
    summed: list[SummedOut]


@ROUTES.get(
    f"{ONE}/answers", page="inquiry:campaign-answers", gives=Page[LineOut], summary="照会の回答の一覧"
)
def answers(request: ApiRequest, campaign_id: int, query: Query[CompiledQuery]) -> Page[LineOut]:
    """One line a sheet that the person may see; answers to questions that are not asked count as none."""
    campaign = access_campaign(request.person, campaign_id)
    questions, lines = compiled(campaign, request.person, query.scope)
    codes = {question.pk: question.code for question in questions}

    def shape(line: Line) -> LineOut:
        sheet = line.sheet
        return LineOut(
            sheet_id=sheet.pk,
            subject_number=sheet.subject_number,
            subject_name=sheet.subject_name,
            department=line.department,
            respondent=UnitRef.of(sheet.respondent),
            state=sheet.state,
            answers={codes[key]: dict(value) for key, value in line.values.items()},
            rows={codes[key]: count for key, count in line.rows.items() if key in codes},
        )

    return page_of(request, lines, query, shape)


@ROUTES.get(
    f"{ONE}/rows/{{int:table_question_id}}",
    page="inquiry:campaign-rows",
    gives=Page[TableLineOut],
    summary="照会の表の回答",
)
def rows(
    request: ApiRequest, campaign_id: int, table_question_id: int, query: Query[CompiledQuery]
) -> Page[TableLineOut]:
    """Every row that was answered to one table question."""
    campaign = access_campaign(request.person, campaign_id)
    question = question_of(campaign, table_question_id, QuestionKind.TABLE)
    found = table_lines(campaign, request.person, question, query.scope)
    return page_of(
        request,
        found,
        query,
        lambda line: TableLineOut(
            sheet_id=line.sheet.pk,
            subject_number=line.sheet.subject_number,
            subject_name=line.sheet.subject_name,
            department=line.department,
            values=dict(line.values),
        ),
    )


@ROUTES.get(f"{ONE}/counts", page="inquiry:campaign-counts", gives=CountsOut, summary="照会の集計")
def campaign_counts(request: ApiRequest, campaign_id: int, query: Query[ScopeQuery]) -> CountsOut:
    """The distribution of every question with choices, by department, and the sums of those about numbers."""
    campaign = access_campaign(request.person, campaign_id)
    questions, lines = compiled(campaign, request.person, query.scope)
    return CountsOut(
        sheets=len(lines),
        counted=[CountedOut.of(one) for one in counts(questions, lines)],
        summed=[SummedOut.of(one) for one in sums(questions, lines)],
    )
