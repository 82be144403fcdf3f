"""年度と閉庁日: the opened years with their state, and the days on which the office is closed."""

from collections.abc import Sequence
from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.actions import do_add_closure, do_open_year, do_remove_closure
from tenshu.ground.calendar.business_days import YEAR_END
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.models import OfficeClosure, OpenedYear
from tenshu.ground.calendar.ui.forms import ClosureForm, YearForm
from tenshu.ground.ui.dates import day_text, moment_html
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.tables import Column, Table, chip_column


class OpenedYearTable(Table[OpenedYear]):
    """The years with records, the newest first."""

    caption = "開いた年度"
    counter = "年度"
    page_size = 50
    columns = (
        Column(
            name="label",
            label="年度",
            heading=True,
            value=lambda row: row.fiscal_year.label,
            link=lambda row: f"{reverse('annual:report')}?nendo={row.fiscal_year.short}",
        ),
        Column(name="span", label="期間", value=lambda row: _span(row.fiscal_year)),
        chip_column("state", "状態", value=lambda row: row.get_state_display()),
        Column(name="closed_at", label="締めた日時", show=lambda at: moment_html(at, "plain")),
        Column(
            name="closed_by", label="締めた人", value=lambda row: row.closed_by and row.closed_by.display_name
        ),
    )
    empty_title = "まだ開いた年度はありません"
    empty_text = "年度を開くと、その年度の記録を入れられます。"


def _span(year: FiscalYear) -> str:
    return f"{day_text(year.start, 'plain')}～{day_text(year.end, 'plain')}"


class ClosureTable(Table[OfficeClosure]):
    """Days on which the office is closed beside weekends and national holidays."""

    caption = "閉庁日"
    counter = "件"
    page_size = 100
    columns: ClassVar[Sequence[Column]] = (
        Column(name="name", label="名称", heading=True),
        Column(name="days", label="日", value=lambda row: closure_days(row)),
        Column(
            name="every_year", label="くり返し", value=lambda row: "毎年" if row.every_year else "この日だけ"
        ),
    )


class EditableClosureTable(ClosureTable):
    """The same with a way to remove a row, where it stands in the database."""

    columns: ClassVar[Sequence[Column]] = (
        *ClosureTable.columns,
        Column(
            name="remove",
            label="操作",
            value=lambda row: "外す" if row.pk else "登録がないときの決まり",
            link=lambda row: reverse("calendar:closure-remove", args=[row.pk]) if row.pk else None,
        ),
    )


def closure_days(closure: OfficeClosure) -> str:
    """12月29日～1月3日 for every year, 令和6年8月13日～令和6年8月15日 for once."""
    first, last = closure.first_day, closure.last_day
    if closure.every_year:
        texts = [f"{first.month}月{first.day}日", f"{last.month}月{last.day}日"]
    else:
        texts = [day_text(first), day_text(last)]
    return "～".join(dict.fromkeys(texts))


def year_list(request: HttpRequest) -> HttpResponse:
    """Years and closures; the secretariat opens and adds here."""
    may_edit = holds_any(signed_in(request), EDITORS)
    closures = list(OfficeClosure.objects.all())
    if not any(closure.every_year for closure in closures):
        closures.append(YEAR_END)
    table = EditableClosureTable if may_edit else ClosureTable
    context = {
        "years": OpenedYearTable(request, OpenedYear.objects.select_related("closed_by"), id="years"),
        "closures": table(request, closures, id="closures"),
        "may_edit": may_edit,
    }
    return render(request, "calendar/year_list.html", context)


def year_open(request: HttpRequest) -> HttpResponse:
    """Open a year; the one after the newest is proposed."""
    newest = OpenedYear.objects.order_by("-year").first()
    proposed = newest.fiscal_year.next if newest else FiscalYear.containing(timezone.localdate())
    form = YearForm(request.POST or None, initial={"year": proposed.label})
    if request.method == "POST" and form.is_valid():
        year: FiscalYear = form.cleaned_data["year"]
        do_open_year(year, acting_user=signed_in(request))
        messages.success(request, f"{year.label}を開きました。右上の年度の切替えで選べます。")
        return redirect("calendar:year-list")
    return _form(
        request,
        form,
        "年度を開く",
        "開いた年度には、記録を入れられます。前の年度は、締めるまでそのまま直せます。",
        "この年度を開く",
    )


def closure_add(request: HttpRequest) -> HttpResponse:
    """Add a closure."""
    form = ClosureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        closure = do_add_closure(
            values["name"],
            values["first_day"],
            values["last_day"],
            every_year=values["every_year"],
            acting_user=signed_in(request),
        )
        messages.success(request, f"閉庁日「{closure.name}」（{closure_days(closure)}）を加えました。")
        return redirect("calendar:year-list")
    return _form(
        request,
        form,
        "閉庁日を加える",
        "土曜・日曜・祝日のほかに閉庁する日です。期限までの開庁日の数え方が変わります。",
        "閉庁日を加える",
    )


def _form(
    request: HttpRequest, form: YearForm | ClosureForm, title: str, lead: str, action_label: str
) -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead, "action_label": action_label}
    return render(request, "calendar/form.html", context, status=422 if form.errors else 200)


def closure_remove(request: HttpRequest, closure_id: int) -> HttpResponse:
    """Remove a closure, after a question."""
    closure = OfficeClosure.objects.filter(pk=closure_id).first()
    if closure is None:
        raise Http404
    back = reverse("calendar:year-list")
    if request.method == "POST":
        do_remove_closure(closure, acting_user=signed_in(request))
        messages.success(request, f"閉庁日「{closure.name}」を外しました。")
        return redirect(back)
    context = {
        "form": ConfirmForm(),
        "title": f"閉庁日「{closure.name}」を外す",
        "consequence": f"{closure_days(closure)}を開庁日として数えるようになります。",
        "action_label": "閉庁日を外す",
        "danger": False,
        "back_url": back,
    }
    return render(request, "ui/confirm.html", context)
