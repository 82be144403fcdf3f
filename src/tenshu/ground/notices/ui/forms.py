"""The form of one's preferences: a choice for each kind of notice."""

from typing import Any

from django import forms

from tenshu.ground.access.models import User
from tenshu.ground.notices.kinds import Timing, kinds
from tenshu.ground.notices.models import Preference
from tenshu.ground.ui.forms import Form


class PreferenceForm(Form):
    """One field a kind, named by its key."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = dict(Preference.objects.filter(person=person).values_list("kind", "timing"))
        for key, kind in kinds().items():
            note = "止められない通知です" if kind.required else ""
            hint = "。".join(filter(None, [kind.explanation, note]))
            choices = kind.choices
            timing = chosen.get(key, kind.timing)
            self.fields[key] = forms.ChoiceField(
                label=kind.label,
                help_text=hint,
                choices=[(choice.value, choice.label) for choice in choices],
                initial=timing if timing in choices else kind.timing,
                required=False,  # there is always one chosen: nothing to ask for
            )

    @property
    def timings(self) -> dict[str, Timing]:
        """What was chosen."""
        return {key: Timing(value) for key, value in self.cleaned_data.items() if value}
