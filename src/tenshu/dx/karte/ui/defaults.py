"""The settings to begin with: what the house still lacks is shown, chosen by kind, and put in."""

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.dx.karte import actions
from tenshu.dx.karte.models import CompletenessRule, CostItem, MatchingRule
from tenshu.dx.karte.shipped import missing
from tenshu.dx.karte.ui.things import REGISTERS
from tenshu.dx.karte.ui.writing import context_of
from tenshu.ground.access.gates import signed_in
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import Form


class ShippedForm(Form):
    """Which kinds to put in."""

    kinds = forms.MultipleChoiceField(label="入れるもの", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, kinds: dict[str, list[models.Model]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (key, f"{REGISTERS[key].label}（{len(rows)}件）") for key, rows in kinds.items()
        ]
        self.fields["kinds"].initial = list(kinds)


def shipped_add(request: HttpRequest) -> HttpResponse:
    """Preview and put in."""
    user, year = signed_in(request), year_of(request)
    kinds = missing(year).kinds
    back = reverse("karte:register-list", args=["cost-item"])
    return answer_form(
        request,
        ShippedForm(request.POST or None, kinds=kinds),
        lambda values: actions.do_add_shipped(year, values["kinds"], acting_user=user),
        template="karte/shipped.html",
        context=context_of("標準の設定を入れる", "入れる", back)
        | {
            "year": year,
            "previews": [(REGISTERS[key].label, [_line(row) for row in rows]) for key, rows in kinds.items()],
        },
        message=lambda count: f"{count:,}件を登録しました。",
        to=lambda _: back,
    )


def _line(row: models.Model) -> str:
    match row:
        case CostItem():
            return f"{row.code} {row.name}（{row.get_section_display()}）"
        case CompletenessRule():
            allowed = "、該当なしを認める" if row.may_not_apply else ""
            return f"{row}（{row.get_level_display()}、重み{row.weight}{allowed}）"
        case MatchingRule():
            return f"{row.division}の「{row.description}」を含む支払い → {row.system.number} {row.system}"
    return str(row)
