"""The list of staff and one person with all posts."""

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.hub import sections
from tenshu.ground.office.gates import access_staff, sees_all_details, staff_with_details
from tenshu.ground.office.models import EmploymentKind, Post, PostRank, Staff, search_form
from tenshu.ground.office.queries import (
    Organisation,
    main_posts,
    nearest_division,
    posts_as_of,
    staff_in_service,
)
from tenshu.ground.office.ui.tabs import room_tabs
from tenshu.ground.office.ui.views.units import DayForm, asked_day
from tenshu.ground.ui.columns import date_column
from tenshu.ground.ui.dates import day_text
from tenshu.ground.ui.fields import DateField
from tenshu.ground.ui.parts import Fact, KeyFact
from tenshu.ground.ui.tables import Column, Table

VIEWS = (("concurrent", "兼務"), ("none", "配属なし"), ("left", "退職"))


class WarekiDateFilter(django_filters.DateFilter):
    """A day, in 和暦 or western."""

    field_class = DateField


def _department_choices(organisation: Organisation) -> list[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in organisation.departments()]


def _division_choices(organisation: Organisation) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit in organisation.divisions():
        top = organisation.department_of(unit.pk)
        groups.setdefault(top.name if top else "", []).append((unit.code, unit.name))
    return list(groups.items())


def _unchanged(rows: QuerySet[Any], _: str, __: Any) -> QuerySet[Any]:
    """The view has chosen the rows by this value already."""
    return rows


_COMMON: dict[str, Any] = {
    "view": django_filters.ChoiceFilter(
        label="見る人", choices=VIEWS, empty_label="在職", method=_unchanged, required=False
    ),
    "day": WarekiDateFilter(label="基準日", method=_unchanged),
}


class PeopleFilter(django_filters.FilterSet):
    """Which people, as of which day."""

    view = _COMMON["view"]
    day = _COMMON["day"]

    class Meta:
        model = Staff
        fields: ClassVar[list[str]] = []


def post_filter(organisation: Organisation, *, details: bool) -> type[django_filters.FilterSet]:
    """The filters of a day: its departments and divisions; employment only for those who may see it."""

    def standing(rows: QuerySet[Post], _: str, code: str) -> QuerySet[Post]:
        unit = organisation.by_code.get(code)
        return rows.filter(unit_id__in=organisation.below(unit.pk)) if unit else rows.none()

    fields: dict[str, Any] = {
        **_COMMON,
        "department": django_filters.ChoiceFilter(
            label="部局", choices=_department_choices(organisation), empty_label="すべて", method="standing"
        ),
        "division": django_filters.ChoiceFilter(
            label="所属", choices=_division_choices(organisation), empty_label="すべて", method="standing"
        ),
        "rank": django_filters.ChoiceFilter(label="職位", choices=PostRank.choices, empty_label="すべて"),
        "officer": django_filters.ChoiceFilter(
            label="担当者",
            choices=[("1", "システム担当者")],
            empty_label="すべて",
            method=lambda rows, _, value: rows.filter(is_officer=True),
        ),
    }
    if details:
        fields["employment"] = django_filters.ChoiceFilter(
            label="任用区分",
            field_name="staff__employment",
            choices=EmploymentKind.choices,
            empty_label="すべて",
        )
    meta = type("Meta", (), {"model": Post, "fields": []})
    return type(
        "PostFilter",
        (django_filters.FilterSet,),
        {**fields, "standing": staticmethod(standing), "Meta": meta},
    )


class _KanaSearch[Row](Table[Row]):
    """Finds people by name, reading or number, however they are typed."""

    def _found_query(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        for word in search_form(self.words.replace(" ", "\t")).split("\t"):
            rows = rows.filter(**{f"{self.search[0]}__contains": word}) if word else rows
        return rows


def _link(staff_id: int) -> str:
    return reverse("office:staff-detail", args=[staff_id])


class PostTable(_KanaSearch[Post]):
    """People with their post of the day."""

    caption = "職員"
    counter = "人"
    search = ("staff__search_text",)
    search_label = "氏名・かな・職員番号で絞る"
    default_sort = "unit"
    page_size = 40
    columns: ClassVar[Sequence[Column]] = (
        Column(
            name="number",
            label="職員番号",
            value=lambda post: post.staff.number,
            sort="staff__number",
            wrap=False,
        ),
        Column(
            name="name",
            label="氏名",
            heading=True,
            value=lambda post: post.staff.name,
            sort="staff__kana_order",
            link=lambda post: _link(post.staff_id),
            under=lambda post: post.staff.kana,
            under_label="かな",
        ),
        Column(
            name="unit",
            label="所属",
            value=lambda post: _division_name(post),
            sort=("unit__code", "staff__number"),
            under=lambda post: post.unit.name if post.unit.kind == "group" else "",
            under_label="グループ",
        ),
        Column(
            name="title", label="職名", value=lambda post: post.title or post.get_rank_display(), sort="title"
        ),
        Column(name="officer", label="担当", value=lambda post: "システム担当者" if post.is_officer else ""),
        date_column("valid_from", "いまの配属から", visible=False),
    )
    empty_title = "この日の職員はまだいません"
    empty_text = "職員.xlsx と 配属.xlsx を取り込むと、ここに並びます。"


class PostTableWithDetails(PostTable):
    """The same with mail and employment, for those who may see them."""

    columns: ClassVar[Sequence[Column]] = (
        *PostTable.columns,
        Column(
            name="employment",
            label="任用区分",
            value=lambda post: post.staff.get_employment_display(),
            sort="staff__employment",
        ),
        Column(name="mail", label="メール", value=lambda post: post.staff.mail, visible=False),
    )


def _division_name(post: Post) -> str:
    division = nearest_division(post.unit) or post.unit
    return division.full_name


class StaffTable(_KanaSearch[Staff]):
    """People without a post of the day."""

    caption = "職員"
    counter = "人"
    search = ("search_text",)
    search_label = "氏名・かな・職員番号で絞る"
    filterset_class = PeopleFilter
    default_sort = "number"
    page_size = 40
    columns = (
        Column(name="number", label="職員番号", sort=True, wrap=False),
        Column(
            name="name",
            label="氏名",
            heading=True,
            sort="kana_order",
            link=lambda staff: _link(staff.pk),
            under=lambda staff: staff.kana,
            under_label="かな",
        ),
        date_column("joined_on", "採用日"),
        date_column("left_on", "退職日"),
    )
    empty_title = "当てはまる職員はいません"
    empty_text = "在職している人は全員どこかに配属されています。"


def staff_list(request: HttpRequest) -> HttpResponse:
    """Everybody as of a day, or those who hold a second post, have none, or have left."""
    user = signed_in(request)
    form = DayForm({"day": request.GET.get("day", "")})
    day = asked_day(request, form)
    view = request.GET.get("view", "")
    table = _table(request, user, view, day)
    table.note = f"{day_text(day, 'plain')}現在"  # type: ignore[misc]
    context = {"tabs": room_tabs(user, "office:staff-list"), "may_edit": holds_any(user, EDITORS)}
    return table.respond("office/staff_list.html", context)


def _table(request: HttpRequest, user: User, view: str, day: datetime.date) -> Table[Any]:
    if view in ("none", "left"):
        posts = Post.objects.as_of(day).filter(staff=OuterRef("pk"))
        gone = Q(left_on__lt=day)
        people = Staff.objects.filter(gone) if view == "left" else Staff.objects.filter(staff_in_service(day))
        return StaffTable(request, people.exclude(Exists(posts)) if view == "none" else people)
    details = sees_all_details(user)
    table: PostTable = (PostTableWithDetails if details else PostTable)(
        request, posts_as_of(day).filter(is_concurrent=view == "concurrent")
    )
    table.filterset_class = post_filter(Organisation.on(day), details=details)  # type: ignore[misc]
    return table


def staff_detail(request: HttpRequest, staff_id: int) -> HttpResponse:
    """One person: where they work and worked."""
    user = signed_in(request)
    staff = access_staff(user, staff_id)
    day = asked_day(request, DayForm({"day": request.GET.get("day", "")}))
    post = main_posts([staff.pk], day).get(staff.pk)
    posts = staff.posts.select_related("unit__parent__parent__parent").order_by(
        "-valid_from", "is_concurrent"
    )
    context = {
        "staff": staff,
        "day": day,
        "post": post,
        "division": nearest_division(post.unit) if post else None,
        "posts": list(posts),
        "facts": _key_facts(post),
        "personal": _personal(staff) if staff_with_details(user, [staff.pk]) else [],
        "may_edit": holds_any(user, EDITORS),
        "parts": sections("staff_hub", staff, user, year_of(request)),
    }
    return render(request, "office/staff_detail.html", context)


def _key_facts(post: Post | None) -> list[KeyFact]:
    if post is None:
        return []
    division = nearest_division(post.unit)
    return [
        KeyFact(
            "所属", (division or post.unit).full_name, url=reverse("office:unit-detail", args=[post.unit_id])
        ),
        KeyFact("職名", post.title or post.get_rank_display(), post.get_rank_display() if post.title else ""),
        KeyFact("システム担当者", "はい" if post.is_officer else "いいえ"),
    ]


def _personal(staff: Staff) -> list[Fact]:
    return [
        Fact("メール", staff.mail or "なし"),
        Fact("任用区分", staff.get_employment_display()),
    ]
