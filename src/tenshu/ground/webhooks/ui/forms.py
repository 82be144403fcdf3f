"""The form of an endpoint."""

from django import forms

from tenshu.ground.ui.forms import Form
from tenshu.ground.webhooks.events import events


class EndpointForm(Form):
    """Name, URL, events."""

    name = forms.CharField(label="名称", max_length=100, help_text="例：庁内ポータル")
    url = forms.CharField(
        label="URL",
        max_length=500,
        help_text="相手のシステムの担当者に聞きます。庁内のシステムへは、運用担当者が送り先として許してから送れます",
    )
    events = forms.MultipleChoiceField(
        label="知らせる出来事", widget=forms.CheckboxSelectMultiple, choices=lambda: list(events().items())
    )
