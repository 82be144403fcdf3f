"""The record's pages: the list with filters and Excel, and one row with before and after."""

import datetime
import uuid

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.gates import signed_in
from tenshu.ground.audit.models import AuditRow, Seal
from tenshu.ground.audit.queries import rows_for
from tenshu.ground.audit.ui.field_values import shown_value
from tenshu.ground.audit.verbs import field_label, target_label, verb_label, verbs_called
from tenshu.ground.ui.fields import DateField
from tenshu.ground.ui.tables import Column, Table

CHANNELS = [
    ("web", "画面"),
    ("command", "コマンド"),
    ("import", "取込"),
    ("api", "API"),
    ("job", "自動処理"),
    ("internal", "内部"),
]


def of_channel(channel: str) -> Q:
    """Rows that came this way; those of the API name their token: api:12."""
    return Q(channel__startswith="api:") if channel == "api" else Q(channel=channel)


def channel_label(channel: str) -> str:
    """画面, or API（トークン12）."""
    kind, _, token = channel.partition(":")
    label = dict(CHANNELS).get(kind, kind)
    return f"{label}（トークン{token}）" if token else label


FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(9000, 1, 1)
"""Nothing was recorded beyond; the ends of the calendar have no moment in another time zone."""


class WarekiDateFilter(django_filters.DateFilter):
    """A day, in 和暦 or western."""

    field_class = DateField


class RowFilter(django_filters.FilterSet):
    """Who, how, from when to when."""

    since = WarekiDateFilter(label="この日から", method="on_or_after")
    until = WarekiDateFilter(label="この日まで", method="on_or_before")
    channel = django_filters.ChoiceFilter(
        label="経路", choices=CHANNELS, empty_label="すべて", method="of_channel"
    )

    class Meta:
        model = AuditRow
        fields: list[str] = []

    def of_channel(self, rows: QuerySet[AuditRow], _: str, channel: str) -> QuerySet[AuditRow]:
        return rows.filter(of_channel(channel))

    # Moments, not days of moments: a day of each row would have to be worked out for the whole record.
    def on_or_after(self, rows: QuerySet[AuditRow], _: str, day: datetime.date) -> QuerySet[AuditRow]:
        return rows.filter(at__gte=midnight(day))

    def on_or_before(self, rows: QuerySet[AuditRow], _: str, day: datetime.date) -> QuerySet[AuditRow]:
        return rows.filter(at__lt=midnight(min(day, LAST_DAY) + datetime.timedelta(days=1)))


def midnight(day: datetime.date) -> datetime.datetime:
    """The moment at which ``day`` begins, within what the calendar holds."""
    day = min(max(day, FIRST_DAY), LAST_DAY)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


class RowTable(Table[AuditRow]):
    """Changes, newest first."""

    caption = "監査記録"
    counter = "件の変更"
    search = ("target_label",)  # shows the box; what is looked into is told by meant_by
    search_label = "人・対象・操作で絞る"
    filterset_class = RowFilter
    default_sort = "-at"
    page_size = 40
    counted_up_to = 10_000
    columns = (
        Column(name="at", label="日時", sort=("at", "pk"), wrap=False),
        Column(
            name="target_label",
            label="対象",
            heading=True,
            link=lambda row: reverse("audit:row-detail", args=[row.pk]),
            under=lambda row: target_label(row.target_type),
            under_label="対象の種類",
        ),
        Column(name="verb", label="操作", value=lambda row: verb_label(row.verb), sort=True),
        Column(name="actor_name", label="操作した人", sort=True),
        Column(name="channel", label="経路", value=lambda row: channel_label(row.channel)),
        Column(name="address", label="接続元", visible=False),
        Column(name="reason", label="理由", visible=False),
        Column(name="before", label="変更前", visible=False, value=lambda row: _text(row.before)),
        Column(name="after", label="変更後", visible=False, value=lambda row: _text(row.after)),
    )
    empty_title = "当てはまる変更はありません"
    empty_text = "日付や経路の絞り込みを外すと、すべての変更が並びます。"

    def _found_query(self, rows: QuerySet[AuditRow]) -> QuerySet[AuditRow]:
        for word in self.words.split():
            rows = rows.filter(meant_by(word))
        return rows

    def _sorted_query(self, rows: QuerySet[AuditRow]) -> QuerySet[AuditRow]:
        # A word is looked for in row after row as they lie; the keys have the order of time.
        if self.words and self.query.get("sort", self.default_sort) == self.default_sort:
            return rows.order_by("-pk")
        return super()._sorted_query(rows)


def meant_by(word: str) -> Q:
    """The rows that a word means: one operation by its id, else a person, an object or a verb."""
    try:
        return Q(request_id=uuid.UUID(word))
    except ValueError:
        pass
    if word.isascii():
        return (
            Q(target_key=word)
            | Q(verb__icontains=word)
            | Q(actor_name__icontains=word)
            | Q(target_label__icontains=word)
        )
    return Q(target_label__contains=word) | Q(actor_name__contains=word) | Q(verb__in=verbs_called(word))


def _text(values: dict[str, object]) -> str:
    return "、".join(f"{name}={value}" for name, value in values.items())


def row_list(request: HttpRequest) -> HttpResponse:
    """The record."""
    return RowTable(request, rows_for(signed_in(request))).respond("audit/row_list.html")


def row_detail(request: HttpRequest, row_id: int) -> HttpResponse:
    """One change: field by field, its seal, and what else the same operation changed."""
    rows = rows_for(signed_in(request))
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise Http404
    names = sorted({*row.before, *row.after} - {"id"})
    context = {
        "row": row,
        "verb": verb_label(row.verb),
        "kind": target_label(row.target_type),
        "channel": channel_label(row.channel),
        "fields": [
            (
                field_label(row.target_type, name),
                shown_value(row.target_type, name, row.before.get(name)),
                shown_value(row.target_type, name, row.after.get(name)),
            )
            for name in names
        ],
        "seal": Seal.objects.filter(row_uid=row.uid).first(),
        "siblings": rows.filter(request_id=row.request_id).exclude(pk=row.pk).order_by("pk")[:20],
        "sibling_count": rows.filter(request_id=row.request_id).count() - 1,
    }
    return render(request, "audit/row_detail.html", context)
