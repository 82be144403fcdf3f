"""The tables of conferences: those of a year, and the series."""

import django_filters
from django.urls import reverse

from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.ground.ui.tables import Column, Table, chip_column, date_column


class SessionFilter(django_filters.FilterSet):
    """Scope."""

    scope = django_filters.ChoiceFilter(
        label="範囲", field_name="conference__scope", choices=Scope.choices, empty_label="すべて"
    )

    class Meta:
        model = ConferenceSession
        fields: list[str] = []


class SessionTable(Table[ConferenceSession]):
    """Conferences of the year."""

    caption = "他団体との会議"
    counter = "回"
    search = ("conference__name", "season", "gathering__outline", "gathering__place")
    search_label = "会議体・概要・場所で絞る"
    filterset_class = SessionFilter
    default_sort = "held_on"
    columns = (
        date_column(
            "held_on",
            "開催日",
            value=lambda row: row.gathering.held_on,
            sort="gathering__held_on",
            shape="long",
        ),
        Column(
            name="conference",
            label="会議体",
            heading=True,
            value=lambda row: row.conference.name,
            sort=("conference__name", "gathering__held_on"),
            link=lambda row: reverse("liaison:session-detail", args=[row.pk]),
            under=lambda row: row.season,
            under_label="時期",
        ),
        Column(
            name="scope",
            label="範囲",
            value=lambda row: row.conference.get_scope_display(),
            sort="conference__scope",
        ),
        Column(name="form", label="形式", value=lambda row: row.gathering.get_form_display()),
        chip_column("state", "状態", value=lambda row: row.gathering.get_state_display()),
        Column(name="reported", label="復命", value=lambda row: "あり" if row.report_back else None),
        Column(name="outline", label="概要", value=lambda row: row.gathering.outline, visible=False),
    )
    empty_title = "この年度の会議はありません"
    empty_text = "参加した会議を登録すると、開催日の順に並びます。"


class ConferenceTable(Table[Conference]):
    """Series of conferences."""

    caption = "会議体"
    counter = "の会議体"
    search = ("name", "organiser")
    search_label = "会議体・主催で絞る"
    default_sort = "name"
    columns = (
        Column(name="name", label="会議体", heading=True, sort=True),
        Column(name="scope", label="範囲", value=lambda row: row.get_scope_display(), sort=True),
        Column(name="organiser", label="主催", sort=True),
        Column(name="purpose", label="目的"),
    )
    empty_title = "会議体はまだありません"
    empty_text = "会議体を登録すると、開催を記録できます。"


class EditableConferenceTable(ConferenceTable):
    """The same with links to correct, for those who may."""

    columns = (
        Column(
            name="name",
            label="会議体",
            heading=True,
            sort=True,
            link=lambda row: reverse("liaison:conference-correct", args=[row.pk]),
        ),
        *ConferenceTable.columns[1:],
    )
