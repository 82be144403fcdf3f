"""Reading the ICT needs: the list, the board by state, one need with its score."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tenshu.dx.ict_needs.models import Basis, Need, NeedState
from tenshu.dx.ict_needs.queries import PARENTS, access_need, departments_of, may_correct, needs_for
from tenshu.dx.ict_needs.score_query import with_score
from tenshu.dx.ict_needs.sheets import NEED_TABLE
from tenshu.dx.ict_needs.triage import assessment_of, ranking
from tenshu.dx.ict_needs.ui.tables import NeedListTable, RankingTable
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.parts import KeyFact, Tab
from tenshu.mechanisms.gathering.ui.excel import excel_links

ON_BOARD = 12
"""Cards of a column; the rest is in the list."""


def tabs(current: str) -> list[Tab]:
    """List and board."""
    names = [("need-list", "一覧"), ("need-board", "進み具合")]
    return [Tab(label, reverse(f"ict_needs:{name}"), name == current) for name, label in names]


def need_list(request: HttpRequest) -> HttpResponse:
    """The needs of the year."""
    user, year = signed_in(request), year_of(request)
    needs = needs_for(user).filter(fiscal_year=year.year).select_related(PARENTS)
    context = {
        "year": year,
        "tabs": tabs("need-list"),
        "facts": _facts(list(needs), figures=holds_any(user, READERS)),
        "may_add": holds_any(user, EDITORS | DIVISION),
        "excel": excel_links(request, [NEED_TABLE]),
    }
    return NeedListTable(request, with_score(needs)).respond("ict_needs/need_list.html", context)


def _facts(needs: list[Need], *, figures: bool) -> list[KeyFact]:
    def url(key: str) -> str:
        return reverse("figures:figure-detail", args=[key]) if figures else ""

    departments = {unit.pk for unit in departments_of(needs).values()}
    finished = [n.hours_saved for n in needs if n.state == NeedState.DONE and n.hours_saved is not None]
    unsure = any(
        {need.hours_basis, need.after_basis} & {Basis.REPORTED, Basis.ESTIMATED}
        for need in needs
        if need.state == NeedState.DONE and need.hours_saved is not None
    )
    return [
        KeyFact("回答した部局", number_text(len(departments)), "部局", url("ict_needs.departments")),
        KeyFact("業務", number_text(len(needs)), "業務", url("ict_needs.tasks")),
        KeyFact(
            "減った時間（約）" if unsure else "減った時間",
            number_text(sum(finished)) if finished else "記録なし",
            "時間" if finished else "",
            url("ict_needs.hours_saved"),
        ),
    ]


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One state with its first needs."""

    state: NeedState
    count: int
    needs: list[Need]

    @property
    def url(self) -> str:
        """All of the state in the list."""
        return f"{reverse('ict_needs:need-list')}?state={self.state.value}"

    @property
    def more(self) -> int:
        """How many the column does not show."""
        return self.count - len(self.needs)


def need_board(request: HttpRequest) -> HttpResponse:
    """The needs of the year by state, the highest score first."""
    user, year = signed_in(request), year_of(request)
    needs = with_score(needs_for(user).filter(fiscal_year=year.year).select_related(PARENTS))
    ordered = sorted(needs, key=lambda need: -(need.score or 0))  # type: ignore[attr-defined]
    counts = Counter(need.state for need in ordered)
    columns = [
        BoardColumn(state, counts[state], [n for n in ordered if n.state == state][:ON_BOARD])
        for state in NeedState
    ]
    context = {"year": year, "tabs": tabs("need-board"), "columns": columns, "any": bool(ordered)}
    return render(request, "ict_needs/need_board.html", context)


def need_detail(request: HttpRequest, need_id: int) -> HttpResponse:
    """One need: what was asked for, its score factor by factor, decision and effect."""
    user = signed_in(request)
    need = access_need(user, need_id)
    context = {
        "need": need,
        "assessment": assessment_of(need),
        "ranking": RankingTable(request, ranking(need), id="ranking"),
        "may_correct": may_correct(user, need),
        "may_decide": holds_any(user, EDITORS),
    }
    return render(request, "ict_needs/need_detail.html", context)
