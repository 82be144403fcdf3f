"""Forms of the yearly report."""

from django import forms

from tenshu.ground.ui.forms import Form


class PassageForm(Form):
    """The free text of a section."""

    text = forms.CharField(
        label="本文の補足",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="数値は書かずに、背景や工夫を書きます。数値は記録から自動で入ります。1行が1段落になります。",
    )


class ReissueForm(Form):
    """Why a corrected edition is issued."""

    reason = forms.CharField(
        label="訂正の理由",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="版の一覧と監査記録に残ります",
    )
