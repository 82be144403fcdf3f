"""Payments of the accounting export: the list, taking an export in, matching, deciding by hand."""

from typing import Any, Literal

from django.db.models import Q
from django.http import Http404
from pydantic import BaseModel, ConfigDict

from tenshu.dx.karte import actions
from tenshu.dx.karte.api.shapes import ROUTES, WhyQuery, YearQuery
from tenshu.dx.karte.models import Payment
from tenshu.dx.karte.payment_reading import payments_in
from tenshu.dx.karte.ui.forms import AssignForm
from tenshu.ground.api.filling import filled
from tenshu.ground.api.model_shapes import Number, ShortYear
from tenshu.ground.api.paging import Page, page_of
from tenshu.ground.api.routes import ApiRequest, File, Query, UploadedFile
from tenshu.ground.api.values import Body, Day, Flag, Out, SystemRef, Text, Year, fiscal_year
from tenshu.ground.systems.queries import systems_for

ONE = "/payments/{int:payment_id}"
SAME = (
    "source_file", "source_row", "fiscal_year", "department", "division", "paid_on", "account", "section",
    "description", "amount", "project", "by_hand",
)  # fmt: skip


class PaymentOut(Out):
    """A payment as it was exported, and the system that it was for."""

    id: int
    source_file: str
    source_row: int
    fiscal_year: ShortYear
    department: str
    division: str
    paid_on: Day
    account: str
    section: str
    description: str
    amount: int
    project: str
    system: SystemRef | None
    by_hand: bool

    @classmethod
    def of(cls, row: Payment) -> "PaymentOut":
        """The payment as it is answered."""
        same: dict[str, Any] = {name: getattr(row, name) for name in SAME}
        return cls(id=row.pk, system=SystemRef.of(row.system) if row.system else None, **same)


class PaymentQuery(YearQuery):
    """Which payments of a year."""

    q: Text = ""
    unmatched: Flag | Literal[""] = ""
    sort: Literal["paid_on", "-paid_on", "amount", "-amount"] = "paid_on"


class MatchQuery(BaseModel):
    """The payments of which year."""

    model_config = ConfigDict(extra="forbid")

    year: Year | Literal[""] = ""


class MatchedOut(Out):
    """How many payments were looked at, and how many have their system."""

    payments: int
    matched: int


class AssignIn(Body):
    """The number of the system that a payment was for; null: none of them."""

    system: Number | None


@ROUTES.get("/payments", page="karte:payment-list", gives=Page[PaymentOut], summary="支払いの一覧（年度）")
def payment_list(request: ApiRequest, query: Query[PaymentQuery]) -> Page[PaymentOut]:
    """The payments of a year; ``unmatched=true``: those whose system is still open."""
    seen = Q(system__in=systems_for(request.person)) | Q(system__isnull=True)
    rows = Payment.objects.filter(seen, fiscal_year=fiscal_year(query.year).year).select_related("system")
    for word in query.q.split():
        rows = rows.filter(
            Q(description__icontains=word) | Q(project__icontains=word) | Q(division__icontains=word)
        )
    if query.unmatched == "true":
        rows = rows.filter(system=None, by_hand=False)
    elif query.unmatched == "false":
        rows = rows.exclude(system=None, by_hand=False)
    return page_of(request, rows.order_by(query.sort, "pk"), query, PaymentOut.of)


@ROUTES.post(
    "/payments/import",
    page="karte:payment-import",
    gives=MatchedOut,
    summary="会計の出力を取り込む",
    status=201,
)
def payment_import(request: ApiRequest, file: File[UploadedFile]) -> MatchedOut:
    """Take an accounting export (.xlsx or .csv) in and match it."""
    payments = payments_in(file)
    matched = actions.do_import_payments(payments, acting_user=request.person)
    return MatchedOut(payments=len(payments), matched=matched)


@ROUTES.post(
    "/payments/match", page="karte:payment-match", gives=MatchedOut, summary="支払いを規則で照合し直す"
)
def payment_match(request: ApiRequest, query: Query[MatchQuery]) -> MatchedOut:
    """Apply the rules to the payments of a year again; those decided by hand stay."""
    rows = list(Payment.objects.filter(fiscal_year=fiscal_year(query.year).year))
    matched = actions.do_match_payments(rows, acting_user=request.person)
    return MatchedOut(payments=len(rows), matched=matched)


@ROUTES.put(
    f"{ONE}/system", page="karte:payment-assign", gives=PaymentOut, summary="支払いのシステムを決める"
)
def payment_assign(request: ApiRequest, payment_id: int, body: AssignIn) -> PaymentOut:
    """Decide by hand which system a payment was for."""
    payment = _found(payment_id)
    system = filled(AssignForm, body)["system"]
    actions.do_assign_payment(payment, system, acting_user=request.person)
    return PaymentOut.of(payment)


@ROUTES.delete(f"{ONE}/import", page="karte:payment-remove", gives=None, summary="支払いの取込みを消す")
def payment_remove(request: ApiRequest, payment_id: int, query: Query[WhyQuery]) -> None:
    """Take back the whole import to which a payment belongs."""
    name = _found(payment_id).source_file
    actions.do_remove_payments(name, acting_user=request.person, reason=query.reason)


def _found(payment_id: int) -> Payment:
    # The permission table lets only the secretariat come here: an export holds payments of the whole office.
    rows = Payment.objects.select_for_update(of=("self",)).select_related("system")
    found = rows.filter(pk=payment_id).first()
    if found is None:
        raise Http404
    return found
