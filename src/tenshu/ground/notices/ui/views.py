"""お知らせ: one's own notices and how one wants them as mail."""

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from tenshu.ground.access.gates import signed_in
from tenshu.ground.notices.actions import do_mark_read, do_set_preferences
from tenshu.ground.notices.kinds import kind_label
from tenshu.ground.notices.models import Notice
from tenshu.ground.notices.outbox import address_of
from tenshu.ground.notices.queries import notices_of, unread_count
from tenshu.ground.notices.setup import mail_setup
from tenshu.ground.notices.ui.forms import PreferenceForm
from tenshu.ground.ui.answering import tell
from tenshu.ground.ui.dates import moment_html
from tenshu.ground.ui.parts import Tab
from tenshu.ground.ui.tables import Column, Table, date_column


def notice_filter(rows: QuerySet[Notice]) -> type[django_filters.FilterSet]:
    """The kinds that the person has notices of."""
    found = sorted(set(rows.order_by().values_list("kind", flat=True).distinct()))
    return type(
        "NoticeFilter",
        (django_filters.FilterSet,),
        {
            "kind": django_filters.ChoiceFilter(
                label="種類", choices=[(key, kind_label(key)) for key in found], empty_label="すべて"
            ),
            "Meta": type("Meta", (), {"model": Notice, "fields": []}),
        },
    )


def _title(notice: Notice) -> Any:
    """The unread ones carry their mark in words, so that they are told apart without colour."""
    if notice.read_at is None:
        return format_html('<span class="sr">{}</span><b>{}</b>', "未読：", notice.title)
    return format_html("<span>{}</span>", notice.title)


class NoticeTable(Table[Notice]):
    """One's own notices, the newest first."""

    caption = "お知らせ"
    counter = "件"
    search = ("title", "body")
    search_label = "件名・本文で絞る"
    default_sort = "-created_at"
    columns = (
        Column(
            name="title",
            label="件名",
            heading=True,
            value=_title,
            export=lambda row: row.title,
            link=lambda row: f"{reverse('notices:notice-open')}?notice={row.pk}",
            under=lambda row: row.body,
            under_label="本文",
        ),
        Column(name="kind", label="種類", value=lambda row: row.kind_label),
        date_column("due", "期限"),
        Column(
            name="created_at",
            label="日時",
            show=lambda at: moment_html(at, "no_year"),
            sort=("created_at", "pk"),
            wrap=False,
        ),
        Column(
            name="state",
            label="既読",
            value=lambda row: "未読" if row.read_at is None else "既読",
            wrap=False,
        ),
    )


class UnreadTable(NoticeTable):
    """What is left to read."""

    empty_title = "未読のお知らせはありません"
    empty_text = "読んだお知らせは「すべて」に残っています。"


class AllTable(NoticeTable):
    """Everything."""

    empty_title = "お知らせはまだありません"
    empty_text = "会議の案内や期限の知らせが、ここに届きます。"


def notice_list(request: HttpRequest) -> HttpResponse:
    """The unread ones first; everything under the second tab."""
    user = signed_in(request)
    every = request.GET.get("view") == "all"
    rows = notices_of(user)
    unread = unread_count(user)
    table_class: type[NoticeTable] = AllTable if every else UnreadTable
    made = type("Shown", (table_class,), {"filterset_class": notice_filter(rows)})
    table: NoticeTable = made(request, rows if every else rows.filter(read_at=None))
    here = reverse("notices:notice-list")
    tabs = [Tab("未読", here, not every, unread), Tab("すべて", f"{here}?view=all", every)]
    return table.respond("notices/notice_list.html", {"tabs": tabs, "unread": unread})


def notice_open(request: HttpRequest) -> HttpResponse:
    """Go to what a notice is about, and take it as read; without a page of its own, back to the list."""
    user = signed_in(request)
    number = request.GET.get("notice", "")
    known = number.isascii() and number.isdigit() and len(number) < 18
    notice = notices_of(user).filter(pk=int(number)).first() if known else None
    if notice is None:
        return redirect("notices:notice-list")
    do_mark_read(user, [notice.pk])
    # Paths of the house only: what a room wrote down is never a way to another host.
    if notice.url.startswith("/") and not notice.url.startswith(("//", "/\\")):
        return redirect(notice.url)
    return redirect(f"{reverse('notices:notice-list')}?view=all")


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """All of one's own."""
    count = do_mark_read(signed_in(request))
    messages.success(
        request, f"{count}件を既読にしました。" if count else "未読のお知らせはありませんでした。"
    )
    return redirect("notices:notice-list")


def preferences(request: HttpRequest) -> HttpResponse:
    """How one wants each kind as mail."""
    user = signed_in(request)
    form = PreferenceForm(request.POST or None, person=user)
    if request.method == "POST" and form.is_valid():
        try:
            do_set_preferences(user, form.timings, acting_user=user)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "通知の受け取り方を変えました。")
            return redirect("notices:preferences")
    setup = mail_setup()
    context = {
        "form": form,
        "address": address_of(user),
        "mail_is_on": setup.smtp is not None,
        "opens": setup.opens,
        "closes": setup.closes,
        "flood": setup.flood,
    }
    return render(request, "notices/preferences.html", context, status=422 if form.errors else 200)
