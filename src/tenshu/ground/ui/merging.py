"""Forms that two people may have open at once: they remember over what they were typed, and come back with both values."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tenshu.ground.merging import Merged

BASE = "base"


def remember(form: forms.BaseForm, base: Mapping[str, Any]) -> None:
    """Let ``form`` carry the plain values over which it is typed."""
    form.fields[BASE] = forms.JSONField(required=False, widget=forms.HiddenInput, initial=dict(base))


def base_of(values: dict[str, Any]) -> dict[str, Any]:
    """Take out of cleaned values over what was typed; nothing where the form did not tell."""
    base = values.pop(BASE, None)
    return base if isinstance(base, dict) else {}


def refuse_conflicts(
    form: forms.BaseForm, merged: Merged, *, stored: Mapping[str, str], labels: Mapping[str, str]
) -> None:
    """Raise ``ValidationError`` at each part that both sides changed, telling what is ``stored``; else do nothing.

    What was typed stays in the form. Sent once more, it is taken: whoever sends it has seen the other value.
    """
    if not merged.conflicts:
        return
    again = form.data.copy()  # type: ignore[attr-defined] # a QueryDict, as forms of pages have
    again[form.add_prefix(BASE)] = json.dumps(merged.next_base, ensure_ascii=False)
    form.data = again
    kept = kept_text(merged, labels) if merged.theirs else ""
    told = {}
    for part in sorted(merged.conflicts):
        text = f"ほかの人が「{stored.get(part) or '空欄'}」に変えていました。このまま保存すると、入力した内容になります。"
        told[part], kept = [text + kept], ""
    raise ValidationError(told)


def saved_text(merged: Merged, labels: Mapping[str, str]) -> str:
    """What to tell after saving, with what the other person changed meanwhile."""
    return f"保存しました。{kept_text(merged, labels)}" if merged.theirs else "保存しました。"


def kept_text(merged: Merged, labels: Mapping[str, str]) -> str:
    """That changes of the other person stay."""
    names = "、".join(label for part, label in labels.items() if part in merged.theirs)
    return f"ほかの人が変えた{names}は、そのまま残しています。"
