"""Forms of sessions."""

import datetime
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from tenshu.engines.japanese import fold_width
from tenshu.ground.office.models import Staff, Unit
from tenshu.ground.office.queries import Organisation
from tenshu.ground.office.ui.choosing import UnitField, UnitForm
from tenshu.ground.ui.forms import DateField, Form, HeadCountField
from tenshu.mechanisms.gathering.models import Form as GatheringForm
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind
from tenshu.mechanisms.gathering.times import parse_time


class TimeField(forms.CharField):
    """A time of day: 14:00, 14時, 午後2時半, full-width digits; empty is ``None``."""

    width = "s"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, required=False, **kwargs)

    def clean(self, value: Any) -> datetime.time | None:
        try:
            return parse_time(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class SessionForm(UnitForm):
    """What a session is, when and where."""

    units_on: ClassVar[dict[str, str]] = {"host": "held_on"}

    title = forms.CharField(label="件名", max_length=200)
    held_on = DateField(label="開催日")
    starts_at = TimeField(label="開始時刻", help_text="例：14:00")
    ends_at = TimeField(label="終了時刻", help_text="例：16:00")
    form = forms.ChoiceField(label="開催形式", choices=GatheringForm.choices)
    place = forms.CharField(label="場所", max_length=200, required=False)
    host = UnitField(label="開催所属")
    outline = forms.CharField(
        label="概要",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="年次報告の表に出ます",
    )

    def __init__(self, *args: Any, hosts: Callable[[Unit], bool] | None = None, **kwargs: Any) -> None:
        """``hosts`` says which units the person may enter as host; any when ``None``."""
        super().__init__(*args, **kwargs)
        self.hosts = hosts

    def clean(self) -> dict[str, Any]:
        """The end comes after the start, and the host is one's own."""
        values = super().clean()
        host = values.get("host")
        if isinstance(host, Unit) and self.hosts is not None and not self.hosts(host):
            self.add_error(
                "host",
                "登録できるのは自分の所属の会議です。ほかの所属の会議は、その所属か事務局が登録します。",
            )
        if values.get("ends_at") and not values.get("starts_at") and "starts_at" not in self.errors:
            self.add_error("starts_at", "終了時刻を入れるときは、開始時刻も入れてください。")
        if values.get("starts_at") and values.get("ends_at") and values["ends_at"] <= values["starts_at"]:
            self.add_error("ends_at", "終了時刻は開始時刻より後にしてください。")
        return values


class NewSessionForm(SessionForm):
    """A session that no room enters by itself."""

    kind = forms.ChoiceField(label="区分", choices=GatheringKind.choices)
    field_order = ("kind",)


class HoldForm(Form):
    """How many came."""

    head_count = HeadCountField(
        label="出席者数",
        required=False,
        help_text="人数と、実数・約・以上の別を入れます。分からなければ空欄にします",
    )


class MinutesForm(Form):
    """The minutes."""

    minutes = forms.CharField(label="議事録", required=False, widget=forms.Textarea(attrs={"rows": 16}))


class AgendaForm(Form):
    """The agenda, a line an item."""

    lines = forms.CharField(
        label="議題",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="1行に1つ。説明する人は「｜」の後に書きます。例：来年度の進め方｜行政DX企画課",
    )

    @staticmethod
    def text_of(gathering: Gathering) -> str:
        """The present agenda as text."""
        return "\n".join(
            f"{item.title}｜{item.presenter}" if item.presenter else item.title
            for item in gathering.agenda.all()
        )

    def clean_lines(self) -> list[tuple[str, str]]:
        """Titles and presenters in order."""
        found = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            title, _, presenter = line.replace("|", "｜").partition("｜")
            if not line.strip():
                continue
            if not title.strip() or len(title.strip()) > 300 or len(presenter.strip()) > 200:
                raise ValidationError(f"{number}行目の議題が空か、長すぎます。300字までで書いてください。")
            found.append((title.strip(), presenter.strip()))
        return found


def find_staff(number: str) -> Staff | None:
    """The member of staff with that number; raises ``ValidationError`` when there is none."""
    typed = fold_width(number).strip()
    if not typed:
        return None
    found = Staff.objects.filter(number=typed.split()[0]).first()
    if found is None:
        raise ValidationError(f"職員番号「{typed}」の職員はいません。番号を確かめてください。")
    return found


class AttendanceForm(UnitForm):
    """Somebody who is asked to come."""

    units_on: ClassVar[dict[str, str]] = {"unit": ""}

    def __init__(self, *args: Any, day: datetime.date, **kwargs: Any) -> None:
        """Units are those of ``day``, the day of the session."""
        super().__init__(*args, organisation=Organisation.on(day), **kwargs)

    staff = forms.CharField(label="職員番号", required=False, max_length=20)
    unit = UnitField(label="所属", required=False)
    guest = forms.CharField(label="外部の出席者", required=False, max_length=200)

    def clean_staff(self) -> Staff | None:
        """The member of staff."""
        return find_staff(self.cleaned_data["staff"])

    def clean(self) -> dict[str, Any]:
        """One of the three is needed."""
        values = super().clean()
        if not self.errors and not (values.get("staff") or values.get("unit") or values.get("guest")):
            self.add_error("staff", "職員番号、所属、外部の出席者のどれかを入れてください。")
        return values


class DecisionForm(Form):
    """What was decided."""

    text = forms.CharField(label="決定事項", widget=forms.Textarea(attrs={"rows": 3}))


class ActionForm(UnitForm):
    """What somebody has to do, by when."""

    units_on: ClassVar[dict[str, str]] = {"owner_unit": ""}

    text = forms.CharField(label="すること", widget=forms.Textarea(attrs={"rows": 3}))
    owner_unit = UnitField(label="担当所属")
    owner = forms.CharField(label="担当者の職員番号", required=False, max_length=20)
    due = DateField(label="期限", required=False)

    def clean_owner(self) -> Staff | None:
        """The member of staff."""
        return find_staff(self.cleaned_data["owner"])


class MaterialForm(Form):
    """A file."""

    file = forms.FileField(
        label="資料", help_text="PDF、Word、Excel、画像など。マクロの入ったものは受け取れません"
    )
