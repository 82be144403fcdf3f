"""The form of a new token."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings

from tenshu.ground.ui.forms import Form

if TYPE_CHECKING:
    from tenshu.ground.api.routes import Routes


def _routes() -> "list[Routes]":
    from tenshu.ground.api.assembly import (
        all_routes,  # late: the pages' URLs do without the API's own library
    )

    return all_routes()


def nouns() -> list[tuple[str, str]]:
    """What can be read: noun and title."""
    return [(routes.noun, routes.title) for routes in _routes() if routes.scoped]


def written_nouns() -> list[tuple[str, str]]:
    """What can be written."""
    return [(routes.noun, routes.title) for routes in _routes() if routes.writes]


def scope_words(scopes: list[str]) -> list[str]:
    """Scopes as people read them: システム台帳（読み書き）."""
    titles = dict(nouns())
    written = {scope.removesuffix(":write") for scope in scopes if scope.endswith(":write")}
    read = {scope.removesuffix(":read") for scope in scopes if scope.endswith(":read")} - written
    return [f"{titles.get(noun, noun)}（読み書き）" for noun in sorted(written)] + [
        titles.get(noun, noun) for noun in sorted(read)
    ]


class TokenForm(Form):
    """What a token is for, what it may do and for how long."""

    name = forms.CharField(label="名前", max_length=100, help_text="何に使うか。例：夜間の台帳の照合")
    days = forms.TypedChoiceField(label="期限", coerce=int)
    read = forms.MultipleChoiceField(
        label="読めるもの",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="要るものだけを選びます",
    )
    write = forms.MultipleChoiceField(
        label="書けるもの",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="書けるものは読めます",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = settings.API_TOKEN_DAYS
        spans = [days for days in (7, 30, 90, 180, 365) if days < longest] + [longest]
        days: Any = self.fields["days"]
        days.choices = [(span, f"{span}日") for span in spans]
        self.initial.setdefault("days", min(30, longest))
        for name, choices in (("read", nouns()), ("write", written_nouns())):
            field: Any = self.fields[name]
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """At least one scope; what may be written need not be named among what may be read."""
        values = super().clean() or self.cleaned_data
        write = [f"{noun}:write" for noun in values.get("write", [])]
        read = [f"{noun}:read" for noun in values.get("read", []) if noun not in values.get("write", [])]
        if not self.errors and not read + write:
            self.add_error("read", "読めるものか書けるものを、1つ以上選んでください。")
        values["scopes"] = read + write
        return values
