"""The steps of a sheet's way, each on a page that asks before it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import Truncator

from tenshu.engines.japanese import fold_width
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.office.models import Staff, Unit
from tenshu.ground.office.ui.choosing import UnitField, UnitForm
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import DateField, Form
from tenshu.ground.ui.parts import Crumb
from tenshu.mechanisms.inquiry.actions import steps
from tenshu.mechanisms.inquiry.contents import contents
from tenshu.mechanisms.inquiry.models import Sheet
from tenshu.mechanisms.inquiry.queries import access_sheet, campaigns_for
from tenshu.mechanisms.inquiry.reading import Item, read_sheet
from tenshu.mechanisms.inquiry.ui.showing import said


def comment_field(label: str, *, required: bool = False) -> forms.CharField:
    """A comment that stands in the steps of the sheet."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="経過に残り、相手にも知らせます",
    )


class CommentForm(Form):
    """A word with the step, if wanted."""

    comment = comment_field("コメント")


class ReasonForm(Form):
    """The reason has to be told."""

    comment = comment_field("理由", required=True)


class DelegateForm(UnitForm):
    """To whom: a group or division, or one person by the staff number."""

    units_on: ClassVar[dict[str, str]] = {"unit": ""}
    unit = UnitField(label="グループ・所属", required=False)
    staff = forms.CharField(
        label="職員番号",
        max_length=20,
        required=False,
        help_text="一人に任せるときに入れます。所属と番号のどちらか一つです",
    )
    comment = comment_field("コメント")

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two."""
        values = super().clean()
        number = fold_width(values.get("staff", "")).strip()
        unit = values.get("unit")
        if self.errors:
            return values
        if bool(number) == isinstance(unit, Unit):
            raise ValidationError("グループ・所属か職員番号の、どちらか一つを入れてください。")
        if number:
            found = Staff.objects.filter(number=number, left_on=None).first()
            if found is None:
                self.add_error("staff", f"職員番号「{number}」の職員はいません。")
            values["to"] = found
        else:
            values["to"] = unit
        return values


class ReassignForm(UnitForm):
    """Which division answers from now on."""

    units_on: ClassVar[dict[str, str]] = {"unit": ""}
    unit = UnitField(label="新しい回答所属")
    comment = comment_field("理由", required=True)


class DueForm(Form):
    """Another due date."""

    due_on = DateField(label="新しい回答期限")
    comment = comment_field("理由", required=True)


class ReturnForm(Form):
    """What is to be mended, for the whole sheet and at single questions."""

    comment = comment_field("差し戻す理由")

    def __init__(self, *args: Any, items: list[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {f"q{item.question.pk}": item.question for item in items}
        said_now = {f"q{item.question.pk}": _said_now(item) for item in items}
        for name, question in self.questions.items():
            text = question.text.splitlines()[0]
            self.fields[name] = forms.CharField(
                label=f"{question.code} {text[:80]}",
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=said_now[name],
            )
        self.groups = (  # type: ignore[misc]
            ("この照会票について", ("comment",)),
            ("設問ごとの指摘（ある設問だけ）", tuple(self.questions)),
        )


def _said_now(item: Item) -> str:
    """The answer that the remark would be about, in short."""
    if item.rows:
        return f"いまの回答：{len(item.rows):,}行"
    text = said(item.question, item.value).replace("\n", " ")
    return f"いまの回答：{Truncator(text).chars(80)}" if text else "未回答"


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step: who may (``gate``), what is asked, what is done, what is told."""

    gate: str
    title: str
    label: str
    lead: str
    message: str
    act: Callable[[Sheet, dict[str, Any], User], Any]
    form: Callable[..., Form] = CommentForm


def _commented(action: Callable[..., Any]) -> Callable[[Sheet, dict[str, Any], User], Any]:
    return lambda sheet, values, user: action(sheet, values["comment"], acting_user=user)


PAGES: Mapping[str, StepPage] = {
    "submit": StepPage(
        "answer",
        "提出する",
        "提出する",
        "提出すると、差し戻されるか取り下げるまで回答を変えられません。",
        "提出しました。",
        _commented(steps.do_submit),
    ),
    "delegate": StepPage(
        "assign",
        "割り振る",
        "割り振る",
        "割り振った先が回答します。戻されるまで、ほかの人は回答を変えられません。",
        "割り振りました。",
        lambda sheet, values, user: steps.do_delegate(
            sheet, values["to"], values["comment"], acting_user=user
        ),
        DelegateForm,
    ),
    "hand-back": StepPage(
        "answer",
        "所属に戻す",
        "戻す",
        "割り振られた照会票を、回答所属に戻します。",
        "所属に戻しました。",
        _commented(steps.do_hand_back),
    ),
    "confirm": StepPage(
        "confirm",
        "所属長として確認する",
        "確認して提出する",
        "確認すると、事務局に提出されます。",
        "確認して、事務局に提出しました。",
        _commented(steps.do_confirm),
    ),
    "return": StepPage(
        "judge",
        "差し戻す",
        "差し戻す",
        "理由か、設問ごとの指摘を書いてください。回答する画面の、その設問に出ます。",
        "差し戻しました。",
        lambda sheet, values, user: steps.do_return(
            sheet, values["comment"], values["remarks"], acting_user=user
        ),
        ReturnForm,
    ),
    "accept": StepPage(
        "collect",
        "受理する",
        "受理する",
        "受理すると、回答が確定します。",
        "受理しました。",
        _commented(steps.do_accept),
    ),
    "reopen": StepPage(
        "collect",
        "受理を取り消す",
        "取り消す",
        "所属がまた回答できるようになります。",
        "受理を取り消しました。",
        _commented(steps.do_reopen),
        ReasonForm,
    ),
    "take-back": StepPage(
        "assign",
        "提出を取り下げる",
        "取り下げる",
        "所属長が確認する前なら、取り下げて直せます。",
        "取り下げました。",
        _commented(steps.do_take_back),
    ),
    "reassign": StepPage(
        "collect",
        "回答所属を変える",
        "変える",
        "これまでの回答はそのまま引き継がれます。",
        "回答所属を変えました。",
        lambda sheet, values, user: steps.do_reassign(
            sheet, values["unit"], values["comment"], acting_user=user
        ),
        ReassignForm,
    ),
    "withdraw": StepPage(
        "collect",
        "対象外にする",
        "対象外にする",
        "集計から外れます。これまでの回答は残ります。",
        "対象外にしました。",
        _commented(steps.do_withdraw),
        ReasonForm,
    ),
    "restore": StepPage(
        "collect",
        "対象に戻す",
        "対象に戻す",
        "所属がまた回答できるようになります。",
        "対象に戻しました。",
        lambda sheet, _, user: steps.do_restore(sheet, acting_user=user),
        Form,
    ),
    "due": StepPage(
        "collect",
        "期限を変える",
        "期限を変える",
        "いまの担当に知らせます。",
        "期限を変えました。",
        lambda sheet, values, user: steps.do_change_due(
            [sheet], values["due_on"], values["comment"], acting_user=user
        ),
        DueForm,
    ),
}


def page_of(sheet: Sheet) -> str:
    """The sheet's page."""
    return reverse("inquiry:sheet-detail", args=[sheet.pk])


def trail_of(sheet: Sheet, *, with_sheet: bool = True) -> list[Crumb]:
    """Where a page of the sheet stands."""
    trail = [
        Crumb("照会", reverse("inquiry:campaign-list")),
        Crumb(str(sheet.campaign), reverse("inquiry:campaign-detail", args=[sheet.campaign_id])),
    ]
    return [*trail, Crumb(sheet.subject_name, page_of(sheet))] if with_sheet else trail


def _after(name: str, sheet: Sheet, user: User) -> str:
    """Where the step leads. Who has handed a sheet back may not see it any more, nor perhaps its campaign."""
    if name != "hand-back":
        return page_of(sheet)
    if campaigns_for(user).filter(pk=sheet.campaign_id).exists():
        return reverse("inquiry:campaign-detail", args=[sheet.campaign_id])
    return reverse("home:tasks")


def step_view(name: str) -> Callable[..., HttpResponse]:
    """The view of one step."""
    page = PAGES[name]

    def view(request: HttpRequest, sheet_id: int) -> HttpResponse:
        user = signed_in(request)
        sheet = access_sheet(user, sheet_id, page.gate)
        data = request.POST if request.method == "POST" else None
        form = ReturnForm(data, items=read_sheet(sheet).items) if page.form is ReturnForm else page.form(data)

        def act(values: dict[str, Any]) -> Any:
            if isinstance(form, ReturnForm):
                values["remarks"] = {q: values[key] for key, q in form.questions.items()}
            return page.act(sheet, values, user)

        gaps = list(contents()[sheet.campaign.content].gaps(sheet)) if name == "submit" else []
        return answer_form(
            request,
            form,
            act,
            template="inquiry/sheet_step.html",
            context={
                "sheet": sheet,
                "title": page.title,
                "action_label": page.label,
                "lead": page.lead,
                "back_url": page_of(sheet),
                "trail": trail_of(sheet),
                "gaps": gaps,
                "answer_url": contents()[sheet.campaign.content].page(sheet) if gaps else "",
            },
            message=page.message,
            to=lambda _: _after(name, sheet, user),
        )

    view.__name__ = f"sheet_{name.replace('-', '_')}"
    view.__doc__ = f"The step {name} of a sheet."
    return view
