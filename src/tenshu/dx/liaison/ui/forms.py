"""Forms of conferences."""

from django import forms

from tenshu.dx.liaison.models import Conference, Scope
from tenshu.ground.ui.forms import Form
from tenshu.mechanisms.gathering.ui.forms import SessionForm


class ConferenceForm(Form):
    """A series of conferences."""

    name = forms.CharField(label="会議体", max_length=200)
    scope = forms.ChoiceField(label="範囲", choices=Scope.choices)
    organiser = forms.CharField(label="主催", max_length=200, required=False)
    purpose = forms.CharField(label="目的", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ConferenceSessionForm(SessionForm):
    """One conference."""

    conference = forms.ModelChoiceField(
        label="会議体", queryset=Conference.objects.all(), empty_label="選んでください"
    )
    season = forms.CharField(label="時期", max_length=40, help_text="例：春、秋、前期、後期")
    field_order = ("conference", "season")


class ReportForm(Form):
    """What was brought home."""

    report_back = forms.CharField(label="復命", widget=forms.Textarea(attrs={"rows": 10}))
