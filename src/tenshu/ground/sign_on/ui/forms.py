"""Forms of the way in and of one's own account."""

from typing import Any

from django import forms

from tenshu.ground.ui.forms import Form

MOST_CREDENTIAL = 50_000
UNREADABLE = "パスキーの応答が読めません。もう一度試してください。"


class CodeForm(Form):
    """Six digits of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label="確認の番号",
        max_length=20,
        help_text="認証アプリの6桁の数字、または回復コード",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class TotpForm(Form):
    """The first code of a new authenticator app."""

    code = forms.CharField(
        label="アプリに出た6桁の数字",
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SureForm(Form):
    """The password once more."""

    password = forms.CharField(
        label="パスワード",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CredentialField(forms.JSONField):
    """What a browser says of a passkey: short, and not nested deeper than anybody reads."""

    def to_python(self, value: Any) -> Any:
        """The value read; JSON nested too deeply is refused like any other that cannot be read."""
        if isinstance(value, str) and len(value) > MOST_CREDENTIAL:
            raise forms.ValidationError(UNREADABLE)
        try:
            return super().to_python(value)
        except RecursionError:
            raise forms.ValidationError(UNREADABLE) from None


class PasskeyForm(Form):
    """What the browser's passkey dialogue gave back; a script fills it in."""

    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> dict[str, Any]:
        """An object, as the browser gives it."""
        value = self.cleaned_data["credential"]
        if not isinstance(value, dict):
            raise forms.ValidationError(UNREADABLE)
        return value


class NewPasskeyForm(PasskeyForm):
    """A new passkey with a name of its own."""

    name = forms.CharField(
        label="パスキーの名前",
        max_length=60,
        help_text="どの端末や鍵か、後で分かる名前",
    )
