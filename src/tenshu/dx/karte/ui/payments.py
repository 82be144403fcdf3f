"""Payments: the list of a year, taking an export in, matching, deciding by hand."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenshu.dx.karte import actions
from tenshu.dx.karte.models import Payment
from tenshu.dx.karte.money_sheets import MATCHING_RULE_TABLE, PAYMENT_TABLE
from tenshu.dx.karte.payment_reading import payments_in
from tenshu.dx.karte.ui.forms import AssignForm, PaymentFileForm
from tenshu.dx.karte.ui.money_tables import PaymentTable
from tenshu.dx.karte.ui.money_years import money_year, year_views
from tenshu.dx.karte.ui.tabs import tabs
from tenshu.dx.karte.ui.writing import PAGE, context_of
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.queries import systems_for
from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.parts import KeyFact
from tenshu.mechanisms.gathering.ui.excel import excel_links


def payment_list(request: HttpRequest) -> HttpResponse:
    """The payments of the year, with how many have no system yet."""
    user, year = signed_in(request), money_year(request)
    seen = Q(system__in=systems_for(user)) | Q(system__isnull=True)
    rows = Payment.objects.filter(seen, fiscal_year=year.year).select_related("system")
    open_ones = rows.filter(system=None, by_hand=False).count()
    years = Payment.objects.order_by().values_list("fiscal_year", flat=True).distinct()
    files = rows.order_by("source_file").values_list("source_file", flat=True).distinct()
    context = {
        "year": year,
        "tabs": tabs("payment-list"),
        "views": year_views("payment-list", years, year),
        "facts": [
            KeyFact("支払い", number_text(rows.count()), "件"),
            KeyFact("システム未定", number_text(open_ones), "件", f"{_list_url(year)}&unmatched=1"),
        ],
        "files": [(name, rows.filter(source_file=name).values_list("pk", flat=True)[0]) for name in files],
        "may_write": holds_any(user, EDITORS),
        "excel": excel_links(request, [PAYMENT_TABLE, MATCHING_RULE_TABLE]),
    }
    return PaymentTable(request, rows).respond("karte/payment_list.html", context)


def _list_url(year: FiscalYear | None = None) -> str:
    page = reverse("karte:payment-list")
    return f"{page}?of={year}" if year else page


def payment_import(request: HttpRequest) -> HttpResponse:
    """Take an accounting export in and match it."""
    user = signed_in(request)

    def act(values: dict[str, Any]) -> tuple[int, int, FiscalYear]:
        payments = payments_in(values["file"])
        matched = actions.do_import_payments(payments, acting_user=user)
        return len(payments), matched, FiscalYear(payments[0].fiscal_year)

    return answer_form(
        request,
        PaymentFileForm(request.POST or None, request.FILES or None),
        act,
        template=PAGE,
        context=context_of("会計の出力を取り込む", "取り込む", _list_url()),
        message=lambda found: f"{found[0]:,}件を取り込み、{found[1]:,}件のシステムが決まりました。",
        to=lambda found: _list_url(found[2]),
    )


@require_POST
def payment_match(request: HttpRequest) -> HttpResponse:
    """Apply the rules to the payments of the year again."""
    user, year = signed_in(request), money_year(request)
    found = actions.do_match_payments(Payment.objects.filter(fiscal_year=year.year), acting_user=user)
    messages.success(request, f"照合の規則で、{found:,}件のシステムが決まっています。")
    return redirect(_list_url(year))


def _access_payment(request: HttpRequest, pk: int) -> Payment:
    # The permission table lets only the secretariat come here: an export holds payments of the whole office.
    signed_in(request)
    found = Payment.objects.select_related("system").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def payment_assign(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Decide which system a payment was for."""
    user = signed_in(request)
    payment = _access_payment(request, payment_id)
    number = payment.system.number if payment.system else ""
    year = FiscalYear(payment.fiscal_year)
    return answer_form(
        request,
        AssignForm(request.POST or None, initial={"system": number}),
        lambda values: actions.do_assign_payment(payment, values["system"], acting_user=user),
        template=PAGE,
        context=context_of(
            f"「{payment}」のシステムを決める",
            "決める",
            _list_url(year),
            None,
            "手で決めた支払いは、照合の規則では変わりません。",
        ),
        message="システムを決めました。",
        to=lambda _: _list_url(year),
    )


def payment_remove(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Take back the whole import to which a payment belongs."""
    user = signed_in(request)
    payment = _access_payment(request, payment_id)
    name, year = payment.source_file, FiscalYear(payment.fiscal_year)
    count = Payment.objects.filter(source_file=name).count()
    return answer_form(
        request,
        ConfirmForm(request.POST or None, ask_reason=True),
        lambda values: actions.do_remove_payments(name, acting_user=user, reason=values["reason"]),
        template="ui/confirm.html",
        context=context_of(f"「{name}」の取込みを消す", "消す", _list_url(year))
        | {"consequence": f"取り込んだ支払い{count:,}件が消えます。手で決めたシステムも消えます。"},
        message="取込みを消しました。",
        to=lambda _: _list_url(year),
    )
