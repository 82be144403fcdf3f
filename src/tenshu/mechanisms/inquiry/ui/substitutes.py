"""Who confirms while a head is away: the list, naming somebody, ending it."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from tenshu.engines.japanese import fold_width
from tenshu.ground.access.gates import signed_in
from tenshu.ground.office.models import Staff
from tenshu.ground.office.ui.choosing import UnitField, UnitForm
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm, DateField
from tenshu.ground.ui.parts import Crumb
from tenshu.ground.ui.tables import Column, Table, date_column
from tenshu.mechanisms.gathering.ui.cells import link, together
from tenshu.mechanisms.inquiry.actions.substitutes import do_end_substitute, do_name_substitute
from tenshu.mechanisms.inquiry.models import Substitute
from tenshu.mechanisms.inquiry.queries import may_name_substitute, named_by, substitutes_for


class SubstituteForm(UnitForm):
    """Who stands in for whom, from when until when."""

    units_on: ClassVar[dict[str, str]] = {"unit": ""}
    unit = UnitField(label="所属")
    staff = forms.CharField(label="代決者の職員番号", max_length=20)
    valid_from = DateField(label="始めの日")
    valid_until = DateField(
        label="終わりの日", required=False, help_text="分からなければ空欄にし、あとで終わりにします"
    )
    reason = forms.CharField(label="理由", max_length=300, help_text="例：出張、休暇")

    def clean_staff(self) -> Staff | str:
        """The member of staff with the number."""
        number = fold_width(self.cleaned_data["staff"]).strip()
        found = Staff.objects.filter(number=number, left_on=None).first()
        if found is None:
            raise forms.ValidationError(f"職員番号「{number}」の職員はいません。")
        return found


class SubstituteTable(Table[Substitute]):
    """Substitutes, the newest first."""

    caption, counter = "代決者", "件"
    search, search_label = ("unit__name", "staff__name", "reason"), "所属・職員・理由で絞る"
    default_sort = "-valid_from"
    empty_title = "代決者はいません"
    empty_text = "所属長が不在の間に確認する人を決めると、ここに並びます。"


def _trail() -> list[Crumb]:
    return [Crumb("照会", reverse("inquiry:campaign-list"))]


def substitute_list(request: HttpRequest) -> HttpResponse:
    """The substitutes that the person may see."""
    user = signed_in(request)
    names = may_name_substitute(user)
    today = timezone.localdate()
    table = SubstituteTable(request, substitutes_for(user).select_related("unit", "staff"))
    columns = [
        Column(name="unit", label="所属", heading=True, value=lambda row: row.unit.name, sort="unit__name"),
        Column(name="staff", label="代決者", value=lambda row: row.staff.name, sort="staff__kana"),
        date_column("valid_from", "始め"),
        date_column("valid_until", "終わり"),
        Column(name="reason", label="理由"),
    ]

    def buttons(row: Substitute) -> Any:
        if not names or (row.valid_until is not None and row.valid_until <= today):
            return ""
        return together([link("終わりにする", reverse("inquiry:substitute-end", args=[row.pk]), row)])

    if names:
        columns.append(Column(name="buttons", label="操作", value=buttons, export=lambda _: ""))
    table.columns = tuple(columns)  # type: ignore[misc]
    return table.respond("inquiry/substitute_list.html", {"may_write": names, "trail": _trail()})


def substitute_add(request: HttpRequest) -> HttpResponse:
    """Name a substitute: a head for the own unit, the secretariat for any."""
    user = signed_in(request)
    if not may_name_substitute(user):
        raise PermissionDenied("代決者を決められるのは、所属長と事務局です。")
    form = SubstituteForm(
        request.POST if request.method == "POST" else None, initial={"valid_from": timezone.localdate()}
    )

    def act(values: dict[str, Any]) -> Substitute:
        if not named_by(user, values["unit"].pk):
            raise forms.ValidationError({"unit": "自分が所属長である所属を選んでください。"})
        return do_name_substitute(Substitute(**values), acting_user=user)

    back = reverse("inquiry:substitute-list")
    return answer_form(
        request,
        form,
        act,
        template="ui/form_page.html",
        context={
            "title": "代決者を決める",
            "action_label": "決める",
            "back_url": back,
            "trail": [*_trail(), Crumb("代決者", back)],
        },
        message="代決者を決めました。",
        to=lambda _: back,
    )


def substitute_end(request: HttpRequest, substitute_id: int) -> HttpResponse:
    """The head is back."""
    user = signed_in(request)
    held = substitutes_for(user).select_related("unit", "staff").filter(pk=substitute_id).first()
    if held is None:
        raise Http404
    if not named_by(user, held.unit_id):
        raise PermissionDenied("代決者を終わりにできるのは、所属長と事務局です。")
    back = reverse("inquiry:substitute-list")
    return answer_form(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda _: do_end_substitute(held, timezone.localdate(), acting_user=user),
        template="ui/confirm.html",
        context={
            "title": "代決を終わりにする",
            "consequence": f"{held.unit.name}の{held.staff.name}の代決を、今日までにします。これまでの確認は残ります。",
            "action_label": "終わりにする",
            "danger": False,
            "back_url": back,
        },
        message="代決を終わりにしました。",
        to=lambda _: back,
    )
