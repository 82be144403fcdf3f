"""Forms of sign-in, accounts and granted roles."""

import datetime
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.office.models import Staff
from tenshu.ground.ui.forms import DateField, Form

GRANTABLE = [Role.EXECUTIVE, Role.SECURITY, Role.SECRETARIAT, Role.AUDITOR]


class LoginForm(Form):
    """Sign-in name and password."""

    username = forms.CharField(
        label="利用者名",
        max_length=100,
        help_text="職員番号です",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="パスワード",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(Form):
    """The present password and the new one twice."""

    current = forms.CharField(
        label="いまのパスワード",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新しいパスワード",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="新しいパスワード（確認）",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = " ".join(password_validators_help_texts())

    def clean_current(self) -> str:
        """The present password must be right."""
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise ValidationError("いまのパスワードが違います。サインインに使ったものを入れてください。")
        return current

    def clean_new(self) -> str:
        """The new password must pass the rules and differ from the present one."""
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        if self.user.check_password(new):
            raise ValidationError("いまと同じパスワードです。別のものを入れてください。")
        return new

    def clean(self) -> dict[str, Any]:
        """Both new passwords must be the same."""
        values = super().clean() or self.cleaned_data
        if "new" in values and values.get("again") != values["new"]:
            self.add_error("again", "新しいパスワードと同じものを、もう一度入れてください。")
        return values


class AccountForm(Form):
    """A new account: for a member of staff by number, or for somebody from outside."""

    login_name = forms.CharField(
        label="利用者名", max_length=100, help_text="職員は職員番号、外部の人は英数字で決めた名前"
    )
    display_name = forms.CharField(
        label="表示名",
        max_length=200,
        required=False,
        help_text="職員番号のある人は、空のままで氏名が入ります",
    )

    def clean(self) -> dict[str, Any]:
        """Find the member of staff; outsiders need a name."""
        values = super().clean() or self.cleaned_data
        login = values.get("login_name", "").strip()
        staff = Staff.objects.filter(number=login).first()
        values["staff"] = staff
        if not values.get("display_name"):
            if staff is None:
                self.add_error(
                    "display_name", "この利用者名の職員はいません。外部の人の表示名を入れてください。"
                )
            else:
                values["display_name"] = staff.name
        if login and User.objects.filter(login_name=login).exists():
            self.add_error("login_name", f"「{login}」は既に使われています。別の利用者名にしてください。")
        return values


class GrantForm(Form):
    """A role for a span of days."""

    role = forms.ChoiceField(label="役割", choices=[(role.value, role.label) for role in GRANTABLE])
    valid_from = DateField(label="開始日")
    valid_until = DateField(label="終了日", required=False, help_text="外部監査人には必ず入れる")
    reason = forms.CharField(label="理由", max_length=300, help_text="監査記録に残ります")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"valid_from": timezone.localdate()})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """An auditor's grant ends, and no span ends before it begins."""
        values = super().clean() or self.cleaned_data
        until: datetime.date | None = values.get("valid_until")
        if values.get("role") == Role.AUDITOR and until is None and "valid_until" not in self.errors:
            self.add_error("valid_until", "外部監査人の役割には、終了日を入れてください。")
        if until and values.get("valid_from") and until < values["valid_from"]:
            self.add_error("valid_until", "終了日は開始日以後の日にしてください。")
        return values
