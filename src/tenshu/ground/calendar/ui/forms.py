"""Forms of fiscal years and closures."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.models import OpenedYear
from tenshu.ground.ui.forms import DateField, Form


class YearForm(Form):
    """The fiscal year to open."""

    year = forms.CharField(
        label="年度", max_length=20, help_text="令和6年度、R6、2024 のどの書き方でも読みます"
    )

    def clean_year(self) -> FiscalYear:
        """A fiscal year that is not open yet."""
        try:
            year = FiscalYear.parse(self.cleaned_data["year"])
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if OpenedYear.objects.filter(year=year.year).exists():
            raise ValidationError(f"{year.label}は、もう開いてあります。別の年度を入れてください。")
        return year


class ClosureForm(Form):
    """Days on which the office is closed."""

    name = forms.CharField(label="名称", max_length=100, help_text="例：年末年始、庁舎の停電")
    first_day = DateField(label="最初の日")
    last_day = DateField(label="最後の日", required=False, help_text="1日だけのときは、空のままにします")
    every_year = forms.BooleanField(
        label="毎年同じ月日に閉庁する",
        required=False,
        help_text="毎年の閉庁日を登録すると、登録がないときの決まり（12月29日から1月3日まで）は使わなくなります",
    )

    def clean(self) -> dict[str, Any]:
        """One day when the last is left out; no span that ends before it begins."""
        values = super().clean() or self.cleaned_data
        first: datetime.date | None = values.get("first_day")
        last: datetime.date | None = values.get("last_day")
        if first and not last and "last_day" not in self.errors:
            values["last_day"] = first
        elif first and last and last < first:
            self.add_error("last_day", "最後の日は、最初の日以後の日にしてください。")
        return values
