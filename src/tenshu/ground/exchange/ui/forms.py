"""The one form of the exchange: a file."""

from django import forms

from tenshu.ground.exchange.reading import LARGEST
from tenshu.ground.ui.forms import Form


class UploadForm(Form):
    """取り込むファイルを選ぶ."""

    file = forms.FileField(
        label="取り込むファイル",
        help_text=f"Excel（.xlsx）か CSV。{LARGEST // (1024 * 1024)}MBまで",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
